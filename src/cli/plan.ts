// `alb-istio plan`: shows the load balancers that the AWS Load Balancer Controller will build, or what an apply changes.
import { groupBy } from '../base/multimap';
import { renderPlanChangesJson } from '../output/plan-changes-json';
import { renderPlanChangesText } from '../output/plan-changes-text';
import { type PlanView, renderPlanJson } from '../output/plan-json';
import { renderPlanText } from '../output/plan-text';
import { type PlanChanges, planChanges } from '../plan/changes/plan-changes';
import { planOf } from '../plan/plan';
import { isRefusedByAws, quotaUses } from '../plan/quotas/quota-uses';
import type { PlanEvent } from '../plan/refusal';
import { settingsOf } from '../settings/config-files';
import type { Command, Options, Terminal } from './command';
import { requirePaths } from './paths';
import { type SideUnit, unitsOfSides } from './sides';
import { underHeadings } from './unit-headings';
import { readFilledUnits, settingsWith } from './units';

/** Exits with 1 when the controller would refuse something; with `--against` also when something changes, like diff(1). */
export const PLAN: Command = {
  formats: ['text', 'json'],
  options: ['against', 'complete', 'ignore', 'config'],
  run(paths, { format, against, ...options }, terminal) {
    requirePaths('plan', paths);
    if (against !== undefined) {
      const changes = changesOf(against, paths, options, terminal);
      terminal.out(format === 'json' ? renderPlanChangesJson(changes) : renderPlanChangesText(changes));
      const isChanged = [...changes.loadBalancers, ...changes.targetGroupBindings].some(({ change }) => change !== 'unchanged');
      return isChanged || hasRefusal(changes.events) ? 1 : 0;
    }
    const units = readFilledUnits(paths, options, terminal).map(({ folder, manifests, settings }): Unit => (
      { plan: planOf(manifests, settings), folder }));
    terminal.out(format === 'json' ? renderPlanJson(units) : toText(units));
    return units.some(({ plan }) => hasRefusal(plan.events) || quotaUses(plan).some(isRefusedByAws)) ? 1 : 0;
  },
};

/** What is applied together, and its folder. */
interface Unit extends PlanView {
  readonly folder: string;
}

/** Several units have a heading each; those without a load balancer are left out. */
function toText(units: readonly Unit[]): string {
  const shown = units.filter(({ plan }) => [plan.loadBalancers, plan.targetGroupBindings, plan.unmanaged, plan.events].some(({ length }) => length > 0));
  return shown.length === 0 ? renderPlanText(units[0]?.plan ?? planOf([]))
    : underHeadings(shown.map(({ plan, folder }) => ({ folder, text: renderPlanText(plan) })));
}

function hasRefusal(events: readonly PlanEvent[]): boolean {
  return events.some(({ severity }) => severity === 'refused');
}

/** The changes of all units: a unit that one side lacks has no load balancers there. */
function changesOf(against: string, paths: readonly string[], options: Pick<Options, 'complete' | 'config' | 'ignore'>, terminal: Terminal): PlanChanges {
  const sides = unitsOfSides([[against], paths], 'plan cannot read both --against and PATH from standard input', options, terminal);
  const [old, now] = sides.map(units => groupBy(units, ({ name }) => name));
  const plans = (units: readonly SideUnit[] = []) => planOf(units.flatMap(({ manifests }) => manifests), settingsWith(units, options));
  const changes = [...new Set([...now.keys(), ...old.keys()])].map(name => (
    planChanges(plans(old.get(name)), plans(now.get(name)), { controller: settingsOf(now.get(name) ?? []).controller })));
  return {
    loadBalancers: changes.flatMap(({ loadBalancers }) => loadBalancers),
    targetGroupBindings: changes.flatMap(({ targetGroupBindings }) => targetGroupBindings),
    events: changes.flatMap(({ events }) => events),
    quotas: changes.flatMap(({ quotas }) => quotas),
  };
}
