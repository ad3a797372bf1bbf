// Random Services of type LoadBalancer that people could write, right ones and wrong ones. Left out are values that the oracle, an older version
// of the controller, reads differently: capacities that are no numbers, and path MTU discovery.
import { dump } from 'js-yaml';
import * as fc from 'fast-check';

const PREFIX = 'service.beta.kubernetes.io/';

/** Annotations with values to choose from, without `aws-load-balancer-`; the first is right. */
const AWS: Readonly<Record<string, readonly string[]>> = {
  'type': ['external', 'nlb-ip', 'nlb', 'x'],
  'nlb-target-type': ['ip', 'instance', 'alb', ''],
  'name': ['mine', 'a'.repeat(33), ''],
  'scheme': ['internet-facing', 'internal', 'public'],
  'internal': ['true', 'false', 'yes'],
  'proxy-protocol': ['*', 'true'],
  'proxy-protocol-per-target-group': ['80', '443,80', 'http', '80, ,443', ''],
  'ip-address-type': ['dualstack', 'ipv4', 'dualstack-without-public-ipv4'],
  'access-log-enabled': ['true', 'false', 'x'],
  'access-log-s3-bucket-name': ['logs', ''],
  'cross-zone-load-balancing-enabled': ['true', 'false', 'no'],
  'ssl-cert': ['arn:aws:acm:us-east-1:123456789012:certificate/a', 'arn:a,arn:b', ''],
  'ssl-ports': ['443', 'https', '80,443', '8443', '*'],
  'ssl-negotiation-policy': ['ELBSecurityPolicy-TLS13-1-2-2021-06', ''],
  'backend-protocol': ['ssl', 'tcp', 'SSL'],
  'additional-resource-tags': ['a=1,b=2', 'a', ''],
  'healthcheck-healthy-threshold': ['2', '11', 'x'],
  'healthcheck-unhealthy-threshold': ['2', '-1', ' 3'],
  'healthcheck-timeout': ['6', '1.5'],
  'healthcheck-interval': ['30', '99999999999'],
  'healthcheck-protocol': ['http', 'HTTPS', 'tcp', 'udp'],
  'healthcheck-port': ['15021', 'traffic-port', 'http', 'named', 'gone', '+80'],
  'healthcheck-path': ['/healthz/ready', ''],
  'healthcheck-success-codes': ['200', '200-399'],
  'target-group-attributes': ['preserve_client_ip.enabled=true', 'preserve_client_ip.enabled=maybe', 'proxy_protocol_v2.enabled=', 'a=1', 'x'],
  'target-group-attributes.80': ['stickiness.enabled=true', 'preserve_client_ip.enabled=', 'a=', 'x'],
  'subnets': ['subnet-1,subnet-2', 'subnet-1', 'missing', 'one,two', 'subnet-2-az-b,subnet-1-az-a', 'subnet-1-az-a,subnet-2-az-a', ''],
  'eip-allocations': ['eipalloc-1,eipalloc-2', 'eipalloc-1', 'eipalloc-1,eipalloc-2,eipalloc-3', ''],
  'alpn-policy': ['HTTP2Preferred', 'http2'],
  'target-node-labels': ['role=edge', '', 'x'],
  'attributes': ['deletion_protection.enabled=true', 'dns_record.client_routing_policy=availability_zone_affinity', 'dns_record.client_routing_policy=x', 'x'],
  'security-groups': ['sg-1', 'sg-1,sg-2', 'missing', 'named', ''],
  'manage-backend-security-group-rules': ['true', 'false', 'x'],
  'inbound-sg-rules-on-private-link-traffic': ['on', 'off', 'x'],
  'security-group-prefix-lists': ['pl-1', 'pl-1,pl-2', ''],
  'listener-attributes.TCP-80': ['tcp.idle_timeout.seconds=400', 'x'],
  'listener-attributes.TLS-443': ['a=1'],
  'multi-cluster-target-group': ['true', 'false', 'x'],
  'enable-prefix-for-ipv6-source-nat': ['on', 'off', 'x'],
  'source-nat-ipv6-prefixes': ['auto_assigned,auto_assigned,auto_assigned', 'auto_assigned', 'x,auto_assigned,auto_assigned'],
  'minimum-load-balancer-capacity': ['CapacityUnits=5500', 'Units=1', ''],
  'enable-tcp-udp-listener': ['true', 'false', 'x'],
  'disable-nlb-sg': ['true', 'false', 'x'],
  'quic-enabled-ports': ['443', 'dns', '80'],
};

const forward = (...targetGroups: object[]) => JSON.stringify({ type: 'forward', forwardConfig: { baseServiceWeight: 50, targetGroups } });

/** Annotations with other keys. */
const OTHER: Readonly<Record<string, readonly string[]>> = {
  'load-balancer-source-ranges': ['203.0.113.0/24', '2001:db8::/32', ''],
  'actions.TCP-80': [
    forward({ serviceName: 'other', servicePort: 80, weight: 50 }), forward({ serviceName: 'gone', servicePort: 80 }), forward({ targetGroupARN: 'arn:x' }),
    forward({ serviceName: 'other', servicePort: 'web', weight: 10 }, { targetGroupARN: 'arn:y', weight: 1 }), forward({ serviceName: 'other' }),
    forward({ serviceName: 'other', servicePort: 80 }, { targetGroupARN: 'arn:y', weight: 1 }), '{"type":"redirect"}', 'x',
  ],
  'actions.TLS-443': [forward({ serviceName: 'other', servicePort: 80, weight: 50, decrypt: true })],
};

const VALUES = Object.fromEntries([...Object.entries(AWS).map(([key, own]) => [`${PREFIX}aws-load-balancer-${key}`, own]),
  ...Object.entries(OTHER).map(([key, own]) => [PREFIX + key, own])]) as Readonly<Record<string, readonly string[]>>;

/** Some annotations, most of them with their right value. */
const annotations = fc.uniqueArray(fc.constantFrom(...Object.keys(VALUES)), { maxLength: 5 }).chain(keys => fc.record(Object.fromEntries(
  keys.map(key => [key, fc.oneof(fc.constant(VALUES[key][0]), fc.constantFrom(...VALUES[key]))]),
)));

const HTTP = { name: 'http', port: 80, targetPort: 8080 };
const HTTPS = { name: 'https', port: 443, targetPort: 8443, protocol: 'TCP' };
const DNS = { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' };
const ports = fc.constantFrom([HTTP, HTTPS], [HTTPS, { name: 'status', port: 15021, targetPort: 15021 }], [DNS],
  [DNS, { ...DNS, name: 'dns-tcp', protocol: 'TCP' }],
  [{ name: 'named', port: 443, targetPort: 'web' }, HTTP], [{ ...HTTPS, name: 'quic', protocol: 'UDP' }, HTTPS, HTTP]);

const edge = fc.record({
  own: annotations,
  isIp: fc.boolean(),
  spec: fc.record({
    type: fc.constantFrom('LoadBalancer', 'LoadBalancer', 'LoadBalancer', 'LoadBalancer', 'NodePort', 'ClusterIP'),
    ports,
    loadBalancerClass: fc.constantFrom('service.k8s.aws/nlb', undefined, 'x/y'),
    externalTrafficPolicy: fc.constantFrom(undefined, undefined, 'Local'),
    allocateLoadBalancerNodePorts: fc.constantFrom(undefined, undefined, undefined, false),
    loadBalancerSourceRanges: fc.constantFrom(undefined, undefined, undefined, ['10.0.0.0/8'], ['2001:db8::/32']),
    ipFamilies: fc.constantFrom(undefined, undefined, undefined, ['IPv6'], ['IPv4', 'IPv6']),
  }),
}).map(({ own, isIp, spec }) => {
  const isBalancer = spec.type === 'LoadBalancer';
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'edge', namespace: 'shop',
      annotations: {
        ...own,
        ...isIp ? { [`${PREFIX}aws-load-balancer-nlb-target-type`]: 'ip' } : {},
        ...isBalancer ? {} : { [`${PREFIX}aws-load-balancer-type`]: 'external' },
      },
    },
    spec: isBalancer ? spec : { type: spec.type, ports: spec.ports, ipFamilies: spec.ipFamilies },
  };
});

const other = fc.constantFrom('ClusterIP', 'NodePort').map(type => (
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'other', namespace: 'shop' }, spec: { type, ports: [{ name: 'web', port: 80, targetPort: 9090 }] } }));

/** An input as YAML: a Service, and one that may share its listeners. */
export const serviceInput: fc.Arbitrary<string> = fc.tuple(edge, other).map(objects => (
  objects.map(object => dump(JSON.parse(JSON.stringify(object)))).join('---\n')));
