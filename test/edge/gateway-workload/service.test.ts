// How the gateway's Service can be reached.
import { TargetType } from '../../../src/base/alb-annotations/words';
import { GatewayEntry, ServiceExposure } from '../../../src/edge/gateway-workload/service';
import type { NetworkLoadBalancerOptions } from '../../../src/edge/gateway-workload/network-load-balancer';
import { refusal } from '../../refusal';

const SELECTOR = { app: 'door' };

function plain(exposure: ServiceExposure): unknown {
  return JSON.parse(JSON.stringify(exposure._render(SELECTOR)));
}

test('ClusterIP is not reachable from outside, and its targets are pods', () => {
  const exposure = ServiceExposure.clusterIp();
  expect(exposure.targetTypes).toEqual([TargetType.IP]);
  expect({ entry: exposure.entry, annotations: exposure._annotations(30), proxyProtocol: exposure._proxyProtocol })
    .toEqual({ entry: GatewayEntry.ALB, annotations: {}, proxyProtocol: false });
  expect(plain(exposure)).toMatchObject({ type: 'ClusterIP', selector: SELECTOR });
  expect(exposure._render(SELECTOR).ports!.map(port => ({ ...port, targetPort: port.targetPort?.value }))).toEqual([
    { name: 'status-port', port: 15021, targetPort: 15021, protocol: 'TCP' },
    { name: 'http2', port: 80, targetPort: 80, protocol: 'TCP' },
    { name: 'https', port: 443, targetPort: 443, protocol: 'TCP' },
  ]);
});

test('node ports are fixed, and their targets are nodes', () => {
  const exposure = ServiceExposure.nodePort({ status: 30621, http: 31565, https: 31804 });
  expect(exposure.targetTypes).toEqual([TargetType.INSTANCE, TargetType.IP]);
  expect(plain(exposure)).toMatchObject({ type: 'NodePort', ports: [{ nodePort: 30621 }, { nodePort: 31565 }, { nodePort: 31804 }] });
});

test('the bounds of node ports are included', () => {
  expect(() => ServiceExposure.nodePort({ status: 30000, http: 30001, https: 32767 })).not.toThrow();
});

test.each([
  [{ status: 29999, http: 30001, https: 30002 }, 'status', 29999],
  [{ status: 30000, http: 32768, https: 30002 }, 'http', 32768],
  [{ status: 30000, http: 30001, https: 443 }, 'https', 443],
  [{ status: 30000, http: 30000.5, https: 30002 }, 'http', 30000.5],
  [{ status: 30000, http: 30001, https: 30000 }, 'https', 30000],
])('node ports %j are refused because of %s', (ports, prop, value) => {
  expect(refusal(() => ServiceExposure.nodePort(ports))).toMatchObject({ prop, value });
});

describe('a Network Load Balancer', () => {
  it('is requested by the Service, targets pods, and does not expose the status port', () => {
    const exposure = ServiceExposure.networkLoadBalancer();
    expect({ entry: exposure.entry, targetTypes: exposure.targetTypes }).toEqual({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, targetTypes: [] });
    expect(plain(exposure)).toEqual({
      type: 'LoadBalancer',
      loadBalancerClass: 'service.k8s.aws/nlb',
      allocateLoadBalancerNodePorts: false,
      selector: SELECTOR,
      ports: [
        { name: 'http2', port: 80, targetPort: { value: 80 }, protocol: 'TCP' },
        { name: 'https', port: 443, targetPort: { value: 443 }, protocol: 'TCP' },
      ],
    });
  });

  it('with node targets preserves client addresses with externalTrafficPolicy Local', () => {
    const { type, externalTrafficPolicy, allocateLoadBalancerNodePorts, ports } = ServiceExposure.networkLoadBalancer({ targetType: TargetType.INSTANCE })._render(SELECTOR);
    expect({ type, externalTrafficPolicy, allocateLoadBalancerNodePorts })
      .toEqual({ type: 'LoadBalancer', externalTrafficPolicy: 'Local', allocateLoadBalancerNodePorts: undefined });
    expect(ports!.map(({ name }) => name)).toEqual(['status-port', 'http2', 'https']);
  });

  it('does not need that policy with the PROXY protocol', () => {
    const exposure = ServiceExposure.networkLoadBalancer({ targetType: TargetType.INSTANCE, proxyProtocol: true });
    expect({ externalTrafficPolicy: exposure._render(SELECTOR).externalTrafficPolicy, proxyProtocol: exposure._proxyProtocol })
      .toEqual({ externalTrafficPolicy: undefined, proxyProtocol: true });
  });

  it('listens on 443 by default', () => {
    const [secure, plainHttp] = [{}, { https: false }].map(options => ServiceExposure.networkLoadBalancer(options));
    const summary = (exposure: ServiceExposure) => ({ plainHttpOnly: exposure._plainHttpOnly, ports: exposure._render(SELECTOR).ports!.map(({ port }) => port) });
    expect({ secure: summary(secure), plainHttp: summary(plainHttp) }).toEqual({
      secure: { plainHttpOnly: false, ports: [80, 443] }, plainHttp: { plainHttpOnly: true, ports: [80] },
    });
    const nodes = ServiceExposure.networkLoadBalancer({ https: false, targetType: TargetType.INSTANCE });
    expect(nodes._render(SELECTOR).ports!.map(({ name }) => name)).toEqual(['status-port', 'http2']);
    expect(ServiceExposure.clusterIp()._plainHttpOnly).toBe(false);
  });

  it('need not listen on 80, or on both', () => {
    const names = (options: NetworkLoadBalancerOptions) => ServiceExposure.networkLoadBalancer(options)._ports().map(({ name }) => name);
    expect(names({ http: false })).toEqual(['https']);
    expect(names({ http: false, https: false, tcpPorts: [5432] })).toEqual(['tcp-5432']);
    expect(names({ http: false, https: false, tcpPorts: [5432], targetType: TargetType.INSTANCE })).toEqual(['status-port', 'tcp-5432']);
    const [none, some] = [ServiceExposure.networkLoadBalancer({ http: false }), ServiceExposure.networkLoadBalancer()];
    expect([none._noPlainHttp, some._noPlainHttp, ServiceExposure.clusterIp()._noPlainHttp]).toEqual([true, false, false]);
  });

  it('terminates the TLS of clients if it has certificates', () => {
    const terminated = (options: NetworkLoadBalancerOptions) => ServiceExposure.networkLoadBalancer(options)._tlsTerminated;
    expect([terminated({ certificateArns: ['arn:aws:acm:eu-west-1:111111111111:certificate/a'] }), terminated({}), ServiceExposure.clusterIp()._tlsTerminated])
      .toEqual([true, false, false]);
  });

  it('listens on additional ports, whose names start with tcp', () => {
    const exposure = ServiceExposure.networkLoadBalancer({ tcpPorts: [5432, 25] });
    expect(plain(exposure)).toMatchObject({ ports: [
      { name: 'http2' }, { name: 'https' },
      { name: 'tcp-5432', port: 5432, targetPort: { value: 5432 }, protocol: 'TCP' }, { name: 'tcp-25', port: 25, targetPort: { value: 25 }, protocol: 'TCP' },
    ] });
    expect({ exposureTcpPorts: exposure._tcpPorts, clusterIpTcpPorts: ServiceExposure.clusterIp()._tcpPorts })
      .toEqual({ exposureTcpPorts: [5432, 25], clusterIpTcpPorts: [] });
    expect(exposure._ports(port => port + 8000).map(({ targetPort }) => targetPort)).toEqual([8080, 8443, 13432, 8025]);
    exposure._tcpPorts.push(1);
    expect(exposure._tcpPorts).toEqual([5432, 25]);
  });

  it.each<[string, NetworkLoadBalancerOptions, boolean]>([
    ['shows client addresses by default', {}, true],
    ['hides client addresses if it neither preserves nor forwards them', { preserveClientIp: false }, false],
    ['shows client addresses with the PROXY protocol', { proxyProtocol: true }, true],
    ['shows client addresses with the PROXY protocol, even if it does not preserve them', { proxyProtocol: true, preserveClientIp: false }, true],
    ['shows client addresses through node ports', { targetType: TargetType.INSTANCE }, true],
  ])('%s', (_, options, sees) => {
    expect(ServiceExposure.networkLoadBalancer(options)._seesClientAddress).toBe(sees);
  });

  it('with node targets and without client addresses does not set the traffic policy', () => {
    const { externalTrafficPolicy } = ServiceExposure.networkLoadBalancer({ targetType: TargetType.INSTANCE, preserveClientIp: false })._render(SELECTOR);
    expect(externalTrafficPolicy).toBeUndefined();
  });
});
