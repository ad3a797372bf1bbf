// Health checks and attributes that AWS refuses: values out of bounds, that contradict each other, and of other kinds of load balancers.
import { ALB_ANNOTATIONS } from '../../base/alb-annotations/annotations';
import {
  attributeFault, type AttributeValues, LOAD_BALANCER_ATTRIBUTE_VALUES, TARGET_GROUP_ATTRIBUTE_VALUES,
} from '../../base/alb-annotations/attribute-values';
import { annotationAt } from '../../manifests/pointer';
import { type Attribute, attributeOf, type From, type LoadBalancer, type TargetGroup } from '../load-balancer';
import type { Settings } from '../settings';
import { isAboutClass } from './ingress-classes';
import type { TargetSettings } from './target-groups';

/** A value that AWS refuses, where it is set. */
export interface RefusedValue extends From {
  /** What is wrong, the value found, and what is allowed. */
  readonly message: string;
}

/** A target group of an Ingress, and its settings. */
export type TargetGroupSettings = readonly [group: TargetGroup, settings: TargetSettings];

const ALGORITHM = 'load_balancing.algorithm.type';

/** The attributes that AWS refuses of the annotations of an Ingress and its Services. */
export function refusedAttributes(settings: Settings, loadBalancer: LoadBalancer, groups: readonly TargetGroupSettings[]): RefusedValue[] {
  const { manifest } = settings;
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

const TIMES = ['healthcheckIntervalSeconds', 'healthcheckTimeoutSeconds'] as const;

/** The codes that a target group may have: HTTP from 200 to 499, or gRPC from 0 to 99. */
const CODES = { http: [200, 499], grpc: [0, 99] } as const;

/** The health checks that AWS refuses. */
export function refusedHealthChecks(groups: readonly TargetGroupSettings[]): RefusedValue[] {
  return groups.flatMap(([{ healthCheck }, settings]) => {
    const { intervalSeconds, timeoutSeconds, matcher } = healthCheck;
    const [place] = TIMES.map(prop => settings.placeOf(prop)).filter(({ pointer }) => annotationAt(pointer) !== undefined);
    const { key } = ALB_ANNOTATIONS.successCodes;
    const [codes, kind] = matcher?.grpcCode === undefined ? [matcher?.httpCode, 'http' as const] : [matcher.grpcCode, 'grpc' as const];
    return [
      ...place === undefined || intervalSeconds > timeoutSeconds ? [] : [{
        ...place,
        message: `the interval of the health check must be longer than its timeout; got ${intervalSeconds} s, and a timeout of ${timeoutSeconds} s`,
      }],
      ...areCodes(codes ?? '', kind) ? [] : [{
        ...settings.placeOf('successCodes'),
        message: `${key} must be ${kind === 'http' ? 'HTTP' : 'gRPC'} codes from ${CODES[kind].join(' to ')}; got ${JSON.stringify(codes)}`,
      }],
    ];
  });
}

function areCodes(text: string, kind: keyof typeof CODES): boolean {
  const [least, most] = CODES[kind];
  return text.replaceAll(' ', '').split(/[,-]/).every(code => /^\d+$/.test(code) && Number(code) >= least && Number(code) <= most);
}
