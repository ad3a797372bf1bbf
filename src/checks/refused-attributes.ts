// Attributes that AWS refuses: values out of bounds, and attributes of other kinds of load balancers.
import { ALB_ANNOTATIONS } from '../base/alb-annotations/annotations';
import {
  attributeFault, type AttributeValues, LOAD_BALANCER_ATTRIBUTE_VALUES, TARGET_GROUP_ATTRIBUTE_VALUES,
} from '../base/alb-annotations/attribute-values';
import { isAboutClass } from '../plan/ingress/ingress-classes';
import { type Attribute, attributeOf, type LoadBalancer, type TargetGroup } from '../plan/load-balancer';
import type { Spot } from './finding';
import type { Member } from './members';
import type { TargetGroupSettings } from './refused-values';

const ALGORITHM = 'load_balancing.algorithm.type';

/** The attributes that AWS refuses of the annotations of an Ingress and its Services. */
export function refusedAttributes({ manifest, settings }: Member, loadBalancer: LoadBalancer, groups: readonly TargetGroupSettings[]): Spot[] {
  // A class may have others, which come first.
  const own = loadBalancer.unknown.some(isAboutClass) ? {} : settings.readable('loadBalancerAttributes') ?? {};
  const used = loadBalancer.attributes.filter(({ key, value }) => Object.hasOwn(own, key) && own[key] === value);
  const { loadBalancerAttributes, targetGroupAttributes } = ALB_ANNOTATIONS;
  return [
    ...faultsOf(used, LOAD_BALANCER_ATTRIBUTE_VALUES).map(fault => (
      { manifest, pointer: settings.pointer('loadBalancerAttributes'), message: `${loadBalancerAttributes.key}: ${fault}` })),
    ...groups.flatMap(([group, from]) => [...faultsOf(group.attributes, TARGET_GROUP_ATTRIBUTE_VALUES), ...contradictionsOf(group)].map(fault => (
      { ...from.placeOf('targetGroupAttributes'), message: `${targetGroupAttributes.key}: ${fault}` }))),
  ];
}

function faultsOf(attributes: readonly Attribute[], values: AttributeValues): string[] {
  return attributes.flatMap(({ key, value }) => {
    const reason = attributeFault(values, key, value);
    return reason === undefined ? [] : [`${key} ${reason}; got ${JSON.stringify(value)}`];
  });
}

/** Slow start is for round robin, and anomaly mitigation for weighted random. */
function contradictionsOf(group: TargetGroup): string[] {
  const algorithm = attributeOf(group, ALGORITHM) ?? 'round_robin';
  const isSlow = (attributeOf(group, 'slow_start.duration_seconds') ?? '0') !== '0';
  const mitigates = attributeOf(group, 'load_balancing.algorithm.anomaly_mitigation') === 'on';
  return [
    ...isSlow && algorithm !== 'round_robin' ? [`slow_start.duration_seconds cannot be set with ${ALGORITHM} ${algorithm}`] : [],
    ...mitigates && algorithm !== 'weighted_random' ? [`load_balancing.algorithm.anomaly_mitigation cannot be on with ${ALGORITHM} ${algorithm}`] : [],
  ];
}
