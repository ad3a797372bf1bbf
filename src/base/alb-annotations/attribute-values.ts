// The values of attributes that AWS accepts for an Application Load Balancer and its target groups (ELBv2 API 2015-12-01: LoadBalancerAttribute and
// TargetGroupAttribute, in aws-sdk-go-v2 v1.54.0).
import { type Codec, integer, text, word } from './codecs';
import { InvalidProps } from '../errors';

/** Attributes that are times, with their bounds in seconds. */
export const SECONDS = {
  'client_keep_alive.seconds': [60, 604_800],
  'deregistration_delay.timeout_seconds': [0, 3600],
  'idle_timeout.timeout_seconds': [1, 4000],
  'slow_start.duration_seconds': [30, 900],
  'stickiness.app_cookie.duration_seconds': [1, 604_800],
  'stickiness.lb_cookie.duration_seconds': [1, 604_800],
} as const;

/** Attributes of one kind of object, by key. */
export type AttributeValues = Readonly<Record<string, Codec<unknown>>>;

const FLAG = text('true or false', /^(true|false)$/i);
const flags = (...keys: readonly string[]) => Object.fromEntries(keys.map(key => [key, FLAG]));
const seconds = (...keys: readonly (keyof typeof SECONDS)[]) => Object.fromEntries(keys.map(key => [key, integer(SECONDS[key][0], SECONDS[key][1])]));
const oneOf = (...words: readonly string[]) => word(Object.fromEntries(words.map(own => [own, own])));
/** Attributes that objects of this kind do not have. */
const none = (kind: string, ...keys: readonly string[]) => Object.fromEntries(keys.map(key => [key, text(`left out: only ${kind} have it`, /(?!)/)]));

const [LEAST, MOST] = SECONDS['slow_start.duration_seconds'];
const SLOW_START = text(`0 or an integer from ${LEAST} to ${MOST}`, {
  test: written => written === '0' || (/^\d+$/.test(written) && Number(written) >= LEAST && Number(written) <= MOST),
});

/** Of an Application Load Balancer. */
export const LOAD_BALANCER_ATTRIBUTE_VALUES: AttributeValues = {
  ...flags('access_logs.s3.enabled', 'connection_logs.s3.enabled', 'health_check_logs.s3.enabled', 'deletion_protection.enabled',
    'ipv6.deny_all_igw_traffic', 'routing.http.drop_invalid_header_fields.enabled', 'routing.http.preserve_host_header.enabled',
    'routing.http.x_amzn_tls_version_and_cipher_suite.enabled', 'routing.http.xff_client_port.enabled', 'routing.http2.enabled', 'waf.fail_open.enabled',
    'zonal_shift.config.enabled'),
  ...seconds('client_keep_alive.seconds', 'idle_timeout.timeout_seconds'),
  'load_balancing.cross_zone.enabled': text('true: an Application Load Balancer always balances across zones', /^true$/i),
  'routing.http.desync_mitigation_mode': oneOf('monitor', 'defensive', 'strictest'),
  'routing.http.xff_header_processing.mode': oneOf('append', 'preserve', 'remove'),
  ...none('Network Load Balancers', 'dns_record.client_routing_policy', 'secondary_ips.auto_assigned.per_subnet'),
};

/** Of a target group with instances or IP addresses behind an Application Load Balancer. */
export const TARGET_GROUP_ATTRIBUTE_VALUES: AttributeValues = {
  ...flags('stickiness.enabled'),
  ...seconds('deregistration_delay.timeout_seconds', 'stickiness.app_cookie.duration_seconds', 'stickiness.lb_cookie.duration_seconds'),
  'load_balancing.algorithm.anomaly_mitigation': oneOf('on', 'off'),
  'load_balancing.algorithm.type': oneOf('round_robin', 'least_outstanding_requests', 'weighted_random'),
  'load_balancing.cross_zone.enabled': oneOf('true', 'false', 'use_load_balancer_configuration'),
  'slow_start.duration_seconds': SLOW_START,
  'stickiness.type': oneOf('lb_cookie', 'app_cookie'),
  ...none('target groups of Network Load Balancers', 'deregistration_delay.connection_termination.enabled', 'preserve_client_ip.enabled',
    'proxy_protocol_v2.enabled', 'target_health_state.unhealthy.connection_termination.enabled', 'target_health_state.unhealthy.draining_interval_seconds'),
  ...none('target groups of Gateway Load Balancers', 'target_failover.on_deregistration', 'target_failover.on_unhealthy'),
  ...none('target groups of Lambda functions', 'lambda.multi_value_headers.enabled'),
};

/** Why AWS refuses the value of an attribute; nothing for an attribute that is not in the table. */
export function attributeFault(values: AttributeValues, key: string, value: string): string | undefined {
  try {
    return Object.hasOwn(values, key) ? void values[key].decode(value) : undefined;
  } catch (error) {
    if (!(error instanceof InvalidProps)) {
      throw error;
    }
    return error.reason;
  }
}
