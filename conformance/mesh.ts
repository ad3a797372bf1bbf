// Compares what the model programs into gateways and sidecars for random configurations with what the real istiod generates from them.
//
//   tsx conformance/mesh.ts [--count 10000] [--seed N] [--show 3] [--only KIND] [--raw]
//
// --only shows the disagreements whose kind contains KIND, --raw does not shrink them.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { dump } from 'js-yaml';
import { type Difference, firstDifference } from './difference';
import { meshInput } from './mesh-inputs';
import { answer } from './oracle';
import { writeRun } from './results';
import { smaller } from './shrinking';
import { Judge } from './versions';
import { addTo } from '../src/base/multimap';
import { type MeshDump, dumped, modelled } from '../test/conformance/mesh-dump';

const BATCH = 250;

interface Disagreement extends Difference {
  readonly objects: readonly object[];
  readonly verdict: MeshDump;
}

const yamlOf = (objects: readonly object[]) => objects.map(object => dump(object, { noRefs: true, lineWidth: 160 })).join('---\n');

/** Asks istiod about many configurations in one process. */
function judge(inputs: readonly (readonly object[])[]): MeshDump[] {
  return answer<MeshDump>('sim dump', inputs.map((objects, index) => ({ name: String(index), yaml: yamlOf(objects) })));
}

/** The first difference in each topic: what is refused, and the listeners, routes, clusters and policies of each proxy. */
function disagreementsOf(objects: readonly object[], verdict: MeshDump): Disagreement[] {
  if (verdict.error !== undefined) {
    return [{ objects, verdict, place: '/error', ours: undefined, theirs: verdict.error }];
  }
  if (verdict.panic !== undefined) {
    return [];
  }
  const [ours, theirs] = [topicsOf(modelled(yamlOf(objects), verdict)), topicsOf(dumped(verdict))];
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter(topic => !isDeepStrictEqual(ours.get(topic), theirs.get(topic)))
    .map(topic => ({ objects, verdict, ...firstDifference(ours.get(topic), theirs.get(topic), topic) }));
}

function topicsOf(answer: unknown): Map<string, unknown> {
  const { refused, proxies } = answer as { readonly refused: object; readonly proxies: Readonly<Record<string, object | undefined>> };
  return new Map<string, unknown>([['/refused', refused], ...Object.entries(proxies).flatMap(([name, proxy = {}]) => (
    Object.entries(proxy).map(([topic, value]): [string, unknown] => [`/proxies/${name.replace('/', '.')}/${topic}`, value])))]);
}

/** Places of one kind: numbers, and the names of proxies, tables, listeners and clusters do not matter. */
function kindOf({ place, ours, theirs }: Disagreement): string {
  if (place.startsWith('/refused')) {
    return `${place.replace(/\/\d+/, '')} ${String(ours ?? theirs).split(' ')[0]}`;
  }
  const [, , proxy, topic, ...rest] = place.split('/');
  const field = rest.filter(word => /^[a-z][A-Za-z]+$/.test(word)).join('/');
  return `${proxy === 'edge.gw' ? 'gateway' : 'sidecar'} ${topic} ${field} ${ours === undefined ? 'missing' : theirs === undefined ? 'extra' : 'differs'}`;
}

/** What gives an object its identity, and what the API server demands of a Service. */
const NEEDED = /\/(apiVersion|kind|metadata|name|namespace|spec|spec\/ports\/\d+\/port)$/;

/** Leaves out as much as keeps the kind of the disagreement. */
function shrunk(found: Disagreement): Disagreement {
  for (let best = found; ;) {
    const candidates = smaller(best.objects, part => NEEDED.test(part)).slice(0, 150);
    const next = chunks(candidates, 30).reduce<Disagreement | undefined>((known, part) => known ?? judge(part)
      .flatMap((verdict, index) => disagreementsOf(part[index], verdict)).find(one => kindOf(one) === kindOf(found)), undefined);
    if (next === undefined) {
      return best;
    }
    best = next;
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

function main(): number {
  const text = (value: string) => ({ type: 'string', default: value } as const);
  const { values } = parseArgs({ options: { only: text(''), raw: { type: 'boolean', default: false }, count: text('10000'), seed: text(String(Date.now() % 1_000_000)), show: text('3') } });
  const only = values.only;
  const [count, seed, show] = [values.count, values.seed, values.show].map(Number);
  const inputs = fc.sample(meshInput, { numRuns: count, seed });
  const found: Disagreement[] = [];
  const began = Date.now();
  const seen = { gateways: 0, sidecars: 0, refused: 0, crashes: 0 };
  for (const batch of chunks(inputs, BATCH)) {
    judge(batch).forEach((verdict, index) => {
      seen.gateways += verdict.proxies.filter(({ kind }) => kind === 'router').length;
      seen.sidecars += verdict.proxies.filter(({ kind }) => kind === 'sidecar').length;
      seen.crashes += Number(verdict.panic !== undefined);
      seen.refused += verdict.rejected?.length ?? 0;
      found.push(...disagreementsOf(batch[index], verdict));
    });
  }
  found.splice(0, found.length, ...found.filter(one => kindOf(one).includes(only)));
  const kinds = new Map<string, Disagreement[]>();
  found.forEach(one => addTo(kinds, kindOf(one), one));
  [...kinds].sort(([, a], [, b]) => b.length - a.length).slice(0, show).forEach(([kind, list]) => {
    const first = list.reduce((best, one) => (JSON.stringify(one.objects).length < JSON.stringify(best.objects).length ? one : best));
    const least = values.raw ? first : shrunk(first);
    console.log(`--- ${list.length} × ${kind}\n${yamlOf(least.objects)}\n${least.place}\nmodel:  ${JSON.stringify(least.ours)}\nistiod: ${JSON.stringify(least.theirs)}\n${(least.verdict.rejected ?? []).join('\n')}\n`);
  });
  [...kinds].forEach(([kind, list]) => console.log(`${list.length} × ${kind}`));
  const disagreeing = new Set(found.map(({ verdict }) => verdict)).size;
  console.log(`mesh: ${count} configurations (seed ${seed}): ${seen.gateways} gateways, ${seen.sidecars} sidecars, ${seen.refused} refused objects, ${seen.crashes} crashes of istiod, ${disagreeing} disagree`);
  writeRun('mesh', {
    judges: [Judge.ISTIO], began, seed,
    counts: {
      'configurations': count, 'gateways compared': seen.gateways, 'sidecars compared': seen.sidecars, 'objects refused by the webhook': seen.refused,
      'disagreements': disagreeing,
    },
  });
  return found.length > 0 ? 1 : 0;
}

process.exitCode = main();
