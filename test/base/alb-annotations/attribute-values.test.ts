// Which values of attributes AWS accepts. What the constructs write must be among them.
import { Duration } from 'cdk8s';
import { LOAD_BALANCER_ATTRIBUTE_KEYS, TARGET_GROUP_ATTRIBUTE_KEYS } from '../../../src/base/alb-annotations/attribute-keys';
import { attributeFault, LOAD_BALANCER_ATTRIBUTE_VALUES, TARGET_GROUP_ATTRIBUTE_VALUES } from '../../../src/base/alb-annotations/attribute-values';
import { DesyncMitigationMode, renderLoadBalancerAttributes, XffHeaderProcessing } from '../../../src/edge/alb/load-balancer-attributes';
import { CrossZone, LoadBalancingAlgorithm, renderTargetGroupAttributes, Stickiness } from '../../../src/edge/alb/target-group-attributes';

test('the table has known keys only', () => {
  expect(Object.keys(LOAD_BALANCER_ATTRIBUTE_VALUES).filter(key => !LOAD_BALANCER_ATTRIBUTE_KEYS.includes(key))).toEqual([]);
  expect(Object.keys(TARGET_GROUP_ATTRIBUTE_VALUES).filter(key => !TARGET_GROUP_ATTRIBUTE_KEYS.includes(key))).toEqual([]);
});

test('what the constructs write is accepted', () => {
  const balancers = [...Object.values(DesyncMitigationMode).map(desyncMitigationMode => ({ desyncMitigationMode })),
    ...Object.values(XffHeaderProcessing).map(xffHeaderProcessing => ({ xffHeaderProcessing })),
    { idleTimeout: Duration.seconds(4000), clientKeepAlive: Duration.seconds(60), http2: false, deletionProtection: true }].map(own => renderLoadBalancerAttributes(own));
  const groups = [...Object.values(LoadBalancingAlgorithm).map(algorithm => ({ algorithm })), ...Object.values(CrossZone).map(crossZone => ({ crossZone })),
    ...[0, 30, 900].map(slow => ({ slowStart: Duration.seconds(slow) })), { anomalyMitigation: true, algorithm: LoadBalancingAlgorithm.WEIGHTED_RANDOM },
    ...[Stickiness.loadBalancerCookie(), Stickiness.applicationCookie('id'), Stickiness.off()].map(stickiness => ({ stickiness })),
  ].map(own => renderTargetGroupAttributes(own));
  const faults = [[balancers, LOAD_BALANCER_ATTRIBUTE_VALUES], [groups, TARGET_GROUP_ATTRIBUTE_VALUES]] as const;
  expect(faults.flatMap(([written, values]) => written.flatMap(own => Object.entries(own).map(([key, value]) => attributeFault(values, key, value))))
    .filter(fault => fault !== undefined)).toEqual([]);
});

test.each([
  ['slow_start.duration_seconds', '29', 'must be 0 or an integer from 30 to 900'],
  ['slow_start.duration_seconds', '901', 'must be 0 or an integer from 30 to 900'],
  ['slow_start.duration_seconds', '1m', 'must be 0 or an integer from 30 to 900'],
  ['stickiness.enabled', 'yes', 'must be true or false'],
  ['stickiness.type', 'source_ip', 'must be one of lb_cookie, app_cookie'],
  ['preserve_client_ip.enabled', 'false', 'must be left out: only target groups of Network Load Balancers have it'],
  ['lambda.multi_value_headers.enabled', 'true', 'must be left out: only target groups of Lambda functions have it'],
  ['stickiness.enabled', 'TRUE', undefined],
  ['new.attribute', '5', undefined],
  ['constructor', '5', undefined],
])('of a target group: %s=%s', (key, value, expected) => {
  expect(attributeFault(TARGET_GROUP_ATTRIBUTE_VALUES, key, value)).toBe(expected);
});
