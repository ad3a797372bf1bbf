// What an apply changes in AWS: two plans compared, as the controller compares its plan with what AWS has.
import { groupBy } from '../../base/multimap';
import { kindOf, Kind } from '../../manifests/kind';
import { identityOf } from '../../manifests/manifest';
import { type ControllerOptions, type ControllerSettings, controllerSettings } from '../controller-options';
import { deletionRefusal } from '../deletion-protection';
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
  /** What the controller refuses and ignores of the new objects, and the deletions that it refuses. */
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
  const refusals = stacks.map(stack => refusalOf(old.get(stack) ?? [], now.get(stack) ?? [], after));
  return {
    loadBalancers: stacks.flatMap((stack, index) => changesOfStack(old.get(stack) ?? [], now.get(stack) ?? [], refusals[index], options)),
    targetGroupBindings: bindingChanges(before.targetGroupBindings, after.targetGroupBindings),
    events: [...after.events, ...refusals.flatMap(event => (event === undefined || after.events.includes(event) ? [] : [event]))],
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

/** Why the controller changes nothing of a stack. */
function refusalOf(before: readonly Planned[], after: readonly Planned[], { objects, events }: Plan): PlanEvent | undefined {
  const ofNew = after.find(isRefused)?.refused;
  return ofNew ?? before.flatMap(({ members, autoMode = false }) => members.map((member): PlanEvent | undefined => {
    const kept = objects.get(identityOf(member));
    // An Ingress whose new class is invalid stays in the group that it was in (3.5.0 pkg/ingress/group_loader.go:149), or the webhook refuses it.
    const ofClass = kept && events.find(({ severity, manifest, pointer }) => severity === 'refused' && manifest === kept && pointer === CLASS_NAME);
    // What EKS Auto Mode does is not published.
    const isReleased = !autoMode && (kindOf(member) === Kind.SERVICE ? after.length === 0 : kept === undefined);
    const refusal = isReleased ? deletionRefusal(kept ?? member) : undefined;
    return ofClass ?? (refusal && { severity: 'refused', reason: refusal.reason, manifest: refusal.manifest, pointer: refusal.pointer, reach: 'group' });
  })).find(event => event !== undefined);
}

function changesOfStack(
  before: readonly Planned[], after: readonly Planned[], refused: PlanEvent | undefined, options: ControllerSettings,
): LoadBalancerChange[] {
  const [old, now] = [before, after].map(planned => planned.filter(isBuilt));
  if (refused) {
    const { group } = [...after, ...before][0];
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

/** Where an Ingress names its class. */
const CLASS_NAME = '/spec/ingressClassName';

const NONE = { fields: [], listeners: [], targetGroups: [] } as const;
