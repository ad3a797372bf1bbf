// The plan of one load balancer for many Ingresses: no slower than the controller's own builder, and linear in the rules.
import { hasOracle } from '../conformance/oracle';
import { buildTime } from './controller';
import { type Measures, race } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

const ROUNDS = 5;
const CONTROLLER_LIMIT = 1;
/** Where no Go program measures the controller in the same run. */
const SHARE_OF_PARSING = 1 / 3;
const GROWTH_LIMIT = 1.1;
/** Unrelated objects cost a look at their kind: 2 ms for 10,000. */
const UNRELATED_LIMIT = 1.5;
const UNRELATED = 10_000;

/** Rows for groups of 100 to 800 Ingresses with ten rules each, the same as those of `lbc-plan -bench`. */
export function planRows(stage: Stage): Row[] {
  const measure = (rules: number, unrelated = 0) => () => JSON.parse(stage.node('programs/plan.js', String(rules), String(unrelated))) as Measures;
  const { few, half, most, beside, controller } = race(ROUNDS, {
    few: measure(1000), half: measure(4000), most: measure(8000), beside: measure(1000, UNRELATED),
    controller: hasOracle('lbc-plan') ? () => buildTime(100) : () => ({}),
  });
  const built = controller.build as number | undefined;
  const isMeasured = built !== undefined;
  return [
    ...isMeasured ? [{
      name: 'plan, 1,000 rules: CPU time', ours: few.plan, base: built, ratio: few.plan / built, limit: CONTROLLER_LIMIT, unit: 'ms' as const,
      note: 'base: the builder of the controller, in Go',
    }] : [],
    {
      name: 'plan, 1,000 rules: CPU time', ours: few.plan, base: few.parse, ratio: few.plan / few.parse, limit: isMeasured ? undefined : SHARE_OF_PARSING,
      unit: 'ms', note: 'base: reading the YAML',
    },
    {
      name: 'plan, 4,000 to 8,000 rules: growth', ours: most.plan, base: 2 * half.plan, ratio: most.plan / (2 * half.plan), limit: GROWTH_LIMIT, unit: 'ms',
      note: 'CPU time; base: twice 4,000 rules',
    },
    {
      name: 'plan, beside 10,000 other objects', ours: beside.plan, base: few.plan, ratio: beside.plan / few.plan, limit: UNRELATED_LIMIT, unit: 'ms',
      note: 'CPU time; base: without them',
    },
  ];
}
