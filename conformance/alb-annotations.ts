// Annotations of an Ingress, and of a Service behind one, with values that people could write. The compiler demands values for every row of the table.
import { ALB_TABLE, type AlbSettings } from '../src/base/alb-annotations/annotations';
import { type Annotation, annotationsOf, exactly, type Family, type Values, values } from './annotation-values';
import { action, clientCertificates, cognito, conditions, jwt, oidc, transforms } from './rule-annotations';

const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/';
const TARGET_GROUP_ATTRIBUTES = ['stickiness.enabled=true,stickiness.type=lb_cookie', 'deregistration_delay.timeout_seconds=30', 'a=b,a=c'];
const THRESHOLDS = ['2', '10', '3'];
const BOOLEANS = values(['true', 'false'], ['on', 'True', 'T', '1', '0', 'yes', 'TRUE', 'tRUE']);

const VALUES: { readonly [P in keyof AlbSettings]-?: Values | Family } = {
  groupName: values(['public', 'public', 'internal'], ['Bad_Name', 'a'.repeat(64), '-a', 'a.b']),
  groupOrder: values(['0', '5', '-1', '1000'], ['1001', '-1001', 'first', '1e3', '0x10', ' 5']),
  loadBalancerName: values(['shop', 'shop'], ['a-name-that-is-longer-than-aws-takes-it', 'internal-a', 'ü'.repeat(17), '_']),
  scheme: values(['internal', 'internet-facing'], ['public', 'Internal']),
  ipAddressType: values(['ipv4', 'dualstack', 'dualstack-without-public-ipv4'], ['ipv6', 'IPv4']),
  subnets: exactly(['subnet-1,subnet-2', 'subnet-2,subnet-1', 'one,two', 'one, two'], ['missing-a,two', 'subnet-1', 'subnet-1-az-a,subnet-2-az-a']),
  customerOwnedIpv4Pool: values(['ipv4pool-coip-a'], ['', 'pool']),
  ipamIpv4PoolId: values(['ipam-pool-a', 'ipam-pool-a', 'ipam-pool-b'], ['', 'pool']),
  loadBalancerAttributes: values(['idle_timeout.timeout_seconds=60', 'idle_timeout.timeout_seconds=30,deletion_protection.enabled=true',
    'routing.http2.enabled=false', 'connection_logs.s3.enabled=true,connection_logs.s3.bucket=logs'], ['idle_timeout', '=60', 'a=,b', 'A.B=1']),
  minimumLoadBalancerCapacity: values(['CapacityUnits=100', 'CapacityUnits=0'], ['Units=1', 'CapacityUnits=-5', '', 'CapacityUnits=100,Units=1']),
  tags: values(['team=a', 'team=b', 'team=a,cost=1', 'owner=me'], ['team', 'aws:x=1', 'team=', 'a=b\\,c', 'cost=']),
  wafv2AclArn: values(['arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/1', 'none'], ['', 'acl', 'None']),
  wafv2AclName: values(['acl', 'none'], ['', 'acl missing']),
  shieldAdvancedProtection: BOOLEANS,
  securityGroups: values(['sg-1', 'sg-1,sg-2', 'sg-2,sg-1', 'named'], ['missing', '', ',', 'sg-1,sg-1']),
  manageBackendSecurityGroupRules: BOOLEANS,
  inboundCidrs: values(['10.0.0.0/8', '10.0.0.0/8,2001:db8::/32', '2001:db8::/32,10.0.0.0/8', '0.0.0.0/0'],
    ['10.0.0.1', '10.0.0.1/8', '10.0.0.0/33', 'all', '', '::ffff:10.0.0.0/104', '010.0.0.0/8', '10.0.0/8', '10.0.0.0/8,10.0.0.0/8']),
  securityGroupPrefixLists: values(['pl-1', 'pl-1,pl-2', 'pl-2,pl-1'], ['', 'list']),
  listenPorts: values(['[{"HTTP":80}]', '[{"HTTPS":443}]', '[{"HTTP":80},{"HTTPS":443}]', '[{"HTTP":80},{"HTTPS":443},{"HTTPS":8443}]', '[{"HTTP":8080}]',
    '[{"HTTP": 80, "HTTPS": 443}]'], ['[{"http":80}]', '[]', '[{"HTTP":80},{"HTTP":80}]', '[{"HTTP":80},{"HTTPS":80}]', '[{"HTTP":0}]', '[{}]',
      '[{"HTTP":"80"}]',
    '[{"HTTPS":443},{"TCP":80}]', '{"HTTP":80}', '[{"HTTP":65536}]', '[null]']),
  sslRedirect: values(['443', '443', '8443'], ['true', '80', '0', '65536', '+443', '-1', '4294967739', '443.0']),
  certificateArns: values([`${ARN}a`, `${ARN}b`, `${ARN}a,${ARN}b`, `${ARN}b,${ARN}a`], ['', ',', 'x', `${ARN}a,${ARN}a`]),
  sslPolicy: values(['ELBSecurityPolicy-TLS13-1-2-2021-06', 'ELBSecurityPolicy-2016-08'], ['', 'TLS1.3']),
  mutualAuthentication: { right: clientCertificates },
  listenerAttributes: { names: ['HTTPS-443', 'HTTP-80', 'HTTPS-8443', 'https-443', 'TCP-80'], values: values(
    ['routing.http.response.server.enabled=false', 'routing.http.response.server.enabled=true', 'a=1'], ['a', '=']) },
  createAcmCert: BOOLEANS,
  acmPcaArn: values(['arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/a'], ['']),
  targetType: values(['ip', 'ip', 'instance'], ['pod', 'IP', 'alb', '']),
  targetNodeLabels: values(['role=edge', 'role=edge,zone=a'], ['role', '']),
  backendProtocol: values(['HTTP', 'HTTPS'], ['http', 'TCP', '']),
  backendProtocolVersion: values(['HTTP1', 'HTTP2', 'GRPC'], ['HTTP3', 'grpc', '']),
  targetGroupAttributes: values(TARGET_GROUP_ATTRIBUTES, ['stickiness', '=1', '']),
  healthcheckPort: values(['traffic-port', '15021', 'status', 'http'], ['gone', '0', '-1', '70000', '+80', '080', '', 'Traffic-Port', '4294967376', '1e4']),
  healthcheckProtocol: values(['HTTP', 'HTTPS'], ['TCP', 'https', '']),
  healthcheckPath: values(['/healthz', '/', '/a?b=c'], ['', 'healthz']),
  healthcheckIntervalSeconds: values(['10', '15', '300'], ['15s', '-1', '0', '2147483648', '+10', '010', '']),
  healthcheckTimeoutSeconds: values(['5', '6'], ['1.5', '', '-2147483649']),
  healthyThresholdCount: values(THRESHOLDS, ['x', '11', '']),
  unhealthyThresholdCount: values(THRESHOLDS, ['x', '0', '']),
  successCodes: values(['200', '200-299', '200,204', '0', '0-99'], ['', 'OK']),
  multiClusterTargetGroup: BOOLEANS,
  targetControlPorts: { names: ['web.80', 'web.http', 'api.80', 'api.http', 'web', 'web.8080'], values: values(['3000', '80'], ['0', '65536', 'x', '-1', '']) },
  authType: values(['none', 'cognito', 'oidc', 'oidc'], ['OIDC', 'basic', '']),
  authIdpCognito: { right: cognito },
  authIdpOidc: { right: oidc },
  authOnUnauthenticatedRequest: values(['authenticate', 'deny', 'allow'], ['reject', '']),
  authScope: values(['openid email', 'openid'], ['']),
  authSessionCookie: values(['session'], ['', 'a b']),
  authSessionTimeout: values(['3600', '604800'], ['1h', '-1', '9223372036854775807', '9223372036854775808', '']),
  jwtValidation: { right: jwt },
  actions: { names: ['act', 'act', 'web', 'none.x'], values: { right: action } },
  conditions: { names: ['web', 'web', 'act', 'api'], values: { right: conditions } },
  transforms: { names: ['web', 'web', 'act', 'api'], values: { right: transforms } },
  useRegexPathMatch: BOOLEANS,
  enableFrontendNlb: values(['true', 'true', 'false'], ['on', '']),
  frontendNlbScheme: values(['internal', 'internet-facing'], ['public', '']),
  frontendNlbSubnets: exactly(['subnet-1,subnet-2', 'subnet-2,subnet-1', 'subnet-1'], ['missing', '']),
  frontendNlbSecurityGroups: values(['sg-9', 'sg-9,named'], ['missing', '']),
  frontendNlbListenerPortMapping: values(['80=80', '443=443', '80=443', '80=80,443=443', '8080=80', '80=8443'], ['80', '80=', 'http=80', '80=https', '',
    '0=80', '70000=443']),
  frontendNlbEipAllocations: values(['eipalloc-1,eipalloc-2', 'eipalloc-2,eipalloc-1', 'eipalloc-1,eipalloc-2,eipalloc-3', 'eipalloc-1'], ['']),
  frontendNlbHealthcheckPort: values(['traffic-port', '80', '443'], ['http', '', '0', '+80', '99999999999']),
  frontendNlbHealthcheckProtocol: values(['HTTP', 'HTTPS'], ['TCP', 'http', '']),
  frontendNlbHealthcheckPath: values(['/healthz', '/'], ['']),
  frontendNlbHealthcheckIntervalSeconds: values(['15', '30'], ['x', '']),
  frontendNlbHealthcheckTimeoutSeconds: values(['5', '6'], ['x', '']),
  frontendNlbHealthcheckHealthyThresholdCount: values(THRESHOLDS, ['x', '']),
  frontendNlbHealthcheckUnhealthyThresholdCount: values(THRESHOLDS, ['x', '']),
  frontendNlbHealthcheckSuccessCodes: values(['200', '200-399'], ['']),
  frontendNlbAttributes: values(['load_balancing.cross_zone.enabled=true', 'dns_record.client_routing_policy=any_availability_zone',
    'dns_record.client_routing_policy=availability_zone_affinity'], ['dns_record.client_routing_policy=x', 'a', '']),
  frontendNlbTags: values(['team=nlb', 'a=1,b=2'], ['a', '', 'cost=1']),
};

/** Keys that the table passes over, and unknown ones. */
const OTHER: Readonly<Record<string, Values>> = {
  'waf-acl-id': values(['499e8b99-6671-4614-a86d-adb1810b7fbe', 'none'], ['']),
  'web-acl-id': values(['499e8b99-6671-4614-a86d-adb1810b7fbe', 'none'], ['']),
  'target-typ': values(['ip']),
  'listener-attributes': values(['a=1']),
};

function listed(props: readonly (keyof AlbSettings)[]): Annotation[] {
  return props.flatMap(prop => annotationsOf(ALB_TABLE.keyOf(prop), VALUES[prop]));
}

const ALL = Object.keys(VALUES) as (keyof AlbSettings)[];
const FRONTEND = ALL.filter(prop => /^frontendNlb/.test(prop));
const AUTH = ALL.filter(prop => /^(auth|jwt)/.test(prop));

/** Of an Ingress. */
export const ingressAnnotations: readonly Annotation[] = [
  ...listed(ALL.filter(prop => !FRONTEND.includes(prop) && !AUTH.includes(prop))),
  ...Object.entries(OTHER).flatMap(([key, own]) => annotationsOf(ALB_TABLE.prefix + key, own)),
];

/** Of an Ingress with a Network Load Balancer in front. */
export const frontendAnnotations: readonly Annotation[] = listed(FRONTEND);

/** Of an Ingress with a login. */
export const authAnnotations: readonly Annotation[] = listed(AUTH);

/** Of a Service behind an Ingress: target group settings, which replace those of the Ingress, tags and a login; others, which nobody reads. */
export const backendAnnotations: readonly Annotation[] = listed(['targetType', 'targetNodeLabels', 'backendProtocol', 'backendProtocolVersion',
  'targetGroupAttributes',
  'healthcheckPort', 'healthcheckProtocol', 'healthcheckPath', 'healthcheckIntervalSeconds', 'healthcheckTimeoutSeconds', 'healthyThresholdCount',
  'unhealthyThresholdCount', 'successCodes', 'multiClusterTargetGroup', 'targetControlPorts', 'tags', 'scheme', 'jwtValidation', ...AUTH]);

/** Listeners for TLS and a certificate, without which many other annotations have no effect. */
export const TLS: readonly Readonly<Record<string, string>>[] = [
  {}, { [ALB_TABLE.keyOf('certificateArns')]: `${ARN}a` },
  { [ALB_TABLE.keyOf('listenPorts')]: '[{"HTTP":80},{"HTTPS":443}]', [ALB_TABLE.keyOf('certificateArns')]: `${ARN}a` },
  { [ALB_TABLE.keyOf('listenPorts')]: '[{"HTTPS":443}]' },
];
