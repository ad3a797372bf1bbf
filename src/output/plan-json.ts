// Planned load balancers as JSON for programs. docs/json.md describes the format.
import { objectNameOf } from '../manifests/manifest';
import type { From, LoadBalancer } from '../plan/load-balancer';
import { isRefused, type Plan } from '../plan/plan';
import { type QuotaUse, quotaUses } from '../plan/quotas/quota-uses';
import type { PlanEvent } from '../plan/refusal';
import { documentOf, placeOf } from './json';

/** The plan of what is applied together. */
export interface PlanView {
  readonly plan: Plan;
  /** The folder of the manifests, which tells plans apart. @default - absent from the JSON */
  readonly folder?: string;
}

/** The plans as one JSON object, with a line break at the end. Quotas of a Region are counted for each plan. */
export function renderPlanJson(plans: Plan | readonly (Plan | PlanView)[]): string {
  const views = ('loadBalancers' in plans ? [plans] : plans).map((one): PlanView => ('plan' in one ? one : { plan: one }));
  const all = (entriesOf: (plan: Plan) => readonly object[]) => views.flatMap(({ plan, folder }) => entriesOf(plan).map(entry => ({ folder, ...entry })));
  return documentOf({
    loadBalancers: all(({ loadBalancers }) => loadBalancers.map(one => (isRefused(one)
      ? { autoMode: one.autoMode, group: one.group, members: one.members.map(objectNameOf), refused: eventOf(one.refused) } : loadBalancerOf(one)))),
    targetGroupBindings: all(({ targetGroupBindings }) => targetGroupBindings.map(({ manifest, spec, refused, unknown }) => ({
      object: objectNameOf(manifest), origin: manifest.origin, ...refused ? { refused: eventOf(refused) } : { spec }, unknown,
    }))),
    unmanaged: all(({ unmanaged }) => unmanaged.map(({ manifest, ...own }) => ({ object: objectNameOf(manifest), origin: manifest.origin, ...own }))),
    events: all(({ events }) => events.map(eventOf)),
    quotas: all(plan => quotaUses(plan).map(quotaOf)),
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
