// Compares plans of random inputs with what the real AWS Load Balancer Controller builds from them.
//
//   tsx conformance/plans.ts [--count 10000] [--seed N]
import { isDeepStrictEqual, parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { ingressInput } from './ingresses';
import { answer } from './oracle';
import { writeRun } from './results';
import { serviceInput } from './services';
import { Judge } from './versions';
import { planned, recorded, type Verdict } from '../test/conformance/verdict';

const BATCH = 500;

/** Asks the controller about many inputs in one process. */
function judge(inputs: readonly string[]): Verdict[] {
  return answer<Verdict>('lbc-plan', inputs.map((input, index) => ({ name: String(index), topic: 'random', input })));
}

/** Whether the plan and the controller disagree. */
function disagrees(verdict: Verdict): boolean {
  return !isDeepStrictEqual(planned(verdict), recorded(verdict));
}

function main(): number {
  const text = (value: string) => ({ type: 'string', default: value } as const);
  const { values } = parseArgs({ options: { count: text('10000'), seed: text(String(Date.now() % 1_000_000)), show: text('5') } });
  const [count, seed, show] = [values.count, values.seed, values.show].map(Number);
  const inputs = fc.sample(fc.oneof({ weight: 4, arbitrary: ingressInput }, { weight: 1, arbitrary: serviceInput }), { numRuns: count, seed });
  const began = Date.now();
  const found: Verdict[] = [];
  let built = 0;
  for (let start = 0; start < count; start += BATCH) {
    const verdicts = judge(inputs.slice(start, start + BATCH));
    const judged = verdicts.flatMap(({ result: { groups = [], services = [] } }) => [...groups, ...services.filter(({ managed }) => managed)]);
    built += judged.filter(({ error }) => error === undefined).length;
    found.push(...verdicts.filter(disagrees));
  }
  for (const verdict of found.slice(0, show)) {
    const { groups = [], services = [] } = verdict.result;
    const errors = [...groups, ...services].map(({ error }) => error ?? 'built').join(' | ');
    const difference = firstDifference(planned(verdict), recorded(verdict));
    console.log(`--- disagreement\n${verdict.input}\nplan and controller: ${difference}\ncontroller: ${errors}\n`);
  }
  console.log(`plans: ${count} inputs (seed ${seed}), ${built} load balancers built, ${found.length} disagreements`);
  writeRun('plans', { judges: [Judge.CONTROLLER], began, seed, counts: { inputs: count, 'load balancers built': built, disagreements: found.length } });
  return found.length > 0 ? 1 : 0;
}

/** The first place where two JSON values differ, and both values there. */
function firstDifference(ours: unknown, theirs: unknown, place = ''): string {
  const isContainer = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!isContainer(ours) || !isContainer(theirs)) {
    return `${place}: ${JSON.stringify(ours)} and ${JSON.stringify(theirs)}`;
  }
  const key = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].find(one => !isDeepStrictEqual(ours[one], theirs[one]))!;
  return firstDifference(ours[key], theirs[key], `${place}/${key}`);
}

process.exitCode = main();
