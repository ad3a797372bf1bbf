// Attributes of the target group, as settings and as the text of the annotation.
import { Duration } from 'cdk8s';
import { encodeAlbAnnotations } from '../../../src/base/alb-annotations/annotations';
import {
  CrossZone, LoadBalancingAlgorithm, MinimumHealthyTargets, renderTargetGroupAttributes, Stickiness, type TargetGroupAttributes,
} from '../../../src/edge/alb/target-group-attributes';
import { refusal } from '../../refusal';

const HEALTH = 'target_group_health';

test('no attributes render nothing', () => {
  expect(renderTargetGroupAttributes()).toEqual({});
  expect(renderTargetGroupAttributes({})).toEqual({});
});

test('every prop is an attribute', () => {
  expect(renderTargetGroupAttributes({
    stickiness: Stickiness.loadBalancerCookie(Duration.hours(1)),
    algorithm: LoadBalancingAlgorithm.WEIGHTED_RANDOM,
    anomalyMitigation: true,
    crossZone: CrossZone.LOAD_BALANCER,
    dnsFailover: MinimumHealthyTargets.countAndPercentage(2, 50),
    unhealthyStateRouting: MinimumHealthyTargets.percentage(50),
    other: { 'brand_new.key': 'yes' },
  })).toEqual({
    'stickiness.enabled': 'true',
    'stickiness.type': 'lb_cookie',
    'stickiness.lb_cookie.duration_seconds': '3600',
    'load_balancing.algorithm.type': 'weighted_random',
    'load_balancing.algorithm.anomaly_mitigation': 'on',
    'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
    [`${HEALTH}.dns_failover.minimum_healthy_targets.count`]: '2',
    [`${HEALTH}.dns_failover.minimum_healthy_targets.percentage`]: '50',
    [`${HEALTH}.unhealthy_state_routing.minimum_healthy_targets.count`]: '1',
    [`${HEALTH}.unhealthy_state_routing.minimum_healthy_targets.percentage`]: '50',
    'brand_new.key': 'yes',
  });
});

test('they are one annotation', () => {
  const targetGroupAttributes = renderTargetGroupAttributes({ slowStart: Duration.seconds(30), dnsFailover: MinimumHealthyTargets.off() });
  expect(encodeAlbAnnotations({ targetGroupAttributes })).toEqual({
    'alb.ingress.kubernetes.io/target-group-attributes':
      `slow_start.duration_seconds=30,${HEALTH}.dns_failover.minimum_healthy_targets.count=off,${HEALTH}.dns_failover.minimum_healthy_targets.percentage=off`,
  });
});

test('stickiness uses one of two cookies, or is explicitly off', () => {
  expect([
    Stickiness.loadBalancerCookie(), Stickiness.applicationCookie('SESSION', Duration.seconds(1)), Stickiness.applicationCookie('awsalb', Duration.days(7)), Stickiness.off(),
  ].map(stickiness => stickiness._render())).toEqual([
    { 'stickiness.enabled': 'true', 'stickiness.type': 'lb_cookie', 'stickiness.lb_cookie.duration_seconds': '86400' },
    {
      'stickiness.enabled': 'true', 'stickiness.type': 'app_cookie',
      'stickiness.app_cookie.cookie_name': 'SESSION', 'stickiness.app_cookie.duration_seconds': '1',
    },
    {
      'stickiness.enabled': 'true', 'stickiness.type': 'app_cookie',
      'stickiness.app_cookie.cookie_name': 'awsalb', 'stickiness.app_cookie.duration_seconds': '604800',
    },
    { 'stickiness.enabled': 'false' },
  ]);
});

test.each([[0, '0'], [30, '30'], [900, '900']])('a slow start of %s s is accepted', (seconds, written) => {
  expect(renderTargetGroupAttributes({ slowStart: Duration.seconds(seconds) })).toEqual({ 'slow_start.duration_seconds': written });
});

test('slow start of 0 s works with every algorithm', () => {
  for (const algorithm of Object.values(LoadBalancingAlgorithm)) {
    expect(() => renderTargetGroupAttributes({ algorithm, slowStart: Duration.seconds(0), anomalyMitigation: undefined })).not.toThrow();
  }
});

test.each<[string, TargetGroupAttributes, string, unknown]>([
  ['a shorter slow start', { slowStart: Duration.seconds(29) }, 'slowStart', '29000 ms'],
  ['a longer slow start', { slowStart: Duration.seconds(901) }, 'slowStart', '901000 ms'],
  ['a slow start with least outstanding requests', { slowStart: Duration.seconds(30), algorithm: LoadBalancingAlgorithm.LEAST_OUTSTANDING_REQUESTS }, 'slowStart', '30 s'],
  ['a slow start by lot', { slowStart: Duration.seconds(30), algorithm: LoadBalancingAlgorithm.WEIGHTED_RANDOM }, 'slowStart', '30 s'],
  ['anomaly mitigation by default', { anomalyMitigation: true }, 'anomalyMitigation', true],
  ['anomaly mitigation in turn', { anomalyMitigation: true, algorithm: LoadBalancingAlgorithm.ROUND_ROBIN }, 'anomalyMitigation', true],
  ['another algorithm', { algorithm: 'random' as never }, 'algorithm', 'random'],
  ['another word for zones', { crossZone: 'on' as never }, 'crossZone', 'on'],
  ['stickiness inside a zone', { crossZone: CrossZone.OFF, stickiness: Stickiness.loadBalancerCookie() }, 'stickiness', 'lb_cookie'],
  ['routing that is off', { unhealthyStateRouting: MinimumHealthyTargets.off() }, 'unhealthyStateRouting', 'off'],
  ['a DNS count below that of routing', { dnsFailover: MinimumHealthyTargets.count(1), unhealthyStateRouting: MinimumHealthyTargets.count(2) }, 'dnsFailover', 1],
  ['a DNS share below that of routing', { dnsFailover: MinimumHealthyTargets.percentage(49), unhealthyStateRouting: MinimumHealthyTargets.percentage(50) }, 'dnsFailover', 49],
  ['the deregistration delay', { other: { 'deregistration_delay.timeout_seconds': '5' } }, 'other.deregistration_delay.timeout_seconds', '5'],
  ['a key of stickiness', { other: { 'stickiness.enabled': 'true' } }, 'other.stickiness.enabled', 'true'],
])('%s is rejected', (_, attributes, prop, value) => {
  expect(refusal(() => renderTargetGroupAttributes(attributes, 'alb.targets'))).toMatchObject({ prop: `alb.targets.${prop}`, value });
});

test('cross-zone off works without stickiness and with stickiness off', () => {
  expect(renderTargetGroupAttributes({ crossZone: CrossZone.OFF, stickiness: Stickiness.off() }))
    .toEqual({ 'load_balancing.cross_zone.enabled': 'false', 'stickiness.enabled': 'false' });
});

test.each<[string, () => unknown, string, unknown]>([
  ['a cookie for no time', () => Stickiness.loadBalancerCookie(Duration.seconds(0)), 'duration', '0 ms'],
  ['a cookie for more than a week', () => Stickiness.applicationCookie('a', Duration.seconds(604_801)), 'duration', '604801000 ms'],
  ['a cookie without a name', () => Stickiness.applicationCookie(''), 'cookieName', ''],
  ['a cookie of AWS', () => Stickiness.applicationCookie('AWSALBTG-1'), 'cookieName', 'AWSALBTG-1'],
  ['a cookie with an equals sign', () => Stickiness.applicationCookie('a=b'), 'cookieName', 'a=b'],
  ['no target', () => MinimumHealthyTargets.count(0), 'count', 0],
  ['a count that is not said', () => MinimumHealthyTargets.count(undefined as never), 'count', undefined],
  ['a share that is not said', () => MinimumHealthyTargets.countAndPercentage(1, undefined as never), 'percentage', undefined],
  ['no share', () => MinimumHealthyTargets.percentage(0), 'percentage', 0],
  ['more than all', () => MinimumHealthyTargets.countAndPercentage(1, 101), 'percentage', 101],
])('%s is rejected', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});
