// `alb-istio explain`: lists the checks, or describes one.
import { UsageError } from '../base/errors';
import { ACKNOWLEDGEMENT_PREFIX } from '../checks/acknowledgement';
import type { Check } from '../checks/check';
import { SHELF } from '../checks/shelf';
import { CONFIG_FILE } from '../settings/config';
import { checkNamed } from './check-selection';
import type { Command } from './command';

/** Always exits with 0. */
export const EXPLAIN: Command = {
  formats: [],
  options: [],
  run(ids, _, terminal) {
    if (ids.length > 1) {
      throw new UsageError(`explain needs one CHECK-ID, or none for a list; got ${ids.join(', ')}`);
    }
    terminal.out(ids.length === 0 ? list() : describe(checkNamed(ids[0])));
    return 0;
  },
};

function list(): string {
  const width = Math.max(...SHELF.map(({ id }) => id.length));
  return `${SHELF.map(({ id, severity, title }) => `${id.padEnd(width)}  ${severity.padEnd('warning'.length)}  ${title}`).join('\n')}

alb-istio explain CHECK-ID says why a fault matters and how to fix it.
`;
}

function describe({ id, severity, title, why, fix, related, needsComplete, last }: Check): string {
  return [
    `${id} (${severity})`,
    `${title}.`,
    `Why: ${why}`,
    `Fix: ${fix}`,
    ...needsComplete ? ['Only with --complete, or complete: true in alb-istio.yaml'] : [],
    ...related.length > 0 ? [`Related: ${related.join(', ')}`] : [],
    ...last ? [] : [`To accept a finding, annotate the object with ${ACKNOWLEDGEMENT_PREFIX}${id}: <reason>, or add it to acknowledgements in ${CONFIG_FILE}`],
    '',
  ].join('\n');
}
