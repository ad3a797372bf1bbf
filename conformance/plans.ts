// Compares plans of random inputs with what the real AWS Load Balancer Controller builds from them.
//
//   tsx conformance/plans.ts [--count 10000] [--seed N] [--show 5]
import { isDeepStrictEqual, parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { firstDifference } from './difference';
import { answer } from './oracle';
import { type PlanInput, planInputs } from './plan-inputs';
import { writeRun } from './results';
import { smallest } from './smallest';
import { Judge } from './versions';
import { planned, recorded, type Verdict } from '../test/conformance/verdict';

const BATCH = 500;

/** Once: a controller that is not of one mind disagrees with the plan sooner or later, and is then judged several times. */
const REPEATS = 1;

/** What the controller answers; some answers differ from one attempt to the next. */
type Answer = Verdict & { readonly unstable?: readonly string[]; readonly error?: string };

/** Asks the controller about many inputs in one process. */
function judge(inputs: readonly PlanInput[], repeats = REPEATS, mayFail = false): Answer[] {
  const answers = answer<Answer>('lbc-plan', inputs.map((input, index) => ({ ...input, name: String(index), topic: 'random', repeats })));
  const failed = answers.find(({ error }) => error !== undefined);
  if (failed && !mayFail) {
    throw new Error(`The controller cannot judge this input: ${failed.error}\n${failed.controllerFlags}\n${failed.input}`);
  }
  return answers;
}

/** Whether the plan and the controller disagree. */
function disagrees(verdict: Answer): boolean {
  return verdict.error === undefined && !isDeepStrictEqual(planned(verdict), recorded(verdict));
}

/** What is counted. */
interface Tally {
  built: number;
  refused: number;
  webhooks: number;
  bindings: number;
}

function count(tally: Tally, { result: { groups = [], services = [], webhooks = [], targetGroupBindings = [] } }: Verdict): void {
  const judged = [...groups, ...services.filter(({ managed }) => managed)];
  tally.built += judged.filter(({ error }) => error === undefined).length;
  tally.refused += judged.filter(({ error }) => error !== undefined).length;
  tally.webhooks += webhooks.length + targetGroupBindings.filter(({ error }) => error !== undefined).length;
  tally.bindings += targetGroupBindings.length;
}

function main(): number {
  const text = (value: string) => ({ type: 'string', default: value } as const);
  const { values } = parseArgs({ options: { count: text('10000'), seed: text(String(Date.now() % 1_000_000)), show: text('5') } });
  const [total, seed, show] = [values.count, values.seed, values.show].map(Number);
  const inputs = fc.sample(planInputs, { numRuns: total, seed });
  const began = Date.now();
  let disagreements = 0;
  const kinds = new Set<string>();
  const tally: Tally = { built: 0, refused: 0, webhooks: 0, bindings: 0 };
  for (let start = 0; start < total; start += BATCH) {
    const batch = inputs.slice(start, start + BATCH);
    process.stderr.write(`\r${start} of ${total}`);
    judge(batch).forEach((verdict, index) => {
      count(tally, verdict);
      if (disagrees(verdict)) {
        disagreements++;
        const kind = kindOf(verdict);
        if (!kinds.has(kind) && kinds.size < show) {
          explain(smallest(batch[index], variants => judge(variants, 1, true).findIndex(disagrees)));
        }
        kinds.add(kind);
      }
    });
  }
  process.stderr.write('\n');
  const { built, refused, webhooks, bindings } = tally;
  console.log(`plans: ${total} inputs (seed ${seed}), ${built} load balancers built, ${refused} refused, ${webhooks} refusals by webhooks, `
    + `${bindings} TargetGroupBindings, ${disagreements} disagreements of ${kinds.size} kinds`);
  const counts = { inputs: total, 'load balancers built': built, 'load balancers refused': refused, 'refusals by webhooks and schemas': webhooks,
    disagreements };
  writeRun('plans', { judges: [Judge.CONTROLLER], began, seed, counts });
  return disagreements > 0 ? 1 : 0;
}

/** Where the answers differ, without names and numbers. */
function kindOf(verdict: Verdict): string {
  const errors = [...verdict.result.groups ?? [], ...verdict.result.services ?? []].map(({ error = '' }) => error.replace(/[^a-z ]/gi, '').slice(0, 30));
  return firstDifference(planned(verdict), recorded(verdict)).place.replace(/[a-z0-9-]*\/[a-z0-9:-]*\d[a-z0-9:-]*/g, '/') + errors.join('|');
}

/** Prints a disagreement: the input, the first difference, and what the controller says of each load balancer. */
function explain(input: PlanInput): void {
  const [verdict] = judge([input], 12);
  const { groups = [], services = [] } = verdict.result;
  const errors = [...groups, ...services].map(({ error }) => error ?? 'built').join(' | ');
  const { place, ours, theirs } = firstDifference(planned(verdict), recorded(verdict));
  const flags = [verdict.controllerFlags, verdict.noServiceMutator ? 'no mutating webhook for Services' : undefined].filter(Boolean).join(' ');
  console.log(`--- disagreement\n${flags === '' ? '' : `# ${flags}\n`}${verdict.input}\nplan and controller: ${place}: ${JSON.stringify(ours)} and ${JSON.stringify(theirs)}\ncontroller: ${errors}${
    verdict.unstable ? ', and its answers differ from one attempt to the next' : ''}\n`);
}

process.exitCode = main();
