// Network Load Balancers of Services, where no recorded verdict covers them.
import type { LoadBalancer, TargetGroup } from '../../../src/plan/load-balancer';
import { type Plan, type PlanOptions, planOf } from '../../../src/plan/plan';

const PREFIX = 'service.beta.kubernetes.io/';
const AWS = `${PREFIX}aws-load-balancer-`;
const HTTP = { name: 'http', port: 80, targetPort: 8080 };
const DNS = [{ name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' }, { name: 'dns-tcp', port: 53, targetPort: 53, protocol: 'TCP' }];

interface ServiceProps {
  readonly annotations?: Record<string, string>;
  readonly spec?: object;
}

function planFor({ annotations = {}, spec = {} }: ServiceProps, options: PlanOptions = {}, others: readonly object[] = []): Plan {
  const settings = Object.fromEntries(Object.entries({ 'nlb-target-type': 'ip', ...annotations }).map(([key, value]) => [key.includes('/') ? key : AWS + key, value]));
  const service = {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'edge', namespace: 'shop', annotations: settings }, spec: { type: 'LoadBalancer', ports: [HTTP], ...spec },
  };
  return planOf([service, ...others].map(object => ({ object, origin: {} })) as never, options);
}

function builtFrom(props: ServiceProps, options?: PlanOptions, others?: readonly object[]): LoadBalancer {
  const [one] = planFor(props, options, others).loadBalancers;
  expect('refused' in one ? one.refused.reason : 'built').toBe('built');
  return one as LoadBalancer;
}

function refusalOf(props: ServiceProps, options?: PlanOptions, others?: readonly object[]): readonly [pointer: string, reason: string] {
  const [one] = planFor(props, options, others).loadBalancers;
  return 'refused' in one ? [one.refused.pointer, one.refused.reason] : ['', 'built'];
}

function targetGroupOf(props: ServiceProps, options?: PlanOptions): TargetGroup {
  return builtFrom(props, options).targetGroups[0];
}

test('a plan says what the cluster and AWS decide', () => {
  const { name, unknown, targetGroups } = builtFrom({ annotations: { 'nlb-target-type': 'instance' }, spec: { externalTrafficPolicy: 'Local' } });
  expect([name, targetGroups[0].port, targetGroups[0].healthCheck.port]).toEqual(['k8s-shop-edge-…', 0, 0]);
  expect(unknown).toEqual([
    'the subnets: discovered by their role tags for scheme internal',
    'the … in names: a hash of the cluster\'s name and the UIDs of Services',
    'the health check node port of Service edge: the cluster allocates it',
    'the node port of Service edge, port 80: the cluster allocates it',
  ]);
});

test('nodes with externalTrafficPolicy Local are checked by kube-proxy', () => {
  const spec = { externalTrafficPolicy: 'Local', healthCheckNodePort: 31000, ports: [{ ...HTTP, nodePort: 30080 }] };
  expect(targetGroupOf({ annotations: { 'nlb-target-type': 'instance' }, spec }).healthCheck).toEqual({
    port: 31000, protocol: 'HTTP', path: '/healthz', matcher: { httpCode: '200-399' },
    intervalSeconds: 10, timeoutSeconds: 6, healthyThresholdCount: 2, unhealthyThresholdCount: 2,
  });
});

test('a second port with the number of another is ignored, unless the load balancer joins TCP and UDP', () => {
  const plan = planFor({ spec: { ports: DNS } });
  expect(plan.events.map(({ severity, pointer, reason }) => [severity, pointer, reason])).toEqual([
    ['ignored', '/spec/ports/1', 'the load balancer does not listen to TCP on port 53, because an earlier port of the Service has the same number'],
  ]);
  const joined = builtFrom({ annotations: { 'enable-tcp-udp-listener': 'true' }, spec: { ports: DNS } });
  expect(joined.listeners.map(({ port, protocol }) => [port, protocol])).toEqual([[53, 'TCP_UDP']]);
  expect(joined.targetGroups[0].opened.map(({ protocol, port }) => [protocol, port])).toEqual([['UDP', 53], ['TCP', 53]]);
  const quic = builtFrom({ annotations: { 'enable-tcp-udp-listener': 'true', 'quic-enabled-ports': 'dns' }, spec: { ports: DNS } });
  expect(quic.listeners.map(({ protocol }) => protocol)).toEqual(['TCP_QUIC']);
});

test('without security groups the targets admit addresses', () => {
  const withoutGroups = { 'disable-nlb-sg': 'true' };
  const answers: PlanOptions = { aws: ({ ask }) => (ask === 'CIDR blocks of subnets' ? ['10.0.1.0/24'] : ask === 'CIDR blocks of the VPC' ? ['10.0.0.0/16'] : undefined) };
  expect(builtFrom({ annotations: withoutGroups }).securityGroups).toEqual([]);
  expect(targetGroupOf({ annotations: withoutGroups }, answers).opened).toEqual([{ fromCIDRs: ['10.0.1.0/24'], protocol: 'TCP', port: 8080 }]);
  const preserving = { ...withoutGroups, 'target-group-attributes': 'preserve_client_ip.enabled=true' };
  expect(targetGroupOf({ annotations: preserving }, answers).opened).toEqual([{ fromCIDRs: ['10.0.0.0/16'], protocol: 'TCP', port: 8080 }]);
  expect(targetGroupOf({ annotations: { ...preserving, [`${PREFIX}load-balancer-source-ranges`]: '192.0.2.0/24' } }, answers).opened).toEqual([
    { fromCIDRs: ['192.0.2.0/24'], protocol: 'TCP', port: 8080 }, { fromCIDRs: ['10.0.1.0/24'], protocol: 'TCP', port: 8080 },
  ]);
  expect(targetGroupOf({ annotations: { ...withoutGroups, 'manage-backend-security-group-rules': 'false' } }, answers).opened).toEqual([]);
  expect(builtFrom({ annotations: withoutGroups }).unknown).toContain('the CIDR blocks of subnets, which the targets admit');
});

test('annotations of single attributes win over the map', () => {
  const annotations = {
    'attributes': 'load_balancing.cross_zone.enabled=false,access_logs.s3.bucket=old', 'cross-zone-load-balancing-enabled': 'true', 'access-log-enabled': 'true',
    'access-log-s3-bucket-name': 'new',
  };
  expect(builtFrom({ annotations }).attributes).toEqual([
    { key: 'access_logs.s3.bucket', value: 'new' }, { key: 'access_logs.s3.enabled', value: 'true' }, { key: 'load_balancing.cross_zone.enabled', value: 'true' },
  ]);
});

test('attributes of one port are over those of all; the PROXY protocol annotations are over both', () => {
  const annotations = { 'target-group-attributes': 'a=1,b=1', 'target-group-attributes.80': 'b=2,a=', 'proxy-protocol-per-target-group': '443, 80' };
  expect(targetGroupOf({ annotations }).attributes).toEqual([{ key: 'a', value: '1' }, { key: 'b', value: '2' }, { key: 'proxy_protocol_v2.enabled', value: 'true' }]);
  expect(targetGroupOf({ annotations: { 'proxy-protocol-per-target-group': '443' } }).attributes).toEqual([{ key: 'proxy_protocol_v2.enabled', value: 'false' }]);
});

test('the created security group admits prefix lists and the messages of path MTU discovery', () => {
  const { managedSecurityGroup } = builtFrom({ annotations: { 'security-group-prefix-lists': 'pl-1' } });
  expect(managedSecurityGroup?.inbound).toEqual([{ protocol: 'tcp', port: 80, prefixList: 'pl-1' }]);
  const annotations = { 'enable-icmp-for-path-mtu-discovery': 'on', 'ip-address-type': 'dualstack' };
  expect(builtFrom({ annotations }).managedSecurityGroup?.inbound).toEqual([
    { protocol: 'tcp', port: 80, cidrIP: '0.0.0.0/0' }, { protocol: 'icmp', icmp: { type: 3, code: 4 }, cidrIP: '0.0.0.0/0' },
    { protocol: 'tcp', port: 80, cidrIPv6: '::/0' }, { protocol: 'icmpv6', icmp: { type: 2, code: 0 }, cidrIPv6: '::/0' },
  ]);
});

test('other Services share a listener by weight, with the annotations of the Service that has the load balancer', () => {
  const other = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'other', namespace: 'shop' }, spec: { ports: [{ name: 'web', port: 81, targetPort: 9090 }] } };
  const action = { type: 'forward', forwardConfig: { baseServiceWeight: 90, targetGroups: [{ serviceName: 'other', servicePort: 'web', weight: 10 }] } };
  const annotations = { [`${PREFIX}actions.TCP-80`]: JSON.stringify(action), 'healthcheck-protocol': 'http' };
  const { listeners, targetGroups } = builtFrom({ annotations }, {}, [other]);
  expect(listeners[0].defaultActions).toEqual([
    { type: 'forward', forwardConfig: { targetGroups: [{ targetGroup: 'shop/edge:80', weight: 90 }, { targetGroup: 'shop/other:81', weight: 10 }] } },
  ]);
  expect(targetGroups.map(({ port, healthCheck }) => [port, healthCheck.protocol])).toEqual([[8080, 'HTTP'], [9090, 'HTTP']]);
  expect(builtFrom({ annotations }).unknown).toContain('the target group of Service shop/other: the input has no such Service');
  expect(refusalOf({ annotations }, { complete: true })[1]).toBe('Service shop/other does not exist');
});

test.each([
  [{ 'ssl-ports': '443' }, {}, 'must be ports of the Service; got 443'],
  [{ 'ssl-cert': 'arn:x', 'alpn-policy': 'h2' }, {}, 'must be one of None, HTTP1Only, HTTP2Only, HTTP2Optional, HTTP2Preferred'],
  [{ 'quic-enabled-ports': '80' }, {}, 'port 80 must be UDP or TCP_UDP for QUIC; it is TCP'],
  [{ 'healthcheck-port': 'status' }, {}, 'must be a number, traffic-port or a port of the Service; it has no port status'],
  [{ 'healthcheck-port': 'http' }, { ports: [{ ...HTTP, targetPort: 'web' }] }, 'cannot be http, whose target port has a name: with target type ip it must be a number'],
  [{ 'healthcheck-protocol': 'udp' }, {}, 'must be tcp, http or https'],
  [{ 'proxy-protocol': 'true' }, {}, 'must be *; got "true"'],
  [{ 'name': 'x'.repeat(33) }, {}, `must have at most 32 characters; got ${'x'.repeat(33)}`],
  [{ 'eip-allocations': '' }, {}, 'must have one allocation for each subnet; it has none'],
  [{ 'private-ipv4-addresses': '10.0.0.1', 'scheme': 'internet-facing' }, {}, 'needs scheme internal; the scheme is internet-facing'],
  [{ 'private-ipv4-addresses': '::1' }, {}, 'must be IPv4 addresses; got ::1'],
  [{ 'private-ipv4-addresses': '10.0.0.1,10.0.0.2', 'subnets': 'subnet-1' }, {}, 'must have one entry for each subnet: it has 2, and there are 1 subnets'],
  [{ 'ipv6-addresses': '2001:db8::1' }, {}, 'cannot be set: the load balancer is not dualstack'],
  [{ 'ipv6-addresses': '10.0.0.1', 'ip-address-type': 'dualstack' }, {}, 'must be IPv6 addresses; got 10.0.0.1'],
  [{ 'enable-prefix-for-ipv6-source-nat': 'on' }, {}, 'cannot be on: the load balancer is not dualstack'],
  [{ 'source-nat-ipv6-prefixes': 'auto_assigned' }, {}, 'needs a dualstack load balancer with enable-prefix-for-ipv6-source-nat on'],
  [{ 'minimum-load-balancer-capacity': 'Units=1' }, {}, 'must be CapacityUnits'],
  [{ 'attributes': 'dns_record.client_routing_policy=near' }, {}, 'dns_record.client_routing_policy must be one of'],
  [{}, { loadBalancerSourceRanges: ['::/0'] }, 'cannot have the IPv6 block ::/0: the load balancer is not dualstack'],
  [{}, { ipFamilies: ['IPv6'] }, 'Service shop/edge:80 has IPv6 addresses, and the load balancer is not dualstack'],
  [{ 'enable-tcp-udp-listener': 'true' }, { ports: [DNS[0], DNS[0]] }, 'ports with one number must be one of TCP and one of UDP to share a listener; got UDP, UDP'],
  [{ [`${PREFIX}actions.TCP-80`]: '{"type":"redirect"}' }, {}, 'must be one of forward'],
  [{ [`${PREFIX}actions.TCP-80`]: '{"type":"forward"}' }, {}, 'needs forwardConfig'],
])('%j with the spec %j is refused', (annotations, spec, reason) => {
  expect(refusalOf({ annotations, spec })[1]).toContain(reason);
});

test.each([
  [{ externalManagedTags: ['team'] }, { 'additional-resource-tags': 'team=a' }, 'sets tag team, which is managed outside of the controller (--external-managed-tags)'],
  [{ featureGates: { EnableIPTargetType: false } }, {}, 'cannot be ip: feature gate EnableIPTargetType is off'],
  [{ backendSecurityGroup: false }, { 'security-groups': 'sg-1', 'manage-backend-security-group-rules': 'true' },
    'needs the backend security group, which --enable-backend-security-group=false turns off'],
])('with the flags %j, %j is refused', (controller, annotations, reason) => {
  expect(refusalOf({ annotations }, { controller })[1]).toBe(reason);
});

test.each([
  ['another class', { spec: { loadBalancerClass: 'x/y' } }, {}, 'has loadBalancerClass x/y, which belongs to another controller'],
  ['the in-tree controller', {}, { serviceMutatorWebhook: false }, 'has neither a loadBalancerClass nor annotations that leave it to the AWS Load Balancer Controller'],
  ['no controller of Services', {}, { featureGates: { EnableServiceController: false } }, 'is not of a type that the feature gates of the controller include'],
])('a Service of %s is not managed', (_, props, controller, reason) => {
  const { loadBalancers, unmanaged } = planFor(props, { controller });
  expect(loadBalancers).toEqual([]);
  expect(unmanaged.map(own => [own.isInvalid, own.reason])).toEqual([[false, reason]]);
});

test('a port of SCTP opens nothing, and AWS refuses it', () => {
  const spec = { ports: [{ name: 'sctp', port: 3868, protocol: 'SCTP' }, HTTP] };
  expect(builtFrom({ spec }).targetGroups.map(({ protocol, opened }) => [protocol, opened.length])).toEqual([['SCTP', 0], ['TCP', 1]]);
  expect(planFor({ spec }).events.map(({ severity, pointer, reason }) => [severity, pointer, reason])).toEqual([['ignored', '/spec/ports/0',
    'AWS refuses the target group of port 3868: load balancers have no protocol SCTP. The controller opens no port of the targets for it, either']]);
});
