// The choices about a load balancer: each group of options in its annotations, exactly, and refused beside what is accepted.
import { Duration } from 'cdk8s';
import { AlbScheme, BackendProtocol, BackendProtocolVersion, IpAddressType, TargetType } from '../../../src/base/alb-annotations/words';
import { Alb } from '../../../src/edge/alb/alb';
import { AlbAuth } from '../../../src/edge/alb/auth';
import type { IAlbBackend } from '../../../src/edge/listener/backend';
import type { AlbOptions } from '../../../src/edge/alb/options';
import { ClientCertificates } from '../../../src/edge/listener/client-certificates';
import { IngressGroup } from '../../../src/edge/alb/ingress-group';
import { Listener } from '../../../src/edge/listener/listener';
import { LogDestination } from '../../../src/edge/alb/load-balancer-attributes';
import { CrossZone, Stickiness } from '../../../src/edge/alb/target-group-attributes';
import { refusal } from '../../refusal';
import { emptyChart, theOnly } from '../../synthesized';
import { backend } from '../stubs';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/a';
const AUTHORITY = 'arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/a';
const ACL = 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/a';
const jwt = AlbAuth.jwt({ jwksEndpoint: 'https://id.example.com/keys', issuer: 'https://id.example.com' });
const http = [Listener.http()];
const https = [Listener.https()];
const ip = backend({ targetTypes: [TargetType.IP] });
const nodes = backend({ targetTypes: [TargetType.INSTANCE] });

const inGroup = (groupName: string, groupOrder: number): AlbOptions => ({ group: { groupName }, groupOrder });

function annotations(options: AlbOptions, behind: IAlbBackend): Record<string, string> {
  const alb = new Alb(emptyChart(), 'Alb', { backend: behind, hosts: ['shop.example.com'], ...options });
  return Object.fromEntries(Object.entries(theOnly(alb, 'Ingress').metadata.annotations!).map(([key, value]) => [key.replace('alb.ingress.kubernetes.io/', ''), value]));
}

/** The annotations that options change: those with another value than without them, and `undefined` for those that go. */
function written(options: AlbOptions, behind = backend()): Record<string, string | undefined> {
  const [before, after] = [annotations({}, behind), annotations(options, behind)];
  return Object.fromEntries([...new Set([...Object.keys(after), ...Object.keys(before)])].filter(key => before[key] !== after[key]).map(key => [key, after[key]]));
}

test.each<[what: string, options: AlbOptions, changes: Record<string, string | undefined>, ...behind: IAlbBackend[]]>([
  ['an internal load balancer', { scheme: AlbScheme.INTERNAL }, { scheme: 'internal' }],
  ['dual-stack', { ipAddressType: IpAddressType.DUALSTACK }, { 'ip-address-type': 'dualstack' }],
  ['dual-stack without public IPv4', { ipAddressType: IpAddressType.DUALSTACK_WITHOUT_PUBLIC_IPV4 }, { 'ip-address-type': 'dualstack-without-public-ipv4' }],
  ['empty maps', { tags: {}, attributes: {}, targetGroupAttributes: {}, healthCheck: {} }, {}],
  ['a listener without attributes', { listeners: [Listener.http(80, { attributes: {} }), Listener.https(443, { attributes: {} })] }, {}],
    ['a place in a group', { group: IngressGroup.fromName('edge.shared'), groupOrder: -1000 }, { 'group.name': 'edge.shared', 'group.order': '-1000' }],
  ['the neutral place in a group', { group: IngressGroup.fromName('edge'), groupOrder: 0 }, { 'group.name': 'edge', 'group.order': '0' }],
  ['subnets and a name', { subnets: ['subnet-0a1b2c3d', 'public b'], loadBalancerName: 'a'.repeat(32) },
    { subnets: 'subnet-0a1b2c3d,public b', 'load-balancer-name': 'a'.repeat(32) }],
  ['address pools', { ipamIpv4PoolId: 'ipam-pool-0a1', customerOwnedIpv4Pool: 'ipv4pool-coip-0a1' },
    { 'ipam-ipv4-pool-id': 'ipam-pool-0a1', 'customer-owned-ipv4-pool': 'ipv4pool-coip-0a1' }],
  ['a reservation', { minimumCapacityUnits: 500 }, { 'minimum-load-balancer-capacity': 'CapacityUnits=500' }],
  ['the end of a reservation', { minimumCapacityUnits: 0 }, { 'minimum-load-balancer-capacity': 'CapacityUnits=0' }],
  ['attributes, beside the one that is on by default', { attributes: { idleTimeout: Duration.minutes(5), accessLogs: LogDestination.s3('logs', 'alb') } },
    { 'load-balancer-attributes': 'access_logs.s3.bucket=logs,access_logs.s3.enabled=true,access_logs.s3.prefix=alb,idle_timeout.timeout_seconds=300,'
      + 'routing.http.drop_invalid_header_fields.enabled=true' }],
  ['invalid headers that pass', { attributes: { dropInvalidHeaderFields: false } },
    { 'load-balancer-attributes': 'routing.http.drop_invalid_header_fields.enabled=false' }],
  ['tags', { tags: { team: 'edge', 'cost center': '7' } }, { tags: 'cost center=7,team=edge' }],
  ['a web ACL by ARN', { wafv2AclArn: ACL }, { 'wafv2-acl-arn': ACL }],
  ['no web ACL', { wafv2AclArn: 'none' }, { 'wafv2-acl-arn': 'none' }],
  ['a web ACL by name', { wafv2AclName: 'edge' }, { 'wafv2-acl-name': 'edge' }],
  ['Shield', { shieldAdvancedProtection: true }, { 'shield-advanced-protection': 'true' }],
  ['inbound addresses', { inboundCidrs: ['203.0.113.0/24', '2001:db8::/32'], inboundPrefixLists: ['pl-0a1b2c3d'] },
    { 'inbound-cidrs': '203.0.113.0/24,2001:db8::/32', 'security-group-prefix-lists': 'pl-0a1b2c3d' }],
  ['security groups, with the way to the pods opened', { securityGroups: ['sg-0a1b2c3d', 'edge'] },
    { 'security-groups': 'sg-0a1b2c3d,edge', 'manage-backend-security-group-rules': 'true' }],
  ['security groups alone', { securityGroups: ['edge'], manageBackendSecurityGroupRules: false },
    { 'security-groups': 'edge', 'manage-backend-security-group-rules': 'false' }],
  ['two certificates', { certificateArns: [CERTIFICATE, `${CERTIFICATE}b`] }, { 'certificate-arn': `${CERTIFICATE},${CERTIFICATE}b` }],
  ['a certificate to be made', { createCertificate: true }, { 'create-acm-cert': 'true' }],
  ['a private certificate to be made', { createCertificate: true, certificateAuthorityArn: AUTHORITY }, { 'create-acm-cert': 'true', 'acm-pca-arn': AUTHORITY }],
  ['a TLS policy', { sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' }, { 'ssl-policy': 'ELBSecurityPolicy-TLS13-1-3-2021-06' }],
  ['bearer tokens', { auth: jwt }, { 'jwt-validation': '{"jwksEndpoint":"https://id.example.com/keys","issuer":"https://id.example.com"}' }],
  ['listeners with attributes and client certificates', {
    listeners: [
      Listener.http(80, { attributes: { serverHeader: false } }), Listener.https(443, { clientCertificates: ClientCertificates.passthrough() }),
      Listener.https(8443, { clientCertificates: ClientCertificates.off(), attributes: { serverHeader: false } }),
    ],
  }, {
    'listen-ports': '[{"HTTP":80},{"HTTPS":443},{"HTTPS":8443}]',
    'listener-attributes.HTTP-80': 'routing.http.response.server.enabled=false',
    'listener-attributes.HTTPS-8443': 'routing.http.response.server.enabled=false',
    'mutual-authentication': '[{"port":443,"mode":"passthrough"},{"port":8443,"mode":"off"}]',
  }],
  ['HTTP alone', { listeners: http }, { 'listen-ports': '[{"HTTP":80}]', 'ssl-redirect': undefined, 'ssl-policy': undefined }],
  ['nodes by their labels', { targetType: TargetType.INSTANCE, targetNodeLabels: { 'node.example.com/pool': 'edge' } },
    { 'target-type': 'instance', 'target-node-labels': 'node.example.com/pool=edge' }],
  ['a target control port', { targetControlPort: 3000 }, { 'target-control-port.door.8443': '3000' }],
  ['several clusters', { multiClusterTargetGroup: true }, { 'multi-cluster-target-group': 'true' }],
  ['attributes of targets, beside the delay', { targetGroupAttributes: { stickiness: Stickiness.off(), crossZone: CrossZone.ON }, deregistrationDelay: Duration.seconds(20) },
    { 'target-group-attributes': 'deregistration_delay.timeout_seconds=20,load_balancing.cross_zone.enabled=true,stickiness.enabled=false' }],
  ['another health check', { healthCheck: { interval: Duration.seconds(10), timeout: Duration.seconds(9), healthyThreshold: 10, unhealthyThreshold: 3 } }, {
    'healthcheck-interval-seconds': '10', 'healthcheck-timeout-seconds': '9', 'healthy-threshold-count': '10', 'unhealthy-threshold-count': '3',
  }],
  ['HTTP/2, asked by HTTP/1.1 on the status port as ever', { protocolVersion: BackendProtocolVersion.HTTP2 }, { 'backend-protocol-version': 'HTTP2' }],
  ['gRPC, asked by gRPC on the traffic port', { protocolVersion: BackendProtocolVersion.GRPC }, {
    'backend-protocol-version': 'GRPC', 'healthcheck-port': 'traffic-port', 'healthcheck-protocol': 'HTTPS', 'healthcheck-path': '/AWS.ALB/healthcheck', 'success-codes': '0-99',
  }],
  ['gRPC over plain HTTP', { protocolVersion: BackendProtocolVersion.GRPC }, {
    'backend-protocol-version': 'GRPC', 'healthcheck-port': 'traffic-port', 'healthcheck-path': '/AWS.ALB/healthcheck', 'success-codes': '0-99',
  }, backend({ backendProtocol: BackendProtocol.HTTP })],
  ['a Network Load Balancer in front, as public as the other', { frontendNlb: {} }, {
    'enable-frontend-nlb': 'true', 'frontend-nlb-scheme': 'internet-facing', 'frontend-nlb-healthcheck-port': '443',
    'frontend-nlb-healthcheck-protocol': 'HTTPS', 'frontend-nlb-healthcheck-success-codes': '200-499',
  }],
  ['an internal one in front of HTTP alone', { frontendNlb: { portMapping: [{ nlbPort: 8080, albPort: 80 }] }, scheme: AlbScheme.INTERNAL, listeners: http }, {
    'listen-ports': '[{"HTTP":80}]', 'ssl-redirect': undefined, 'ssl-policy': undefined, scheme: 'internal',
    'enable-frontend-nlb': 'true', 'frontend-nlb-scheme': 'internal', 'frontend-nlb-listener-port-mapping': '8080=80', 'frontend-nlb-healthcheck-port': '80',
    'frontend-nlb-healthcheck-protocol': 'HTTP', 'frontend-nlb-healthcheck-success-codes': '200-499',
  }],
  ['how long DNS records live', { dnsTtl: Duration.minutes(1) }, { 'external-dns.alpha.kubernetes.io/ttl': '60', 'external-dns.kubernetes.io/ttl': '60' }],
])('%s changes these annotations, and no others', (_, options, expected, ...behind) => {
  expect(written(options, ...behind)).toEqual(expected);
});

type Refused = [what: string, options: AlbOptions, prop: string, value: unknown, allowed: RegExp, neighbour: AlbOptions, behind?: IAlbBackend];

const REFUSED: Refused[] = [
  ['certificates without HTTPS', { listeners: http, certificateArns: [CERTIFICATE] }, 'certificateArns', [CERTIFICATE], /HTTPS listener/, { listeners: https, certificateArns: [CERTIFICATE] }],
  ['a certificate to be made without HTTPS', { listeners: http, createCertificate: true }, 'createCertificate', true, /HTTPS listener/, { listeners: http, createCertificate: false }],
  ['a TLS policy without HTTPS', { listeners: http, sslPolicy: 'ELBSecurityPolicy-2016-08' }, 'sslPolicy', 'ELBSecurityPolicy-2016-08', /HTTPS listener/,
    { listeners: https, sslPolicy: 'ELBSecurityPolicy-2016-08' }],
  ['logging in without HTTPS', { listeners: http, auth: jwt }, 'auth', jwt, /HTTPS listener/, { listeners: https, auth: jwt }],
  ['HTTP/2 without HTTPS', { listeners: http, protocolVersion: BackendProtocolVersion.HTTP2 }, 'protocolVersion', 'HTTP2', /HTTPS listener/,
    { listeners: http, protocolVersion: BackendProtocolVersion.HTTP1 }],
  ['gRPC without HTTPS', { listeners: http, protocolVersion: BackendProtocolVersion.GRPC }, 'protocolVersion', 'GRPC', /HTTPS listener/,
    { listeners: [...http, ...https], protocolVersion: BackendProtocolVersion.GRPC }],
  ['a port twice', { listeners: [Listener.http(443), Listener.https(443)] }, 'listeners[1].port', 443, /already in the list/, { listeners: [Listener.http(442), Listener.https(443)] }],
  ['no listener', { listeners: [] }, 'listeners', [], /at least 1/, { listeners: http }],
  ['a certificate that is there and one to be made', { certificateArns: [CERTIFICATE], createCertificate: true }, 'createCertificate', true, /certificateArns, which take precedence/,
    { certificateArns: [CERTIFICATE], createCertificate: false }],
  ['a private authority for nothing', { certificateAuthorityArn: AUTHORITY }, 'certificateAuthorityArn', AUTHORITY, /without createCertificate/,
    { createCertificate: true, certificateAuthorityArn: AUTHORITY }],
  ['what is no private authority', { createCertificate: true, certificateAuthorityArn: CERTIFICATE }, 'certificateAuthorityArn', CERTIFICATE, /private certificate authority/,
    { createCertificate: true, certificateAuthorityArn: AUTHORITY }],
  ['one subnet', { subnets: ['a'] }, 'subnets', ['a'], /at least 2/, { subnets: ['a', 'b'] }],
  ['a subnet twice', { subnets: ['a', 'a'] }, 'subnets[1]', 'a', /already in the list/, { subnets: ['a', 'b'] }],
  ['a name of 33 characters', { loadBalancerName: 'a'.repeat(33) }, 'loadBalancerName', 'a'.repeat(33), /1 to 32/, { loadBalancerName: 'a'.repeat(32) }],
  ['a name that AWS keeps for itself', { loadBalancerName: 'internal-a' }, 'loadBalancerName', 'internal-a', /not starting with internal-/, { loadBalancerName: 'internal' }],
  ['a group of 64 characters', inGroup('a'.repeat(64), 1), 'group', 'a'.repeat(64), /1 to 63/, inGroup('a'.repeat(63), 1)],
  ['a group in upper case', inGroup('Edge', 1), 'group', 'Edge', /lowercase/, inGroup('edge', 1)],
  ['an order without a group', { groupOrder: 1 }, 'group', undefined, /because the IngressClass does not set one/, inGroup('edge', 1)],
  ['an order below -1000', inGroup('a', -1001), 'groupOrder', -1001, /-1000 to 1000/, inGroup('a', -1000)],
  ['an order above 1000', inGroup('a', 1001), 'groupOrder', 1001, /-1000 to 1000/, inGroup('a', 1000)],
  ['half an order', inGroup('a', 0.5), 'groupOrder', 0.5, /an integer/, inGroup('a', 1)],
  ['a web ACL by ARN and by name', { wafv2AclArn: ACL, wafv2AclName: 'edge' }, 'wafv2AclName', 'edge', /the controller would use the name/, { wafv2AclArn: ACL }],
  ['a web ACL of CloudFront', { wafv2AclArn: ACL.replace('regional', 'global') }, 'wafv2AclArn', ACL.replace('regional', 'global'), /regional/, { wafv2AclArn: ACL }],
  ['inbound CIDRs beside security groups', { securityGroups: ['a'], inboundCidrs: ['10.0.0.0/8'] }, 'inboundCidrs', ['10.0.0.0/8'], /securityGroups/, { inboundCidrs: ['10.0.0.0/8'] }],
  ['prefix lists beside security groups', { securityGroups: ['a'], inboundPrefixLists: ['pl-0a1b2c3d'] }, 'inboundPrefixLists', ['pl-0a1b2c3d'], /securityGroups/, { securityGroups: ['a'] }],
  ['what is no prefix list', { inboundPrefixLists: ['pl-0a1b2c3d', '10.0.0.0/8'] }, 'inboundPrefixLists[1]', '10.0.0.0/8', /pl-/, { inboundPrefixLists: ['pl-0a1b2c3d'] }],
  ['what is no CIDR block', { inboundCidrs: ['10.0.0.0/33'] }, 'inboundCidrs[0]', '10.0.0.0/33', /CIDR/, { inboundCidrs: ['10.0.0.0/32'] }],
  ['a CIDR block with host bits', { inboundCidrs: ['10.0.0.0/8', '10.0.0.1/8'] }, 'inboundCidrs[1]', '10.0.0.1/8', /host bits/, { inboundCidrs: ['10.0.0.1/32'] }],
  ['managed rules without groups', { manageBackendSecurityGroupRules: true }, 'manageBackendSecurityGroupRules', true, /without securityGroups/,
    { securityGroups: ['a'], manageBackendSecurityGroupRules: true }],
  ['unmanaged rules without groups', { manageBackendSecurityGroupRules: false }, 'manageBackendSecurityGroupRules', false, /without securityGroups/,
    { securityGroups: ['a'], manageBackendSecurityGroupRules: false }],
  ['less than no capacity', { minimumCapacityUnits: -1 }, 'minimumCapacityUnits', -1, /0 to 999999999/, { minimumCapacityUnits: 0 }],
  ['more capacity than can be written', { minimumCapacityUnits: 1e9 }, 'minimumCapacityUnits', 1e9, /0 to 999999999/, { minimumCapacityUnits: 999_999_999 }],
  ['a malformed pool', { ipamIpv4PoolId: 'pool' }, 'ipamIpv4PoolId', 'pool', /ipam-pool-/, { ipamIpv4PoolId: 'ipam-pool-1' }],
  ['an attribute out of bounds', { attributes: { idleTimeout: Duration.seconds(4001) } }, 'attributes.idleTimeout', '4001000 ms', /1 to 4000/, { attributes: { idleTimeout: Duration.seconds(4000) } }],
  ['an attribute of targets out of bounds', { targetGroupAttributes: { slowStart: Duration.seconds(29) } }, 'targetGroupAttributes.slowStart', '29000 ms', /30 to 900/,
    { targetGroupAttributes: { slowStart: Duration.seconds(30) } }],
  ['the delay among the attributes', { targetGroupAttributes: { other: { 'deregistration_delay.timeout_seconds': '1' } } },
    'targetGroupAttributes.other.deregistration_delay.timeout_seconds', '1', /deregistrationDelay/, { deregistrationDelay: Duration.seconds(1) }],
  ['a tag of AWS', { tags: { 'aws:a': 'b' } }, 'tags', 'aws:a', /aws:/, { tags: { a: 'b' } }],
  ['nodes of a ClusterIP Service', { targetType: TargetType.INSTANCE }, 'targetType', 'instance', /^must be ip, which the Service supports$/, { targetType: TargetType.IP }, ip],
  ['pods where there are only nodes', { targetType: TargetType.IP }, 'targetType', 'ip', /^must be instance, /, {}, nodes],
  ['labels of nodes with pods as targets', { targetNodeLabels: { a: 'b' } }, 'targetNodeLabels', { a: 'b' }, /target type ip/, { targetType: TargetType.INSTANCE, targetNodeLabels: { a: 'b' } }],
  ['a malformed label of nodes', { targetType: TargetType.INSTANCE, targetNodeLabels: { a: 'b c' } }, 'targetNodeLabels.a', 'b c', /label/, {}],
  ['no label of nodes', { targetType: TargetType.INSTANCE, targetNodeLabels: {} }, 'targetNodeLabels', {}, /at least one entry/, {}],
  ['a control port with nodes as targets', { targetType: TargetType.INSTANCE, targetControlPort: 1 }, 'targetControlPort', 1, /target type instance/, { targetControlPort: 1 }],
  ['a control port above 65535', { targetControlPort: 65536 }, 'targetControlPort', 65536, /1 to 65535/, { targetControlPort: 65535 }],
  ['a health check as long as its interval', { healthCheck: { interval: Duration.seconds(6), timeout: Duration.seconds(6) } }, 'healthCheck.timeout', '6 s', /less than the interval of 6 s/,
    { healthCheck: { interval: Duration.seconds(6), timeout: Duration.seconds(5) } }],
  ['an interval as short as the usual timeout', { healthCheck: { interval: Duration.seconds(5) } }, 'healthCheck.timeout', '5 s', /5 s/, { healthCheck: { interval: Duration.seconds(6) } }],
  ['a timeout as long as the usual interval', { healthCheck: { timeout: Duration.seconds(15) } }, 'healthCheck.timeout', '15 s', /15 s/, { healthCheck: { timeout: Duration.seconds(14) } }],
  ['an interval below 5 s', { healthCheck: { interval: Duration.seconds(4) } }, 'healthCheck.interval', '4000 ms', /5 to 300/, { healthCheck: { interval: Duration.seconds(300) } }],
  ['a timeout below 2 s', { healthCheck: { timeout: Duration.seconds(1) } }, 'healthCheck.timeout', '1000 ms', /2 to 120/, { healthCheck: { timeout: Duration.seconds(2) } }],
  ['one success', { healthCheck: { healthyThreshold: 1 } }, 'healthCheck.healthyThreshold', 1, /2 to 10/, { healthCheck: { healthyThreshold: 2 } }],
  ['eleven failures', { healthCheck: { unhealthyThreshold: 11 } }, 'healthCheck.unhealthyThreshold', 11, /2 to 10/, { healthCheck: { unhealthyThreshold: 10 } }],
  ['a delay beyond the drain', { deregistrationDelay: Duration.seconds(21) }, 'deregistrationDelay', '21000 ms', /from 0 to 20, the drain duration/, { deregistrationDelay: Duration.seconds(20) }],
  ['a mapping to a port without a listener', { frontendNlb: { portMapping: [{ nlbPort: 80, albPort: 81 }] } }, 'frontendNlb.portMapping[0].albPort', 81, /80, 443/,
    { frontendNlb: { portMapping: [{ nlbPort: 80, albPort: 443 }] } }],
  ['an unknown address type', { ipAddressType: 'ipv6' as IpAddressType }, 'ipAddressType', 'ipv6', /dualstack/, { ipAddressType: IpAddressType.DUALSTACK }],
  ['an unknown version', { protocolVersion: 'HTTP3' as BackendProtocolVersion }, 'protocolVersion', 'HTTP3', /HTTP2/, { protocolVersion: BackendProtocolVersion.HTTP2 }],
  ['DNS records that never live', { dnsTtl: Duration.seconds(0) }, 'dnsTtl', '0 ms', /from 1/, { dnsTtl: Duration.seconds(1) }],
];

test.each(REFUSED)('%s is rejected, with its option and the construct path', (_, options, prop, value, reason, neighbour, behind = backend()) => {
  expect(refusal(() => annotations(options, behind))).toEqual({ prop, value, reason: expect.stringMatching(reason), path: 'chart/Alb' });
  expect(() => annotations(neighbour, behind)).not.toThrow();
});

test('a Service with its own Network Load Balancer cannot be behind an ALB', () => {
  const layer4 = backend({ targetTypes: [] });
  expect(refusal(() => annotations({}, layer4))).toEqual({ prop: 'backend', value: 'door', reason: 'cannot be behind an ALB: it has its own Network Load Balancer', path: 'chart/Alb' });
  const chart = emptyChart();
  const props = { backend: layer4, hosts: ['a.b'] };
  expect(Alb._ifWanted(chart, 'Unwanted', props, undefined)).toBeUndefined();
  expect(refusal(() => Alb._ifWanted(chart, 'Wanted', props, {}))).toMatchObject({ prop: 'alb', path: 'chart' });
  expect(Alb._ifWanted(chart, 'Usual', { ...props, backend: backend() }, undefined)).toBeInstanceOf(Alb);
});

test('a frontend NLB checks a listener that does not verify client certificates', () => {
  const verifying = Listener.https(443, { clientCertificates: ClientCertificates.verify({ trustStore: 'clients' }) });
  expect(written({ listeners: [verifying, Listener.https(8443)], frontendNlb: {} })).toMatchObject({ 'frontend-nlb-healthcheck-port': '8443' });
  expect(written({ listeners: [Listener.https(443, { clientCertificates: ClientCertificates.passthrough() })], frontendNlb: {} })).toMatchObject({ 'frontend-nlb-healthcheck-port': '443' });
  expect(refusal(() => annotations({ listeners: [verifying], frontendNlb: {} }, ip))).toMatchObject({ prop: 'frontendNlb.healthCheck.port', path: 'chart/Alb' });
});
