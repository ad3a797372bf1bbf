// The keys of attributes that AWS knows (ELBv2 API 2015-12-01: LoadBalancerAttribute and TargetGroupAttribute, read on 2026-11-29), for what is misspelt.
import { similarTo } from '../spelling';

const logs = (name: string) => ['enabled', 'bucket', 'prefix'].map(end => `${name}.s3.${end}`);
const stickiness = (...names: readonly string[]) => names.map(name => `stickiness.${name}`);
const minimum = (action: string) => ['count', 'percentage'].map(end => `target_group_health.${action}.minimum_healthy_targets.${end}`);

/** Of all kinds of load balancers. */
export const LOAD_BALANCER_ATTRIBUTE_KEYS: readonly string[] = [
  ...logs('access_logs'), ...logs('connection_logs'), ...logs('health_check_logs'),
  'client_keep_alive.seconds', 'deletion_protection.enabled', 'dns_record.client_routing_policy', 'idle_timeout.timeout_seconds',
  'ipv6.deny_all_igw_traffic', 'load_balancing.cross_zone.enabled', 'routing.http.desync_mitigation_mode',
  'routing.http.drop_invalid_header_fields.enabled', 'routing.http.preserve_host_header.enabled',
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled', 'routing.http.xff_client_port.enabled', 'routing.http.xff_header_processing.mode',
  'routing.http2.enabled', 'secondary_ips.auto_assigned.per_subnet', 'waf.fail_open.enabled', 'zonal_shift.config.enabled',
];

/** Of the target groups of all kinds of load balancers. */
export const TARGET_GROUP_ATTRIBUTE_KEYS: readonly string[] = [
  'deregistration_delay.connection_termination.enabled', 'deregistration_delay.timeout_seconds', 'lambda.multi_value_headers.enabled',
  'load_balancing.algorithm.anomaly_mitigation', 'load_balancing.algorithm.type', 'load_balancing.cross_zone.enabled', 'preserve_client_ip.enabled',
  'proxy_protocol_v2.enabled', 'slow_start.duration_seconds',
  ...stickiness('enabled', 'type', 'app_cookie.cookie_name', 'app_cookie.duration_seconds', 'lb_cookie.duration_seconds'),
  'target_failover.on_deregistration', 'target_failover.on_unhealthy', 'target_health_state.unhealthy.connection_termination.enabled',
  'target_health_state.unhealthy.draining_interval_seconds', ...minimum('dns_failover'), ...minimum('unhealthy_state_routing'),
];

/** The key that a misspelt one means; nothing for one that is known, and for one that AWS may have added. */
export function attributeMeantBy(key: string, known: readonly string[]): string | undefined {
  return known.includes(key) ? undefined : similarTo(key, known, 2);
}
