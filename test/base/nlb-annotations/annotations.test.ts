// The table of annotations of Services: it is complete, and what it writes is read back.
import { NLB_ANNOTATIONS, NLB_TABLE, type NlbAnnotation, type NlbSettings } from '../../../src/base/nlb-annotations/annotations';

const ROWS = NLB_ANNOTATIONS as Record<keyof NlbSettings, NlbAnnotation>;

/** The keys that the controller reads from Services (3.5.0 pkg/annotations/constants.go, SvcLBSuffix…), after `aws-load-balancer-`. */
const KEYS = `access-log-enabled access-log-s3-bucket-name access-log-s3-bucket-prefix additional-resource-tags alpn-policy attributes backend-protocol
  cross-zone-load-balancing-enabled disable-nlb-sg eip-allocations enable-icmp-for-path-mtu-discovery enable-prefix-for-ipv6-source-nat enable-tcp-udp-listener
  healthcheck-healthy-threshold healthcheck-interval healthcheck-path healthcheck-port healthcheck-protocol healthcheck-success-codes healthcheck-timeout
  healthcheck-unhealthy-threshold inbound-sg-rules-on-private-link-traffic internal ip-address-type ipv6-addresses listener-attributes
  manage-backend-security-group-rules minimum-load-balancer-capacity multi-cluster-target-group name nlb-target-type private-ipv4-addresses proxy-protocol
  proxy-protocol-per-target-group quic-enabled-ports scheme security-group-prefix-lists security-groups source-nat-ipv6-prefixes ssl-cert ssl-negotiation-policy
  ssl-ports subnets target-group-attributes target-node-labels type`.split(/\s+/);

/** A legal value for every setting. */
const LEGAL: Required<NlbSettings> = {
  type: 'external',
  loadBalancerName: 'edge',
  scheme: 'internal',
  internal: true,
  ipAddressType: 'dualstack',
  subnets: ['subnet-01234567', 'Public A'],
  eipAllocations: ['eipalloc-01234567'],
  privateIpv4Addresses: ['10.0.0.1'],
  ipv6Addresses: ['2001:db8::1'],
  enablePrefixForIpv6SourceNat: 'on',
  sourceNatIpv6Prefixes: ['auto_assigned'],
  disableNlbSecurityGroup: false,
  securityGroups: ['sg-01234567'],
  manageBackendSecurityGroupRules: true,
  sourceRanges: ['10.0.0.0/8'],
  securityGroupPrefixLists: ['pl-01234567'],
  icmpForPathMtuDiscovery: 'on',
  inboundRulesOnPrivateLinkTraffic: 'off',
  loadBalancerAttributes: { 'deletion_protection.enabled': 'true' },
  accessLogEnabled: true,
  accessLogBucketName: 'logs',
  accessLogBucketPrefix: 'edge',
  crossZone: true,
  minimumLoadBalancerCapacity: { CapacityUnits: '100' },
  tags: { team: 'edge' },
  certificateArns: ['arn:aws:acm:us-east-1:123456789012:certificate/0a1b'],
  tlsPorts: ['https'],
  sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
  backendProtocol: 'ssl',
  alpnPolicy: 'HTTP2Preferred',
  enableTcpUdpListener: true,
  quicPorts: ['443'],
  listenerAttributes: { 'TCP-443': { 'tcp.idle_timeout.seconds': '400' } },
  actions: { 'TCP-443': { type: 'forward', forwardConfig: { baseServiceWeight: 1, targetGroups: [{ serviceName: 'other', servicePort: 443, weight: 1 }] } } },
  targetType: 'ip',
  targetNodeLabels: { role: 'edge' },
  targetGroupAttributes: { 'stickiness.enabled': 'true' },
  portTargetGroupAttributes: { 443: { 'stickiness.enabled': 'false' } },
  proxyProtocol: '*',
  proxyProtocolPorts: ['443'],
  multiClusterTargetGroup: true,
  healthCheckProtocol: 'http',
  healthCheckPort: '15021',
  healthCheckPath: '/healthz/ready',
  healthCheckSuccessCodes: '200-399',
  healthCheckInterval: 10,
  healthCheckTimeout: 6,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
} as Required<NlbSettings>;

test('the table has the keys that the controller reads, and no others', () => {
  const keys = [...new Set(Object.values(ROWS).map(({ key }) => key))].sort();
  expect(keys).toEqual([...KEYS.map(key => `aws-load-balancer-${key}`), 'actions', 'load-balancer-source-ranges'].sort());
});

test('what is written is read back, and the controller reads the same', () => {
  const annotations = NLB_TABLE.encode(LEGAL);
  expect(Object.keys(annotations)).toHaveLength(Object.keys(ROWS).length);
  expect(NLB_TABLE.decode(annotations)).toEqual({ settings: LEGAL, malformed: [], unknown: [] });
  expect(NLB_TABLE.decode(annotations, 'read')).toEqual({ settings: LEGAL, malformed: [], unknown: [] });
});

test('a key that the controller does not know is unknown, and other prefixes are not read', () => {
  const { unknown } = NLB_TABLE.decode({ 'service.beta.kubernetes.io/aws-load-balancer-source-ranges': '10.0.0.0/8', 'alb.ingress.kubernetes.io/scheme': 'internal' });
  expect(unknown).toEqual(['service.beta.kubernetes.io/aws-load-balancer-source-ranges']);
});

test('attributes of all ports and of one port are different settings', () => {
  const prefix = 'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes';
  expect(NLB_TABLE.decode({ [prefix]: 'a=1', [`${prefix}.80`]: 'a=2' }).settings).toEqual({ targetGroupAttributes: { a: '1' }, portTargetGroupAttributes: { 80: { a: '2' } } });
});

test.each(Object.entries(ROWS))('%s is documented', (_, { doc, default: otherwise }) => {
  expect(doc).toMatch(/\.$/);
  expect(otherwise).not.toBe('');
});
