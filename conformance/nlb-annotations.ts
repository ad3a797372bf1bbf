// Annotations of a Service of type LoadBalancer, with values that people could write. The compiler demands values for every row of the table.
import * as fc from 'fast-check';
import { NLB_TABLE, type NlbSettings } from '../src/base/nlb-annotations/annotations';
import { type Annotation, annotationsOf, exactly, type Family, type Values, values } from './annotation-values';
import { mostly } from './rule-annotations';

const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/';
const THRESHOLDS = values(['2', '3', '10'], ['11', 'x', '-1', ' 3', '']);
const BOOLEANS = values(['true', 'false'], ['x', 'yes', 'True', '1', '']);
const ON_OFF = values(['on', 'off'], ['x', 'On', 'true', '']);

const weight = mostly<number | undefined>(fc.constantFrom(1, 50, 0, 999), fc.constantFrom(undefined, 1000, -1));
const other = mostly<object>(
  fc.constantFrom({ serviceName: 'other', servicePort: 80 }, { serviceName: 'other', servicePort: 'web' }, { serviceName: 'other', servicePort: 80,
    decrypt: true }, { targetGroupARN: 'arn:y' }),
  fc.constantFrom({ serviceName: 'gone', servicePort: 80 }, { serviceName: 'other' }, { serviceName: 'other', servicePort: 'gone' }, { servicePort: 80 }, {},
    { serviceName: 'other', servicePort: 80, targetGroupARN: 'arn:y' }, { serviceName: 'edge', servicePort: 80 }, { targetGroupARN: '' },
      { targetGroupName: 'x' }),
);

const action = mostly<object>(
  fc.record({
    baseServiceWeight: weight,
    targetGroups: mostly(fc.array(fc.tuple(other, weight).map(([own, share]) => ({ ...own, weight: share })), { minLength: 1, maxLength: 3 }), fc.array(other,
      { maxLength: 2 })),
    targetGroupStickinessConfig: fc.constantFrom(undefined, undefined, { enabled: true }, { enabled: false, durationSeconds: 60 }, {}),
  }).map(forwardConfig => ({ type: 'forward', forwardConfig })),
  fc.constantFrom({ type: 'redirect' }, { type: 'forward' }, {}, { type: 'forward', forwardConfig: {} }),
).map(own => JSON.stringify(own));

const LISTENERS = ['TCP-80', 'TCP-443', 'TLS-443', 'UDP-53', 'TCP_UDP-53', 'QUIC-443', 'TCP_QUIC-443', 'TLS-80'];

/** Left out are values that the oracle, an older version of the controller, reads differently: capacities that are no numbers, and path MTU discovery. */
const VALUES: { readonly [P in keyof NlbSettings]-?: Values | Family } = {
  type: values(['external', 'nlb-ip', 'nlb'], ['x', 'External', '']),
  loadBalancerName: values(['mine'], ['a'.repeat(33), '', 'ü'.repeat(17)]),
  scheme: values(['internet-facing', 'internal'], ['public', 'Internal', '']),
  internal: BOOLEANS,
  ipAddressType: values(['dualstack', 'dualstack', 'ipv4'], ['dualstack-without-public-ipv4', 'ipv6', '']),
  subnets: exactly(['subnet-1,subnet-2', 'subnet-1', 'one,two', 'subnet-2-az-b,subnet-1-az-a'], ['missing', 'subnet-1-az-a,subnet-2-az-a', '', ',']),
  eipAllocations: values(['eipalloc-1,eipalloc-2', 'eipalloc-1', 'eipalloc-1,eipalloc-2,eipalloc-3'], ['', ',']),
  // In the subnets of the oracle, as many as there are subnets: the plan does not know their blocks.
  privateIpv4Addresses: exactly(['192.168.0.10,192.168.1.10,192.168.2.10', '192.168.0.10,192.168.1.10', '192.168.0.10'],
    ['', 'x', '2600:1f13:837:8500::1', '10.0.0.300', '10.0.0.0/8', '192.168.0.10,192.168.1.10,2600:1f13:837:8502::1']),
  ipv6Addresses: exactly(['2600:1f13:837:8500::1,2600:1f13:837:8501::1,2600:1f13:837:8502::1', '2600:1f13:837:8500::1'], ['', 'x', '192.168.0.10', '::/0']),
  enablePrefixForIpv6SourceNat: ON_OFF,
  sourceNatIpv6Prefixes: values(['auto_assigned,auto_assigned,auto_assigned', 'auto_assigned,auto_assigned', 'auto_assigned'],
    ['x,auto_assigned,auto_assigned', '', '2600:1f13:837:8500::/64,auto_assigned,auto_assigned', '10.0.0.0/80,auto_assigned,auto_assigned']),
  disableNlbSecurityGroup: BOOLEANS,
  securityGroups: values(['sg-1', 'sg-1,sg-2', 'named'], ['missing', '', ',']),
  manageBackendSecurityGroupRules: BOOLEANS,
  sourceRanges: values(['203.0.113.0/24', '2001:db8::/32', '0.0.0.0/0', '203.0.113.0/24,10.0.0.0/8'], ['', 'x', '10.0.0.1', '10.0.0.1/8']),
  securityGroupPrefixLists: values(['pl-1', 'pl-1,pl-2'], ['', ',']),
  icmpForPathMtuDiscovery: values(['off']),
  inboundRulesOnPrivateLinkTraffic: ON_OFF,
  loadBalancerAttributes: values(['deletion_protection.enabled=true', 'dns_record.client_routing_policy=availability_zone_affinity',
    'load_balancing.cross_zone.enabled=false'],
    ['dns_record.client_routing_policy=x', 'x', '', 'A.B=1', 'load_balancing.cross_zone.enabled=maybe', 'access_logs.s3.enabled=x']),
  accessLogEnabled: BOOLEANS,
  accessLogBucketName: values(['logs'], ['']),
  accessLogBucketPrefix: values(['edge'], ['']),
  crossZone: BOOLEANS,
  minimumLoadBalancerCapacity: values(['CapacityUnits=5500', 'CapacityUnits=0'], ['Units=1', '', 'CapacityUnits=1,Units=1']),
  tags: values(['a=1,b=2', 'team=x', 'cost=1'], ['a', '', 'a=']),
  certificateArns: values([`${ARN}a`, `${ARN}a,${ARN}b`], ['arn:a,arn:b', '', ',']),
  tlsPorts: values(['443', 'https', '80,443', '*', 'http'], ['8443', '', ',']),
  sslPolicy: values(['ELBSecurityPolicy-TLS13-1-2-2021-06'], ['']),
  backendProtocol: values(['ssl', 'tcp'], ['SSL', 'http', '']),
  alpnPolicy: values(['HTTP2Preferred', 'None', 'HTTP1Only'], ['http2', '']),
  enableTcpUdpListener: values(['true', 'true', 'false'], ['x', '']),
  quicPorts: values(['443', 'dns', '53', '80'], ['', ',']),
  listenerAttributes: { names: LISTENERS, values: values(['tcp.idle_timeout.seconds=400', 'a=1'], ['x', '']) },
  actions: { names: LISTENERS, values: { right: action } },
  targetType: values(['ip', 'instance'], ['alb', '', 'IP']),
  targetNodeLabels: values(['role=edge', 'role=edge,zone=a'], ['', 'x']),
  targetGroupAttributes: values(['preserve_client_ip.enabled=true', 'preserve_client_ip.enabled=false', 'a=1', 'proxy_protocol_v2.enabled=true'],
    ['preserve_client_ip.enabled=maybe', 'proxy_protocol_v2.enabled=', 'x', 'preserve_client_ip.enabled=T', 'preserve_client_ip.enabled=', '']),
  portTargetGroupAttributes: { names: ['80', '443', '53', '8080'], values: values(['stickiness.enabled=true', 'preserve_client_ip.enabled=true',
    'preserve_client_ip.enabled=false'],
    ['preserve_client_ip.enabled=', 'a=', 'x', '']) },
  proxyProtocol: values(['*'], ['true', '', '* ']),
  proxyProtocolPorts: values(['80', '443,80', '443'], ['http', '80, ,443', '', '0', '99999999999999999999', '080', '+80']),
  multiClusterTargetGroup: BOOLEANS,
  healthCheckProtocol: values(['http', 'HTTPS', 'tcp', 'TCP'], ['udp', '', 'Http']),
  healthCheckPort: values(['15021', 'traffic-port', 'http', 'https', '8080', '8443'], ['named', 'gone', '+80', '', '0', '-1', '70000', 'Traffic-Port',
    '4294967376', '080']),
  healthCheckPath: values(['/healthz/ready', '/'], ['', 'healthz']),
  healthCheckSuccessCodes: values(['200', '200-399'], ['', 'OK']),
  healthCheckInterval: values(['30', '10'], ['99999999999', '10s', '']),
  healthCheckTimeout: values(['6', '10'], ['1.5', '']),
  healthyThreshold: THRESHOLDS,
  unhealthyThreshold: THRESHOLDS,
};

/** All annotations; several of them belong together, and come together. */
export const serviceAnnotations: readonly Annotation[] = (Object.keys(VALUES) as (keyof NlbSettings)[])
  .flatMap(prop => annotationsOf(NLB_TABLE.keyOf(prop), VALUES[prop]));

const of = (settings: { readonly [P in keyof NlbSettings]?: string }): Readonly<Record<string, string>> => (
  Object.fromEntries(Object.entries(settings).map(([prop, value]) => [NLB_TABLE.keyOf(prop as keyof NlbSettings), value])));

/** Annotations that only have an effect together. */
export const COMBINATIONS: readonly Readonly<Record<string, string>>[] = [
  {}, {}, {},
  of({ certificateArns: `${ARN}a` }),
  of({ certificateArns: `${ARN}a`, tlsPorts: '443' }),
  of({ certificateArns: `${ARN}a`, tlsPorts: 'https', backendProtocol: 'ssl' }),
  of({ scheme: 'internet-facing', ipAddressType: 'dualstack' }),
  of({ ipAddressType: 'dualstack', enablePrefixForIpv6SourceNat: 'on' }),
  of({ scheme: 'internet-facing', subnets: 'subnet-1,subnet-2', eipAllocations: 'eipalloc-1,eipalloc-2' }),
  of({ enableTcpUdpListener: 'true' }),
  of({ enableTcpUdpListener: 'true', quicPorts: '443,dns' }),
  of({ quicPorts: 'quic' }),
  of({ disableNlbSecurityGroup: 'true' }),
  of({ disableNlbSecurityGroup: 'true', targetGroupAttributes: 'preserve_client_ip.enabled=true' }),
  of({ securityGroups: 'sg-1', manageBackendSecurityGroupRules: 'true' }),
];
