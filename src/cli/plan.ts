// `alb-istio plan`: shows the load balancers that the AWS Load Balancer Controller will build.
import { UsageError } from '../base/errors';
import { appliedTogether } from '../manifests/units';
import { renderPlanJson } from '../output/plan-json';
import { renderPlanText } from '../output/plan-text';
import { type Plan, planOf } from '../plan/plan';
import type { Command } from './command';
import { readManifestFiles } from './paths';

/** Exits with 1 when the controller would refuse something. */
export const PLAN: Command = {
  formats: ['text', 'json'],
  options: [],
  run(paths, { format }, terminal) {
    if (paths.length === 0) {
      throw new UsageError('plan needs a PATH: a file, a folder, a pipe, or - for standard input');
    }
    const plans = appliedTogether(readManifestFiles(paths, terminal)).map(unit => planOf(unit.flatMap(({ manifests }) => manifests)));
    const plan: Plan = {
      loadBalancers: plans.flatMap(({ loadBalancers }) => loadBalancers),
      targetGroupBindings: plans.flatMap(({ targetGroupBindings }) => targetGroupBindings),
      unmanaged: plans.flatMap(({ unmanaged }) => unmanaged),
      events: plans.flatMap(({ events }) => events),
    };
    terminal.out(format === 'json' ? renderPlanJson(plan) : renderPlanText(plan));
    return plan.events.some(({ severity }) => severity === 'refused') ? 1 : 0;
  },
};
