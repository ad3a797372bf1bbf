// Which target groups an apply creates, updates, replaces and deletes (AWS Load Balancer Controller 3.5.0
// pkg/deploy/elbv2/target_group_synthesizer.go). They are matched by their resource id, which is in a tag.
import type { ControllerSettings } from '../controller-options';
import type { OpenedPort, TargetGroup } from '../load-balancer';
import { byKey, byText, changeOf, type EffectRule, fieldChanges, KEPT_ATTRIBUTES, type PlannedFieldChange } from './change';

/** A target group before and after. */
export interface TargetGroupChange {
  readonly change: 'created' | 'deleted' | 'replaced' | 'updated' | 'unchanged';
  readonly id: string;
  readonly before?: TargetGroup;
  readonly after?: TargetGroup;
  /** What differs, for a target group that exists before and after. */
  readonly fields: readonly PlannedFieldChange[];
  /**
   * Of a created one: the target groups, by id, ARN or name, that have requests now which it gets. The controller creates it, changes the rules, and only
   * then registers targets (pkg/deploy/stack_deployer.go:147).
   */
  readonly takesRequestsFrom?: readonly string[];
}

const NOT_CHANGEABLE = 'AWS cannot change it, and the controller makes a new target group';

const RULES: readonly EffectRule[] = [
  // isSDKTargetGroupRequiresReplacement (:160)
  { path: /^\/(targetType|protocol|protocolVersion|controlPort)$/, effect: 'replaced', why: NOT_CHANGEABLE },
  // Update (target_group_manager.go:95) changes tags, health check and attributes.
  { path: /^\/port$/, effect: 'kept', why: 'AWS cannot change it, and does not use it: each target is registered with a port of its own' },
  KEPT_ATTRIBUTES,
  // isSDKTargetGroupHealthCheckDrifted (target_group_manager.go:158)
  { path: /^\/healthCheck\/(path|matcher\b.*)$/, onRemoval: true, effect: 'kept', why: 'the controller does not reset it' },
  // checkImmutableFields (webhooks/elbv2/targetgroupbinding_validator.go:174), which runs after listeners and rules have changed.
  { path: /^\/ipAddressType$/, effect: 'refused', why: 'the webhook for TargetGroupBindings refuses a change of ipAddressType: delete the TargetGroupBinding and the target group first' },
];

/** Without the gate, also for Application Load Balancers; the controller means to leave out layer 4, and leaves out TCP_UDP alone (:183, :214). */
const HEALTH_CHECK: EffectRule = { path: /^\/healthCheck\/(protocol|matcher\b.*|intervalSeconds|timeoutSeconds)$/, effect: 'replaced', why: `${NOT_CHANGEABLE}: feature gate NLBHealthCheckAdvancedConfig is off` };

/**
 * The target groups of a load balancer, in the order of the new ones; those that are deleted at the end.
 *
 * @param sources the target groups that have the requests now which a target group gets, by its id
 */
export function targetGroupChanges(
  before: readonly TargetGroup[], after: readonly TargetGroup[], sources: ReadonlyMap<string, readonly string[]>, { featureGates }: ControllerSettings,
): TargetGroupChange[] {
  const old = new Map(before.map(own => [own.id, own]));
  const ids = new Set(after.map(({ id }) => id));
  return [
    ...after.map((own): TargetGroupChange => {
      const previous = old.get(own.id);
      if (!previous) {
        return { change: 'created', id: own.id, after: own, fields: [], takesRequestsFrom: sources.get(own.id) };
      }
      const usesGate = featureGates.NLBHealthCheckAdvancedConfig !== true && own.protocol !== 'TCP_UDP';
      const fields = fieldChanges(shown(previous), shown(own), usesGate ? [HEALTH_CHECK, ...RULES] : RULES);
      return { change: changeOf(fields), id: own.id, before: previous, after: own, fields };
    }),
    ...before.filter(({ id }) => !ids.has(id)).map((own): TargetGroupChange => ({ change: 'deleted', id: own.id, before: own, fields: [] })),
  ];
}

/** What is compared. Names are generated, and only new target groups get one. */
function shown(own: TargetGroup): object {
  const { targetType, protocol, protocolVersion, controlPort, port, ipAddressType, healthCheck, attributes, tags } = own;
  const { albPort, nodeSelector, multiCluster, opened } = own;
  return {
    targetType, protocol, protocolVersion, controlPort, port, ipAddressType, healthCheck, tags, albPort, nodeSelector, multiCluster,
    attributes: byKey(attributes),
    opened: byText(opened, sentenceOf),
  };
}

function sentenceOf({ protocol, port = 'all ports', fromSecurityGroup, fromCIDRs = [] }: OpenedPort): string {
  return `${protocol} ${port} from ${fromSecurityGroup ?? fromCIDRs.join(', ')}`;
}
