// `--min-coverage`: whether the requests reach as much as is demanded.
import { type Coverage, shareOf } from '../trace/route-tests/coverage';
import type { Terminal } from './command';

/** Whether enough is covered. If not, says so: rounded, the coverage may look like what is demanded. */
export function isCovered(coverage: Coverage, minimum: number, terminal: Terminal): boolean {
  const percent = 100 * shareOf(coverage);
  if (percent < minimum) {
    terminal.err(`alb-istio: coverage ${Math.floor(10 * percent) / 10} % is below --min-coverage ${minimum} %\n`);
  }
  return percent >= minimum;
}
