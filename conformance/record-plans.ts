// Cases for the AWS Load Balancer Controller: an input, and the load balancers that the controller builds from it.
import { readCases, writeCases } from '../test/conformance/case-file';
import { recorded, type Verdict } from '../test/conformance/verdict';
import { answer } from './oracle';
import type { Added } from './record';
import { type Answered, type Recorded, updated } from './recorded';

type PlanCase = Omit<Verdict, 'result'> & Answered & { readonly note?: string; readonly result?: Verdict['result'] };

/** Answers the inputs of a file again. */
export function recordPlans(file: string): Recorded {
  const cases = readCases<PlanCase>(file);
  const answers = answer<PlanCase>('lbc-plan', cases.map(one => ({ ...one, result: undefined })));
  const [now, counts] = updated(cases, answers.map(one => (one.result === null ? undefined : one)), one => recorded(one as Verdict));
  writeCases(file, now);
  return counts;
}

/** Adds an input, or replaces the one of that name. */
export function addPlan(file: string, { name, topic, note, flags, yaml }: Added): void {
  const [added] = answer<PlanCase>('lbc-plan', [{ name, topic, input: yaml, note, controllerFlags: flags }]);
  writeCases(file, [...readCases<PlanCase>(file).filter(one => one.name !== name), added]);
}
