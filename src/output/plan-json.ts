// Planned load balancers as JSON for programs. docs/json.md describes the format.
import { objectNameOf } from '../manifests/manifest';
import type { From, LoadBalancer } from '../plan/load-balancer';
import { isRefused, type Plan } from '../plan/plan';
import { type QuotaUse, quotaUses } from '../plan/quotas/quota-uses';
import type { PlanEvent } from '../plan/refusal';
import { documentOf, placeOf } from './json';

/**
 * The plan as JSON, with a line break at the end.
 *
 * @param uses the uses of quotas; for plans of several clusters those of each plan, because quotas of a Region do not add up
 */
export function renderPlanJson(plan: Plan, uses: readonly QuotaUse[] = quotaUses(plan)): string {
  const { loadBalancers, targetGroupBindings, unmanaged, events } = plan;
  const shown = loadBalancers.map(one => (isRefused(one)
    ? { autoMode: one.autoMode, group: one.group, members: one.members.map(objectNameOf), refused: eventOf(one.refused) } : loadBalancerOf(one)));
  const bindings = targetGroupBindings.map(({ manifest, spec, refused, unknown }) => ({
    object: objectNameOf(manifest), origin: manifest.origin, ...refused ? { refused: eventOf(refused) } : { spec }, unknown,
  }));
  const others = unmanaged.map(({ manifest, ...own }) => ({ object: objectNameOf(manifest), origin: manifest.origin, ...own }));
  return documentOf({
    loadBalancers: shown, targetGroupBindings: bindings, unmanaged: others, events: events.map(eventOf), quotas: uses.map(quotaOf),
  });
}

/** A load balancer, with the names of its members, and the places of its rules and target groups. */
export function loadBalancerOf({ members, listeners, targetGroups, ...balancer }: LoadBalancer): object {
  return {
    ...balancer,
    members: members.map(objectNameOf),
    listeners: listeners.map(({ rules, ...listener }) => ({ ...listener, rules: rules.map(withOrigin) })),
    targetGroups: targetGroups.map(withOrigin),
  };
}

/** A rule or target group, with its place. */
export function withOrigin<T extends { readonly from: From }>({ from, ...rest }: T): object {
  return { ...rest, from: placeOf(from) };
}

/** An event, with its place. */
export function eventOf({ severity, reason, reach, webhook, manifest, pointer }: PlanEvent): object {
  return { severity, reason, reach, webhook, ...placeOf({ manifest, pointer }) };
}

/** A use of a quota, with its place. */
export function quotaOf({ quota, used, level, loadBalancer, listener, rule }: QuotaUse): object {
  return {
    ...quota, used, level,
    loadBalancer: loadBalancer && { type: loadBalancer.type, group: loadBalancer.group, name: loadBalancer.name },
    port: listener?.port, priority: rule?.priority, from: rule && placeOf(rule.from),
  };
}
