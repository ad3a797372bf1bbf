// What an apply changes in AWS: two plans compared, as the controller compares its plan with what AWS has.
import { groupBy } from '../../base/multimap';
import { kindOf, Kind } from '../../manifests/kind';
import { type ControllerOptions, type ControllerSettings, controllerSettings } from '../controller-options';
import type { LoadBalancer } from '../load-balancer';
import { isBuilt, isRefused, type Plan, type RefusedLoadBalancer } from '../plan';
import { type QuotaUse, quotaUses } from '../quotas/quota-uses';
import type { PlanEvent } from '../refusal';
import { bindingChanges, type TargetGroupBindingChange } from './binding-changes';
import { compareLoadBalancers, type LoadBalancerChange } from './load-balancer-changes';

/** What an apply changes. */
export interface PlanChanges {
  /** All load balancers of both plans, in the order of the new one; groups that it lacks are at the end. */
  readonly loadBalancers: readonly LoadBalancerChange[];
  /** All TargetGroupBindings that are objects of their own. */
  readonly targetGroupBindings: readonly TargetGroupBindingChange[];
  /** What the controller refuses and ignores of the new objects. */
  readonly events: readonly PlanEvent[];
  /** The quotas of AWS that the new plan is near or over. */
  readonly quotas: readonly QuotaUse[];
}

/** Options of {@link planChanges}. */
export interface PlanChangesOptions {
  /** Flags of the controller: some feature gates decide what it replaces. @default - those of the release */
  readonly controller?: ControllerOptions;
}

type Planned = LoadBalancer | RefusedLoadBalancer;

/**
 * Compares two plans.
 *
 * @param before the plan of what is deployed
 * @param after the plan of what is to be deployed
 */
export function planChanges(before: Plan, after: Plan, { controller }: PlanChangesOptions = {}): PlanChanges {
  const options = controllerSettings(controller);
  const [old, now] = [before, after].map(({ loadBalancers }) => groupBy(loadBalancers, stackOf));
  const stacks = [...new Set([...now.keys(), ...old.keys()])];
  return {
    loadBalancers: stacks.flatMap(stack => changesOfStack(old.get(stack) ?? [], now.get(stack) ?? [], options)),
    targetGroupBindings: bindingChanges(before.targetGroupBindings, after.targetGroupBindings),
    events: after.events,
    quotas: quotaUses(after).filter(({ level }) => level !== 'ok'),
  };
}

/**
 * What the controller finds its resources by: the tags of the stack, which are those of Ingresses or of Services (3.5.0
 * pkg/deploy/tracking/provider.go:110). EKS Auto Mode cannot take over load balancers of the open-source controller. Within a stack, there is one
 * load balancer of each type.
 */
function stackOf({ members: [first], group, autoMode }: Planned): string {
  const kind = first !== undefined && kindOf(first) === Kind.SERVICE ? 'service' : 'ingress';
  return `${autoMode ? 'auto mode ' : ''}${kind} ${group}`;
}

function changesOfStack(before: readonly Planned[], after: readonly Planned[], options: ControllerSettings): LoadBalancerChange[] {
  const refusal = after.find(isRefused);
  const [old, now] = [before, after].map(planned => planned.filter(isBuilt));
  if (refusal) {
    const { group, refused } = refusal;
    const change = { ...NONE, change: 'refused', group, refused } as const;
    return old.length > 0 ? old.map(own => ({ ...change, type: own.type, before: own })) : [change];
  }
  const wasRefused = before.some(isRefused);
  const gone = old.filter(({ type }) => !now.some(own => own.type === type));
  return [
    ...now.map((own): LoadBalancerChange => {
      const previous = old.find(({ type }) => type === own.type);
      const change = wasRefused ? 'unknown' : 'created';
      return previous ? compareLoadBalancers(previous, own, options) : { ...NONE, change, type: own.type, group: own.group, after: own };
    }),
    ...gone.map((own): LoadBalancerChange => ({ ...NONE, change: 'deleted', type: own.type, group: own.group, before: own })),
    ...wasRefused && now.length === 0 ? [{ ...NONE, change: 'unknown', group: before[0].group } as const] : [],
  ];
}

const NONE = { fields: [], listeners: [], targetGroups: [] } as const;
