// The Network Load Balancer that the controller builds for the options of an edge, by the model that is compared with it.
import { App, Chart } from 'cdk8s';
import { AlpnPolicy, TargetType } from '../../src/base/alb-annotations/words';
import { EdgeGateway } from '../../src/edge/gateway/gateway';
import { InjectedGateway } from '../../src/edge/gateway-workload/injected-gateway';
import type { NetworkLoadBalancerOptions } from '../../src/edge/gateway-workload/network-load-balancer';
import { AlbIstioEdge, AlbScheme, GatewayWorkload, RouteTarget, ServiceExposure } from '../../src/index';
import { check, plan, trace } from '../../src/inspect';
import type { LoadBalancer } from '../../src/plan/load-balancer';

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/a';
const SUBNETS = ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'];

function edge(options: NetworkLoadBalancerOptions): App {
  const app = new App();
  const made = new AlbIstioEdge(app, 'edge', {
    hosts: ['a.example.com'], gateway: { credentialName: 'tls' }, workload: GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer(options) }),
  });
  made.addRoute('All', { target: RouteTarget.respond(200, 'ok') });
  return app;
}

function built(app: App): LoadBalancer {
  const [one, ...others] = plan(app).loadBalancers;
  expect([one, ...others].map(each => 'refused' in each)).toEqual([false]);
  return one as LoadBalancer;
}

test('a TLS listener encrypts again to the gateway, and TCP ports stay as they are', () => {
  const app = edge({ certificateArns: [CERTIFICATE, `${CERTIFICATE}b`], alpnPolicy: AlpnPolicy.HTTP2_PREFERRED, tcpPorts: [5432] });
  const { listeners, targetGroups } = built(app);
  expect(listeners.map(({ port, protocol, certificates, sslPolicy, alpnPolicy }) => ({ port, protocol, certificates, sslPolicy, alpnPolicy }))).toMatchObject([
    { port: 80, protocol: 'TCP' },
    {
      port: 443, protocol: 'TLS', sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06', alpnPolicy: 'HTTP2Preferred',
      certificates: [{ certificateARN: CERTIFICATE }, { certificateARN: `${CERTIFICATE}b` }],
    },
    { port: 5432, protocol: 'TCP' },
  ]);
  expect(targetGroups.map(({ protocol }) => protocol)).toEqual(['TCP', 'TLS', 'TCP']);
  expect(trace(app, 'GET https://a.example.com/').ends).toMatchObject([{ kind: 'response', status: 200 }]);
  expect(trace(app, 'GET http://a.example.com/').ends).toMatchObject([{ kind: 'redirect', status: 301 }]);
  expect(check(app).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('sources and addresses are those of the options', () => {
  const { scheme, subnets, managedSecurityGroup } = built(edge({
    scheme: AlbScheme.INTERNAL, subnets: SUBNETS, privateIpv4Addresses: ['10.0.1.10', '10.0.2.10'], inboundCidrs: ['10.0.0.0/8'], inboundPrefixLists: ['pl-0a1b2c3d'], http: false,
  }));
  expect(scheme).toBe('internal');
  expect(subnets.map(({ subnetID }) => subnetID)).toEqual(SUBNETS);
  expect(JSON.stringify(managedSecurityGroup)).toContain('10.0.0.0/8');
  expect(JSON.stringify(managedSecurityGroup)).toContain('pl-0a1b2c3d');
  expect(JSON.stringify(managedSecurityGroup)).not.toContain('0.0.0.0/0');
});

test('TCP only: the load balancer has no other listener, and speaks the PROXY protocol', () => {
  const app = new App();
  const chart = new Chart(app, 'edge');
  const service = ServiceExposure.networkLoadBalancer({ http: false, https: false, tcpPorts: [5432], proxyProtocol: true, targetType: TargetType.IP });
  const { workload } = new InjectedGateway(chart, 'Pods', { service });
  new EdgeGateway(chart, 'Gateway', { workload, hosts: ['db.example.com'] }).passTcpThrough('istio-ingress', 5432);
  const { listeners, targetGroups } = built(app);
  expect(listeners.map(({ port, protocol }) => [port, protocol])).toEqual([[5432, 'TCP']]);
  expect(targetGroups[0].attributes).toContainEqual({ key: 'proxy_protocol_v2.enabled', value: 'true' });
  expect(check(app).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});
