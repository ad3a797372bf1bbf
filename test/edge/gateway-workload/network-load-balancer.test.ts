// The annotations of a Service with a Network Load Balancer.
import { AlbScheme, AlpnPolicy, IpAddressType, TargetType } from '../../../src/base/alb-annotations/words';
import { NetworkLoadBalancer, type NetworkLoadBalancerOptions, NLB_ANNOTATION_KEYS } from '../../../src/edge/gateway-workload/network-load-balancer';
import { refusal } from '../../refusal';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';

function annotations(options?: NetworkLoadBalancerOptions): Record<string, string> {
  return Object.fromEntries(Object.entries(new NetworkLoadBalancer(options).annotations(30)).map(([key, value]) => [key.replace(PREFIX, ''), value]));
}

test('by default it is public, sends to pods in all zones, and preserves client addresses', () => {
  expect(annotations()).toEqual({
    'type': 'external',
    'scheme': 'internet-facing',
    'nlb-target-type': 'ip',
    'attributes': 'deletion_protection.enabled=false,load_balancing.cross_zone.enabled=true',
    'target-group-attributes': 'deregistration_delay.timeout_seconds=30,preserve_client_ip.enabled=true,proxy_protocol_v2.enabled=false',
    'healthcheck-protocol': 'http',
    'healthcheck-port': '15021',
    'healthcheck-path': '/healthz/ready',
    'healthcheck-success-codes': '200',
  });
});

test('every option is rendered', () => {
  expect(annotations({
    scheme: AlbScheme.INTERNET_FACING, subnets: ['subnet-0a1b2c3d', 'public-b'], securityGroups: ['sg-0a1b2c3d'], loadBalancerName: 'door',
    ipAddressType: IpAddressType.DUALSTACK, eipAllocations: ['eipalloc-0a1b2c3d', 'eipalloc-0a1b2c3e'], crossZone: false, targetType: TargetType.INSTANCE,
    preserveClientIp: false, deletionProtection: true, loadBalancerAttributes: { 'access_logs.s3.enabled': 'true' },
    targetGroupAttributes: { 'stickiness.enabled': 'true' }, tags: { team: 'edge', cost: 'a=b' },
  })).toEqual({
    'type': 'external',
    'scheme': 'internet-facing',
    'nlb-target-type': 'instance',
    'name': 'door',
    'ip-address-type': 'dualstack',
    'subnets': 'subnet-0a1b2c3d,public-b',
    'eip-allocations': 'eipalloc-0a1b2c3d,eipalloc-0a1b2c3e',
    'security-groups': 'sg-0a1b2c3d',
    'manage-backend-security-group-rules': 'true',
    'attributes': 'access_logs.s3.enabled=true,deletion_protection.enabled=true,load_balancing.cross_zone.enabled=false',
    'target-group-attributes':
      'deregistration_delay.timeout_seconds=30,preserve_client_ip.enabled=false,proxy_protocol_v2.enabled=false,stickiness.enabled=true',
    'additional-resource-tags': 'cost=a=b,team=edge',
    'healthcheck-protocol': 'http',
    'healthcheck-port': 'status-port',
    'healthcheck-path': '/healthz/ready',
    'healthcheck-success-codes': '200',
  });
});

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/a';

test('with certificates, it has a TLS listener on 443 that encrypts again to the gateway', () => {
  expect(annotations({ certificateArns: [CERTIFICATE, `${CERTIFICATE}b`] })).toEqual({
    ...annotations(),
    'ssl-cert': `${CERTIFICATE},${CERTIFICATE}b`,
    'ssl-ports': '443',
    'ssl-negotiation-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    'backend-protocol': 'ssl',
  });
  expect(annotations({ certificateArns: [CERTIFICATE], sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06', alpnPolicy: AlpnPolicy.HTTP2_PREFERRED })).toMatchObject({
    'ssl-negotiation-policy': 'ELBSecurityPolicy-TLS13-1-3-2021-06', 'alpn-policy': 'HTTP2Preferred',
  });
});

test('sources of the created security group', () => {
  const { 'service.beta.kubernetes.io/load-balancer-source-ranges': ranges, ...others } = annotations({
    inboundCidrs: ['10.0.0.0/8', '2001:db8::/32'], inboundPrefixLists: ['pl-0a1b2c3d'], ipAddressType: IpAddressType.DUALSTACK,
  });
  expect(ranges).toBe('10.0.0.0/8,2001:db8::/32');
  expect(others).toEqual({ ...annotations(), 'security-group-prefix-lists': 'pl-0a1b2c3d', 'ip-address-type': 'dualstack' });
});

test('an internal load balancer can have private addresses', () => {
  expect(annotations({ scheme: AlbScheme.INTERNAL, subnets: ['a', 'b'], privateIpv4Addresses: ['10.0.0.5', '10.0.1.5'] }))
    .toMatchObject({ 'scheme': 'internal', 'subnets': 'a,b', 'private-ipv4-addresses': '10.0.0.5,10.0.1.5' });
});

test('empty maps are left out', () => {
  expect(annotations({ tags: {}, loadBalancerAttributes: {}, targetGroupAttributes: {} })).toEqual(annotations());
});

test('with the PROXY protocol, health checks only connect, because an HTTP check would receive a 400', () => {
  const { 'proxy-protocol': proxy, 'target-group-attributes': attributes, ...others } = annotations({ proxyProtocol: true });
  expect({ proxy, attributes })
    .toEqual({ proxy: '*', attributes: 'deregistration_delay.timeout_seconds=30,preserve_client_ip.enabled=false,proxy_protocol_v2.enabled=true' });
  expect(Object.entries(others).filter(([key]) => key.startsWith('healthcheck'))).toEqual([['healthcheck-protocol', 'tcp'], ['healthcheck-port', '15021']]);
});

test('every key is in the table', () => {
  const keys = Object.keys(new NetworkLoadBalancer({ proxyProtocol: true, subnets: ['a'], tags: { a: 'b' } }).annotations(1));
  expect(keys.filter(key => !NLB_ANNOTATION_KEYS.includes(key))).toEqual([]);
  expect(new Set(NLB_ANNOTATION_KEYS).size).toBe(NLB_ANNOTATION_KEYS.length);
});

const EIP = 'eipalloc-0a1b2c3d';

test.each<[NetworkLoadBalancerOptions, string]>([
  [{ scheme: 'public' as AlbScheme }, 'scheme'],
  [{ targetType: 'lambda' as TargetType }, 'targetType'],
  [{ ipAddressType: IpAddressType.DUALSTACK_WITHOUT_PUBLIC_IPV4 }, 'ipAddressType'],
  [{ loadBalancerName: 'a'.repeat(33) }, 'loadBalancerName'],
  [{ loadBalancerName: 'internal-door' }, 'loadBalancerName'],
  [{ loadBalancerName: '-door' }, 'loadBalancerName'],
  [{ subnets: [] }, 'subnets'],
  [{ subnets: ['a', 'subnet-x'] }, 'subnets[1]'],
  [{ subnets: ['a', 'a'] }, 'subnets[1]'],
  [{ securityGroups: ['sg-x'] }, 'securityGroups[0]'],
  [{ eipAllocations: [EIP] }, 'eipAllocations'],
  [{ eipAllocations: [EIP], subnets: ['a', 'b'] }, 'eipAllocations'],
  [{ eipAllocations: ['eip-1'], subnets: ['a'] }, 'eipAllocations[0]'],
  [{ eipAllocations: [EIP], subnets: ['a'], scheme: AlbScheme.INTERNAL }, 'eipAllocations'],
  [{ privateIpv4Addresses: ['10.0.0.5'], subnets: ['a'] }, 'privateIpv4Addresses'],
  [{ privateIpv4Addresses: ['10.0.0.5'], subnets: ['a'], scheme: AlbScheme.INTERNET_FACING }, 'privateIpv4Addresses'],
  [{ privateIpv4Addresses: ['10.0.0.5'], scheme: AlbScheme.INTERNAL }, 'privateIpv4Addresses'],
  [{ privateIpv4Addresses: ['10.0.0.5'], subnets: ['a', 'b'], scheme: AlbScheme.INTERNAL }, 'privateIpv4Addresses'],
  [{ privateIpv4Addresses: ['10.0.0.5', '10.0.0.5'], subnets: ['a', 'b'], scheme: AlbScheme.INTERNAL }, 'privateIpv4Addresses[1]'],
  [{ privateIpv4Addresses: ['::1'], subnets: ['a'], scheme: AlbScheme.INTERNAL }, 'privateIpv4Addresses[0]'],
  [{ privateIpv4Addresses: ['10.0.0'], subnets: ['a'], scheme: AlbScheme.INTERNAL }, 'privateIpv4Addresses[0]'],
  [{ inboundCidrs: ['10.0.0.1/8'] }, 'inboundCidrs[0]'],
  [{ inboundCidrs: ['10.0.0.1'] }, 'inboundCidrs[0]'],
  [{ inboundCidrs: [] }, 'inboundCidrs'],
  [{ inboundCidrs: ['10.0.0.0/8', '2001:db8::/32'] }, 'inboundCidrs[1]'],
  [{ inboundCidrs: ['10.0.0.0/8'], securityGroups: ['a'] }, 'inboundCidrs'],
  [{ inboundPrefixLists: ['pl-0a1b2c3d'], securityGroups: ['a'] }, 'inboundPrefixLists'],
  [{ inboundPrefixLists: ['list'] }, 'inboundPrefixLists[0]'],
  [{ certificateArns: [] }, 'certificateArns'],
  [{ certificateArns: ['a'] }, 'certificateArns[0]'],
  [{ certificateArns: [CERTIFICATE], https: false }, 'certificateArns'],
  [{ certificateArns: [CERTIFICATE], alpnPolicy: 'h2' as AlpnPolicy }, 'alpnPolicy'],
  [{ alpnPolicy: AlpnPolicy.HTTP2_ONLY }, 'alpnPolicy'],
  [{ sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' }, 'sslPolicy'],
  [{ http: false, https: false }, 'tcpPorts'],
  [{ http: false, https: false, tcpPorts: [] }, 'tcpPorts'],
  [{ http: 0 as unknown as boolean }, 'http'],
  [{ crossZone: 'yes' as unknown as boolean }, 'crossZone'],
  [{ deletionProtection: 1 as unknown as boolean }, 'deletionProtection'],
  [{ preserveClientIp: 1 as unknown as boolean }, 'preserveClientIp'],
  [{ proxyProtocol: 1 as unknown as boolean }, 'proxyProtocol'],
  [{ loadBalancerAttributes: { 'load_balancing.cross_zone.enabled': 'true' } }, 'loadBalancerAttributes.load_balancing.cross_zone.enabled'],
  [{ targetGroupAttributes: { 'deregistration_delay.timeout_seconds': '1' } }, 'targetGroupAttributes.deregistration_delay.timeout_seconds'],
  [{ targetGroupAttributes: { 'proxy_protocol_v2.enabled': 'true' } }, 'targetGroupAttributes.proxy_protocol_v2.enabled'],
  [{ https: 'no' as unknown as boolean }, 'https'],
  [{ tcpPorts: 5432 as unknown as number[] }, 'tcpPorts'],
  [{ tcpPorts: ['5432' as unknown as number] }, 'tcpPorts[0]'],
  [{ tcpPorts: [5432, 0] }, 'tcpPorts[1]'],
  [{ tcpPorts: [65536] }, 'tcpPorts[0]'],
  [{ tcpPorts: [80] }, 'tcpPorts[0]'],
  [{ tcpPorts: [443] }, 'tcpPorts[0]'],
  [{ tcpPorts: [15000] }, 'tcpPorts[0]'],
  [{ tcpPorts: [15021] }, 'tcpPorts[0]'],
  [{ tcpPorts: [15090] }, 'tcpPorts[0]'],
  [{ tcpPorts: [25, 5432, 25] }, 'tcpPorts[2]'],
  [{ tags: { a: 1 as unknown as string } }, 'tags.a'],
  [{ tags: { 'aws:a': 'b' } }, 'tags'],
  [{ tags: { 'a?': 'b' } }, 'tags'],
  [{ tags: { 'elbv2.k8s.aws/cluster': 'b' } }, 'tags'],
  [{ tags: { a: 'b'.repeat(257) } }, 'tags.a'],
])('%j is refused', (options, prop) => {
  expect(refusal(() => new NetworkLoadBalancer(options)).prop).toBe(prop);
});

test('listeners follow from the Service ports, not from annotations', () => {
  expect(annotations({ https: false, tcpPorts: [1, 14999, 15091, 65535] })).toEqual(annotations());
  const { https, tcpPorts } = new NetworkLoadBalancer({ https: false, tcpPorts: [1, 14999, 15091, 65535] });
  expect({ https, tcpPorts }).toEqual({ https: false, tcpPorts: [1, 14999, 15091, 65535] });
  expect(new NetworkLoadBalancer({ http: false, https: false, tcpPorts: [5432] })).toMatchObject({ http: false, https: false, tcpPorts: [5432] });
  expect({ https: new NetworkLoadBalancer().https, tcpPorts: new NetworkLoadBalancer().tcpPorts }).toEqual({ https: true, tcpPorts: [] });
});
