// A command of the package on an example, compared with starting Node.
import { settledMedian } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

const TIMES_NODE = 3;

/** The clock of the shell ticks every 10 ms, and `node -e 0` takes 50. */
const RUNS = 10;

/** @param name as the row shows it; the command gets the path of the example last */
export function commandRow(stage: Stage, name: string, command: string): Row {
  const ours = settledMedian(() => stage.cpuTime(`node lib/cli.js ${command} "${stage.project('dist', 'bookinfo')}"`, RUNS));
  const base = settledMedian(() => stage.cpuTime('node -e 0', RUNS));
  return { name: `alb-istio ${name}, dist/bookinfo`, ours, base, ratio: ours / base, limit: TIMES_NODE, unit: 'ms', note: 'CPU time; base: node -e 0' };
}
