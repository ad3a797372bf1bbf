// Compares what the model programs into gateways and sidecars for random configurations with what the real istiod generates from them.
//
//   tsx conformance/mesh.ts [--count 10000] [--seed N] [--show 3] [--only KIND] [--raw]
//
// --only shows the disagreements whose kind contains KIND, --raw does not shrink them.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { firstDifference } from './difference';
import { type Disagreement, chunks, report, yamlOf } from './disagreements';
import { meshInput } from './mesh-inputs';
import { answer } from './oracle';
import { writeRun } from './results';
import { Judge } from './versions';
import { type MeshDump, dumped, modelled } from '../test/conformance/mesh-dump';

const BATCH = 250;

interface Found extends Disagreement {
  readonly verdict: MeshDump;
}

/** Asks istiod about many configurations in one process. */
function judge(inputs: readonly (readonly object[])[]): MeshDump[] {
  return answer<MeshDump>('sim dump', inputs.map((objects, index) => ({ name: String(index), yaml: yamlOf(objects) })));
}

/** The first difference in each topic: what is refused, and the listeners, routes, clusters and policies of each proxy. */
function disagreementsOf(objects: readonly object[], verdict: MeshDump): Found[] {
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
function kindOf({ place, ours, theirs }: Found): string {
  if (place.startsWith('/refused')) {
    return `${place.replace(/\/\d+/, '')} ${String(ours ?? theirs).split(' ')[0]}`;
  }
  const [, , proxy, topic, ...rest] = place.split('/');
  const field = rest.filter(word => /^[a-z][A-Za-z]+$/.test(word)).join('/');
  return `${proxy === 'edge.gw' ? 'gateway' : 'sidecar'} ${topic} ${field} ${ours === undefined ? 'missing' : theirs === undefined ? 'extra' : 'differs'}`;
}

function main(): number {
  const text = (value: string) => ({ type: 'string', default: value } as const);
  const { values } = parseArgs({ options: { only: text(''), raw: { type: 'boolean', default: false }, count: text('10000'), seed: text(String(Date.now() % 1_000_000)), show: text('3') } });
  const [count, seed, show] = [values.count, values.seed, values.show].map(Number);
  const inputs = fc.sample(meshInput, { numRuns: count, seed });
  const found: Found[] = [];
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
  found.splice(0, found.length, ...found.filter(one => kindOf(one).includes(values.only)));
  report(found, {
    kindOf, attempts: 150, together: 30, details: ({ verdict }) => (verdict.rejected ?? []).join('\n'),
    judge: candidates => judge(candidates).map((verdict, index) => disagreementsOf(candidates[index], verdict)),
  }, { show, raw: values.raw });
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
