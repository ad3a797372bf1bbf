// The checks over the manifests of many tenants: CPU time must grow linearly with their number.
import { type Measures, race } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

const SIZES = [1000, 2000, 4000] as const;
const GROWTH_LIMIT = 1.1;
const ROUNDS = 7;

/** Rows for 1,000 to 4,000 tenants in one input, with seven objects each and all Ingresses in one group. */
export function checkRows(stage: Stage): Row[] {
  const [few, half, most] = SIZES;
  const best = race(ROUNDS, { few: () => measure(stage, few), half: () => measure(stage, half), most: () => measure(stage, most) });
  return [
    growth(half, best.half, few, best.few),
    { ...growth(most, best.most, half, best.half), limit: GROWTH_LIMIT },
  ];
}

function measure(stage: Stage, tenants: number): Measures {
  // A large young generation, so that garbage collection depends less on when it starts.
  return JSON.parse(stage.node('--max-semi-space-size=64', 'programs/tenants.js', String(tenants))) as Measures;
}

function growth(tenants: number, ours: Measures, fewer: number, base: Measures): Row {
  return {
    name: `check, ${fewer.toLocaleString('en')} to ${tenants.toLocaleString('en')} tenants: growth`,
    ours: ours.milliseconds,
    base: 2 * base.milliseconds,
    ratio: ours.milliseconds / (2 * base.milliseconds),
    unit: 'ms',
    note: `CPU time; base: twice ${fewer.toLocaleString('en')} tenants`,
  };
}
