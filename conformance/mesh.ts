// Compares what the model programs into gateways and sidecars for random configurations with what the real istiod generates from them.
//
//	tsx conformance/mesh.ts [--count 10000] [--seed N] [--show 3]
import { isDeepStrictEqual, parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { dump } from 'js-yaml';
import { meshInput } from './mesh-inputs';
import { answer } from './oracle';
import { writeRun } from './results';
import { smaller } from './shrinking';
import { Judge } from './versions';
import { addTo } from '../src/base/multimap';
import { type MeshDump, dumped, modelled } from '../test/conformance/mesh-dump';

const BATCH = 250;

interface Disagreement {
  readonly objects: readonly object[];
  readonly verdict: MeshDump;
  readonly place: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

const yamlOf = (objects: readonly object[]) => objects.map(object => dump(object, { noRefs: true, lineWidth: 160 })).join('---\n');

/** Asks istiod about many configurations in one process. */
function judge(inputs: readonly (readonly object[])[]): MeshDump[] {
  return answer<MeshDump>('sim dump', inputs.map((objects, index) => ({ name: String(index), yaml: yamlOf(objects) })));
}

function disagreementOf(objects: readonly object[], verdict: MeshDump): Disagreement | undefined {
  if (verdict.error !== undefined) {
    return { objects, verdict, place: '/error', ours: undefined, theirs: verdict.error };
  }
  if (verdict.panic !== undefined) {
    return undefined;
  }
  const [ours, theirs] = [modelled(yamlOf(objects), verdict), dumped(verdict)];
  return isDeepStrictEqual(ours, theirs) ? undefined : { objects, verdict, ...firstDifference(ours, theirs) };
}

/** The first place where two JSON values differ, and both values there. */
function firstDifference(ours: unknown, theirs: unknown, place = ''): { place: string; ours: unknown; theirs: unknown } {
  const isContainer = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!isContainer(ours) || !isContainer(theirs)) {
    return { place, ours, theirs };
  }
  const key = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort().find(one => !isDeepStrictEqual(ours[one], theirs[one]))!;
  return firstDifference(ours[key], theirs[key], `${place}/${key}`);
}

/** Places of one kind: numbers and names of objects do not matter. */
function kindOf({ place, ours, theirs }: Disagreement): string {
  if (place.startsWith('/refused')) {
    return `${place.replace(/\/\d+/, '')} ${String(ours ?? theirs).split(' ')[0]}`;
  }
  const key = place.replace(/^\/proxies\/[^/]+\/[^/]+(?=\/[a-z]+)/, '/proxies').replace(/\/\d+/g, '/#').replace(/\/(clusters|routes|listeners)\/((?!\/(?:virtualHosts|filterChains)).)*/, '/$1');
  return `${key} ${ours === undefined ? 'missing' : theirs === undefined ? 'extra' : 'differs'}`;
}

/** Leaves out as much as keeps the kind of the disagreement. */
function shrunk(found: Disagreement): Disagreement {
  for (let best = found; ;) {
    const candidates = smaller(best.objects).slice(0, 400);
    const next = chunks(candidates, 60).reduce<Disagreement | undefined>((known, part) => known ?? judge(part)
      .map((verdict, index) => disagreementOf(part[index], verdict)).find(one => one !== undefined && kindOf(one) === kindOf(found)), undefined);
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
  const { values } = parseArgs({ options: { only: text(''), count: text('10000'), seed: text(String(Date.now() % 1_000_000)), show: text('3') } });
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
      found.push(...[disagreementOf(batch[index], verdict)].filter(one => one !== undefined));
    });
  }
  found.splice(0, found.length, ...found.filter(one => kindOf(one).includes(only)));
  const kinds = new Map<string, Disagreement[]>();
  found.forEach(one => addTo(kinds, kindOf(one), one));
  [...kinds].sort(([, a], [, b]) => b.length - a.length).slice(0, show).forEach(([kind, list]) => {
    const least = shrunk(list.reduce((best, one) => (JSON.stringify(one.objects).length < JSON.stringify(best.objects).length ? one : best)));
    console.log(`--- ${list.length} × ${kind}\n${yamlOf(least.objects)}\n${least.place}\nmodel:  ${JSON.stringify(least.ours)}\nistiod: ${JSON.stringify(least.theirs)}\n`);
  });
  [...kinds].forEach(([kind, list]) => console.log(`${list.length} × ${kind}`));
  console.log(`mesh: ${count} configurations (seed ${seed}): ${seen.gateways} gateways, ${seen.sidecars} sidecars, ${seen.refused} refused objects, ${seen.crashes} crashes of istiod, ${found.length} disagreements`);
  writeRun('mesh', {
    judges: [Judge.ISTIO], began, seed,
    counts: {
      'configurations': count, 'gateways compared': seen.gateways, 'sidecars compared': seen.sidecars, 'objects refused by the webhook': seen.refused,
      'disagreements': found.length,
    },
  });
  return found.length > 0 ? 1 : 0;
}

process.exitCode = main();
