// The plan of one load balancer for many Ingresses: a fraction of the time of reading their YAML, and linear in the rules.
import { type Measures, race } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

const ROUNDS = 5;
/** Where no Go program measures the controller in the same run. */
const SHARE_OF_PARSING = 1 / 3;
const GROWTH_LIMIT = 1.1;

/** Rows for groups of 100 to 800 Ingresses with ten rules each. */
export function planRows(stage: Stage): Row[] {
  const measure = (rules: number) => () => JSON.parse(stage.node('programs/plan.js', String(rules))) as Measures;
  const { few, half, most } = race(ROUNDS, { few: measure(1000), half: measure(4000), most: measure(8000) });
  return [
    {
      name: 'plan, 1,000 rules: CPU time', ours: few.plan, base: few.parse, ratio: few.plan / few.parse, limit: SHARE_OF_PARSING, unit: 'ms',
      note: 'base: reading the YAML',
    },
    {
      name: 'plan, 4,000 to 8,000 rules: growth', ours: most.plan, base: 2 * half.plan, ratio: most.plan / (2 * half.plan), limit: GROWTH_LIMIT, unit: 'ms',
      note: 'CPU time; base: twice 4,000 rules',
    },
  ];
}
