// The facade: the parts fit together, and routes end up where the parts expect them.
import { App, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  AlbIngressClass, AlbIstioEdge, type AlbIstioEdgeProps, BackendProtocol, Echoserver, GatewayWorkload, Listener, ListenerAction, MtlsMode, PathMatch, Route, RouteTarget, RulePath,
  ServiceExposure, TargetType, Workload,
} from '../../src/index';
import { refusal } from '../refusal';
import { synthesized, theOnly } from '../synthesized';

const PROPS: AlbIstioEdgeProps = { hosts: ['shop.example.com', '*.example.org'], gateway: { credentialName: 'tls' } };
const cart = new Workload({ serviceName: 'cart', namespace: 'shop', port: 8080, versions: ['v1'] });
const target = RouteTarget.workload(cart);

function edge(props: Partial<AlbIstioEdgeProps> = {}): AlbIstioEdge {
  return new AlbIstioEdge(new App(), 'edge', { ...PROPS, ...props });
}

test('hosts and a Secret are enough for the whole chain', () => {
  expect(synthesized(edge()).map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`)).toEqual([
    'Namespace /istio-ingress',
    'ServiceAccount istio-ingress/istio-ingress',
    'Role istio-ingress/istio-ingress',
    'RoleBinding istio-ingress/istio-ingress',
    'Service istio-ingress/istio-ingress',
    'Deployment istio-ingress/istio-ingress',
    'HorizontalPodAutoscaler istio-ingress/istio-ingress',
    'PodDisruptionBudget istio-ingress/istio-ingress',
    'Gateway istio-ingress/istio-ingress',
    'Ingress istio-ingress/istio-ingress',
  ]);
});

test('its parts are fields', () => {
  const made = edge();
  expect([made.workload, made.gateway, made.alb, made.mtls].map(part => (part as unknown as Construct).node.path))
    .toEqual(['edge/Workload', 'edge/Gateway', 'edge/Alb', 'edge/Mtls']);
  expect([made.hosts, made.edgeName]).toEqual([PROPS.hosts, 'istio-ingress']);
});

test('one name goes to everything, so that two edges fit into one cluster', () => {
  const app = new App();
  new AlbIstioEdge(app, 'one', PROPS).addRoute('A', { target });
  new AlbIstioEdge(app, 'two', { ...PROPS, edgeName: 'inner' }).addRoute('A', { target });
  const names = synthesized(app).map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
  expect(new Set(names).size).toBe(names.length);
  expect(synthesized(app, 'Deployment').map(({ metadata }) => metadata.name)).toEqual(['istio-ingress', 'inner']);
});

test('load balancer, Gateway, Service and pods agree with each other', () => {
  const made = edge({ workload: GatewayWorkload.injected({ service: ServiceExposure.nodePort({ status: 30621, http: 31565, https: 31804 }) }) });
  const [service, gateway, ingress] = ['Service', 'Gateway', 'Ingress'].map(kind => theOnly(made, kind));
  const { port } = gateway.spec.servers[0];
  expect(ingress.spec.rules.map((rule: any) => rule.http.paths[0].backend.service)).toEqual(Array(2).fill({ name: service.metadata.name, port: { number: port.number } }));
  expect(service.spec.ports.find((p: any) => p.port === port.number)).toMatchObject({ nodePort: 31804 });
  expect(gateway.spec.selector).toEqual(service.spec.selector);
  expect(ingress.metadata.annotations).toMatchObject({ 'alb.ingress.kubernetes.io/target-type': 'instance', 'alb.ingress.kubernetes.io/backend-protocol': 'HTTPS' });
});

test('the deregistration delay follows the drain of the gateway', () => {
  const made = edge({ workload: GatewayWorkload.injected({ drainDuration: Duration.seconds(90) }) });
  expect(theOnly(made, 'Ingress').metadata.annotations).toMatchObject({
    'alb.ingress.kubernetes.io/target-group-attributes': 'deregistration_delay.timeout_seconds=90',
  });
});

test('options of the load balancer, the gateway and mutual TLS are handed on', () => {
  const made = edge({
    alb: { listeners: [Listener.https(8443)], ingressClass: AlbIngressClass.named('mine') },
    gateway: { credentialName: 'other', admittedNamespaces: ['team'] },
    mtls: { mode: MtlsMode.PERMISSIVE },
  });
  made.addRoute('Cart', { target });
  expect(theOnly(made, 'Ingress').spec.ingressClassName).toBe('mine');
  expect(theOnly(made, 'Gateway').spec.servers[0]).toMatchObject({ hosts: ['istio-ingress/*', 'team/*'], tls: { credentialName: 'other' } });
  expect(theOnly(made, 'PeerAuthentication').spec.mtls.mode).toBe('PERMISSIVE');
});

describe('a gateway that is there already', () => {
  const made = edge({
    workload: GatewayWorkload.existing({ namespace: 'istio-system', service: 'istio-ingressgateway', labels: { istio: 'ingressgateway' } }),
    alb: { targetType: TargetType.INSTANCE },
  });
  made.addRoute('Cart', { target });

  it('gets an Ingress, a Gateway and routes in its namespace', () => {
    expect(synthesized(made).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      'Gateway istio-system/istio-ingress',
      'Ingress istio-system/istio-ingress',
      'PeerAuthentication shop/default',
      'VirtualService istio-system/istio-ingress',
    ]);
    expect(theOnly(made, 'Gateway').spec.selector).toEqual({ istio: 'ingressgateway' });
    expect(theOnly(made, 'Ingress').spec.rules[0].http.paths[0].backend.service.name).toBe('istio-ingressgateway');
  });
});

describe('a gateway with a Network Load Balancer of its own', () => {
  const workload = GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer() });

  it('has no ALB, and ends the clients’ TLS itself', () => {
    const made = edge({ workload });
    expect(made.alb).toBeUndefined();
    expect(synthesized(made).map(({ kind }) => kind)).not.toContain('Ingress');
    expect(theOnly(made, 'Service').spec).toMatchObject({ type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb' });
    expect(theOnly(made, 'Gateway').spec.servers.map((server: any) => [server.port.protocol, server.hosts])).toEqual([
      ['HTTPS', PROPS.hosts.map(host => `istio-ingress/${host}`)], ['HTTP', PROPS.hosts.map(host => `istio-ingress/${host}`)],
    ]);
    expect(theOnly(made, 'Gateway').metadata.annotations).toBeUndefined();
  });

  it('takes no choice about an ALB, not even an empty one', () => {
    expect(refusal(() => edge({ workload, alb: {} }))).toEqual({
      prop: 'backend', value: 'istio-ingress', allowed: expect.stringContaining('Network Load Balancer of its own'), path: 'edge/Alb',
    });
  });

  it('routes as any other does', () => {
    const made = edge({ workload });
    made.addRoute('Cart', { target });
    expect(theOnly(made, 'VirtualService').spec.hosts).toEqual(PROPS.hosts);
  });
});

describe('plain HTTP between load balancer and gateway', () => {
  it('is one choice, from which all else follows', () => {
    const made = new AlbIstioEdge(new App(), 'edge', { hosts: ['shop.example.com'], gateway: { protocol: BackendProtocol.HTTP } });
    expect(theOnly(made, 'Gateway').spec.servers).toEqual([{ port: { name: 'http', number: 80, protocol: 'HTTP' }, hosts: ['istio-ingress/*'] }]);
    expect(theOnly(made, 'Ingress').spec.rules[0].http.paths[0].backend.service.port).toEqual({ number: 80 });
    expect(theOnly(made, 'Ingress').metadata.annotations).toMatchObject({ 'alb.ingress.kubernetes.io/backend-protocol': 'HTTP', 'alb.ingress.kubernetes.io/ssl-redirect': '443' });
  });

  it('is never taken for granted: without a word about the gateway, its Secret is missing', () => {
    expect(refusal(() => new AlbIstioEdge(new App(), 'edge', { hosts: ['a.b'] }))).toMatchObject({ prop: 'credentialName', value: undefined, path: 'edge/Gateway' });
  });
});

test('the gateway points ExternalDNS at the load balancer', () => {
  expect(theOnly(edge({ edgeName: 'inner' }), 'Gateway').metadata.annotations).toEqual({ 'external-dns.alpha.kubernetes.io/ingress': 'inner/inner' });
});

test('rules of the load balancer stand before the gateway', () => {
  const made = edge();
  made.alb!.addRule('down', { action: ListenerAction.respond(503), path: RulePath.prefix('/admin') });
  expect(theOnly(made, 'Ingress').spec.rules.map((rule: any) => rule.http.paths[0].backend.service.name)).toEqual(['down', 'istio-ingress', 'istio-ingress']);
});

describe('addRoute', () => {
  it('returns the route, and puts it under all hosts of the edge', () => {
    const made = edge();
    const route = made.addRoute('Cart', { paths: [PathMatch.prefix('/cart')], target });
    expect(route.workloads).toEqual([cart]);
    expect(theOnly(made, 'VirtualService')).toMatchObject({
      metadata: { name: 'istio-ingress', namespace: 'istio-ingress' },
      spec: { gateways: ['istio-ingress/istio-ingress'], hosts: PROPS.hosts, http: [{ name: 'Cart', match: [{ uri: { prefix: '/cart' } }] }] },
    });
  });

  it('keeps the order of routes', () => {
    const made = edge();
    ['C', 'A', 'B'].forEach(id => made.addRoute(id, { paths: [PathMatch.exact(`/${id}`)], target }));
    expect(theOnly(made, 'VirtualService').spec.http.map((http: any) => http.name)).toEqual(['C', 'A', 'B']);
  });

  it('puts routes of fewer hosts into a VirtualService of their own', () => {
    const made = edge();
    made.addRoute('All', { target });
    made.addRoute('One', { target, hosts: ['shop.example.com'] });
    made.addRoute('Deep', { target, hosts: ['a.b.example.org'] });
    expect(synthesized(made, 'VirtualService').map(({ metadata, spec }) => [metadata.name, spec.hosts])).toEqual([
      ['istio-ingress', PROPS.hosts], ['shop-example-com-951623a2', ['shop.example.com']], ['a-b-example-org-b9dbb6c2', ['a.b.example.org']],
    ]);
  });

  it('protects the namespace that it sends to, and nothing where it answers by itself', () => {
    const made = edge();
    made.addRoute('Down', { paths: [PathMatch.exact('/down')], target: RouteTarget.respond(503) });
    expect(synthesized(made, 'PeerAuthentication')).toEqual([]);
    made.addRoute('Cart', { target });
    expect(theOnly(made, 'PeerAuthentication')).toMatchObject({ metadata: { namespace: 'shop' }, spec: { mtls: { mode: 'STRICT' } } });
  });

  it('declares the versions that a route tells apart', () => {
    const app = new App();
    const echo = new Echoserver(app, 'echo');
    const made = new AlbIstioEdge(app, 'edge', PROPS);
    made.addRoute('Echo', { target: RouteTarget.split([{ subset: echo.subset('v1'), weight: 80 }, { subset: echo.subset('v2'), weight: 20 }]) });
    expect(theOnly(made, 'DestinationRule').spec.subsets.map((subset: any) => subset.name)).toEqual(['v1', 'v2']);
    expect(theOnly(made, 'VirtualService').spec.http[0].route.map((route: any) => [route.destination.subset, route.weight])).toEqual([['v1', 80], ['v2', 20]]);
  });

  it('refuses hosts that the edge does not serve', () => {
    expect(refusal(() => edge().addRoute('A', { target, hosts: ['example.org'] }))).toEqual({
      prop: 'hosts[0]', value: 'example.org', allowed: 'a host that the edge serves: shop.example.com, *.example.org', path: 'edge',
    });
  });
});

test('another chart can route through the gateway alone', () => {
  const app = new App();
  const made = new AlbIstioEdge(app, 'edge', PROPS);
  const team = new Echoserver(app, 'team', { namespace: 'team' });
  new Route(team, 'Echo', { gateway: made.gateway, hosts: ['shop.example.com'], namespace: 'team', target: RouteTarget.workload(team.workload) });
  expect(theOnly(made, 'Gateway').spec.servers[0].hosts).toEqual(['istio-ingress/*', 'team/*']);
  expect(theOnly(team, 'VirtualService')).toMatchObject({ metadata: { namespace: 'team' }, spec: { gateways: ['istio-ingress/istio-ingress'] } });
});
