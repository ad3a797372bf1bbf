// `alb-istio explain`: describes a check.
import { UsageError } from '../base/errors';
import { ACKNOWLEDGEMENT_PREFIX } from '../checks/acknowledgement';
import type { Check } from '../checks/check';
import { SHELF } from '../checks/shelf';
import type { Command } from './command';

/** Always exits with 0. */
export const EXPLAIN: Command = {
  formats: [],
  options: [],
  run(ids, _, terminal) {
    const found = SHELF.find(({ id }) => id === ids[0]);
    if (ids.length !== 1 || found === undefined) {
      const problem = ids.length === 1 ? `there is no check "${ids[0]}"` : 'explain needs one CHECK-ID';
      throw new UsageError(`${problem}; checks: ${SHELF.map(({ id }) => id).join(', ')}`);
    }
    terminal.out(describe(found));
    return 0;
  },
};

function describe({ id, severity, title, why, fix, related, last }: Check): string {
  return [
    `${id} (${severity})`,
    `${title}.`,
    `Why: ${why}`,
    `Fix: ${fix}`,
    ...related.length > 0 ? [`Related: ${related.join(', ')}`] : [],
    ...last ? [] : [`To accept a finding, annotate the object with ${ACKNOWLEDGEMENT_PREFIX}${id}: <reason>`],
    '',
  ].join('\n');
}
