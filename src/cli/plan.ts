// `alb-istio plan`: shows the load balancers that the AWS Load Balancer Controller will build, or what an apply changes.
import { groupBy } from '../base/multimap';
import { UsageError } from '../base/errors';
import type { NamedUnit } from '../diff/differences';
import { appliedTogether } from '../manifests/units';
import { renderPlanChangesJson } from '../output/plan-changes-json';
import { renderPlanChangesText } from '../output/plan-changes-text';
import { renderPlanJson } from '../output/plan-json';
import { renderPlanText } from '../output/plan-text';
import { type PlanChanges, planChanges } from '../plan/changes/plan-changes';
import { type Plan, planOf } from '../plan/plan';
import type { PlanEvent } from '../plan/refusal';
import type { Command, Terminal } from './command';
import { readManifestFiles } from './paths';
import { unitsOfSides } from './sides';

/** Exits with 1 when the controller would refuse something; with `--against` also when something changes, like diff(1). */
export const PLAN: Command = {
  formats: ['text', 'json'],
  options: ['against'],
  run(paths, { format, against }, terminal) {
    if (paths.length === 0) {
      throw new UsageError('plan needs a PATH: a file, a folder, a pipe, or - for standard input');
    }
    if (against !== undefined) {
      const changes = changesOf(against, paths, terminal);
      terminal.out(format === 'json' ? renderPlanChangesJson(changes) : renderPlanChangesText(changes));
      return hasRefusal(changes.events) || changes.loadBalancers.some(({ change }) => change !== 'unchanged') ? 1 : 0;
    }
    const plans = appliedTogether(readManifestFiles(paths, terminal)).map(unit => planOf(unit.flatMap(({ manifests }) => manifests)));
    const plan: Plan = {
      loadBalancers: plans.flatMap(({ loadBalancers }) => loadBalancers),
      targetGroupBindings: plans.flatMap(({ targetGroupBindings }) => targetGroupBindings),
      unmanaged: plans.flatMap(({ unmanaged }) => unmanaged),
      events: plans.flatMap(({ events }) => events),
    };
    terminal.out(format === 'json' ? renderPlanJson(plan) : renderPlanText(plan));
    return hasRefusal(plan.events) ? 1 : 0;
  },
};

function hasRefusal(events: readonly PlanEvent[]): boolean {
  return events.some(({ severity }) => severity === 'refused');
}

/** The changes of all units: a unit that one side lacks has no load balancers there. */
function changesOf(against: string, paths: readonly string[], terminal: Terminal): PlanChanges {
  const sides = unitsOfSides([[against], paths], 'plan cannot read both --against and PATH from standard input', terminal);
  const [old, now] = sides.map(units => groupBy(units, ({ name }) => name));
  const plans = (units: readonly NamedUnit[] = []) => planOf(units.flatMap(({ manifests }) => manifests));
  const changes = [...new Set([...now.keys(), ...old.keys()])].map(name => planChanges(plans(old.get(name)), plans(now.get(name))));
  return { loadBalancers: changes.flatMap(({ loadBalancers }) => loadBalancers), events: changes.flatMap(({ events }) => events) };
}
