// The facade: the parts fit together, and routes end up where the parts expect them.
import { App, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { AlbAuth } from '../../src/edge/alb/auth';
import { ListenerAction } from '../../src/edge/listener/action';
import { RulePath } from '../../src/edge/listener/rule';
import type { InjectedGateway } from '../../src/edge/gateway-workload/injected-gateway';
import { ObservabilityUi } from '../../src/edge/observability/ui';
import {
  AlbIngressClass, AlbIstioEdge, type AlbIstioEdgeProps, BackendProtocol, Echoserver, GatewayWorkload, HeaderMatch, IngressGroup, Listener, MtlsMode, PathMatch,
  Route, RouteTarget, ServiceExposure, TargetType, Workload,
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
  expect([made.gateway, made.alb, made.mtls].map(part => (part as unknown as Construct).node.path)).toEqual(['edge/Gateway', 'edge/Alb', 'edge/Mtls']);
  expect(made.workload).toBe((made.node.findChild('Workload') as InjectedGateway).workload);
  expect({ hosts: made.hosts, edgeName: made.edgeName }).toEqual({ hosts: PROPS.hosts, edgeName: 'istio-ingress' });
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

test('options of the load balancer, the gateway and mutual TLS are passed through', () => {
  const made = edge({
    alb: { listeners: [Listener.https(8443)], ingressClass: AlbIngressClass.fromName('mine') },
    gateway: { credentialName: 'other', admittedNamespaces: ['team'] },
    mtls: { mode: MtlsMode.PERMISSIVE },
  });
  made.addRoute('Cart', { target });
  expect(theOnly(made, 'Ingress').spec.ingressClassName).toBe('mine');
  expect(theOnly(made, 'Gateway').spec.servers[0]).toMatchObject({ hosts: ['istio-ingress/*', 'team/*'], tls: { credentialName: 'other' } });
  expect(theOnly(made, 'PeerAuthentication').spec.mtls.mode).toBe('PERMISSIVE');
});

describe('an existing gateway', () => {
  const made = edge({
    workload: GatewayWorkload.fromAttributes({ namespace: 'istio-system', service: 'istio-ingressgateway', labels: { istio: 'ingressgateway' } }),
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

  it('has no ALB and terminates TLS itself', () => {
    const made = edge({ workload });
    expect(made.alb).toBeUndefined();
    expect(synthesized(made).map(({ kind }) => kind)).not.toContain('Ingress');
    expect(theOnly(made, 'Service').spec).toMatchObject({ type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb' });
    expect(theOnly(made, 'Gateway').spec.servers.map((server: any) => [server.port.protocol, server.hosts])).toEqual([
      ['HTTPS', PROPS.hosts.map(host => `istio-ingress/${host}`)], ['HTTP', PROPS.hosts.map(host => `istio-ingress/${host}`)],
    ]);
    expect(theOnly(made, 'Gateway').metadata.annotations).toBeUndefined();
  });

  it('rejects ALB options, even empty ones', () => {
    expect(refusal(() => edge({ workload, alb: {} }))).toEqual({
      prop: 'alb', value: {}, reason: 'cannot be set, because the workload has its own Network Load Balancer; remove alb or change workload', path: 'edge',
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

  it('is never assumed: without gateway options, the Secret is missing', () => {
    expect(refusal(() => new AlbIstioEdge(new App(), 'edge', { hosts: ['a.b'] }))).toMatchObject({ prop: 'credentialName', value: undefined, path: 'edge/Gateway' });
  });
});

test('the gateway points ExternalDNS at the load balancer', () => {
  expect(theOnly(edge({ edgeName: 'inner' }), 'Gateway').metadata.annotations).toEqual({
    'external-dns.alpha.kubernetes.io/ingress': 'inner/inner', 'external-dns.kubernetes.io/ingress': 'inner/inner',
  });
  const silent = edge({ gateway: { credentialName: 'tls', externalDns: false } });
  expect(theOnly(silent, 'Gateway').metadata.annotations).toBeUndefined();
});

test('rules of the load balancer stand before the gateway', () => {
  const made = edge();
  made.alb!.addRule('down', { action: ListenerAction.respond(503), path: RulePath.prefix('/admin') });
  expect(theOnly(made, 'Ingress').spec.rules.map((rule: any) => rule.http.paths[0].backend.service.name)).toEqual(['down', 'istio-ingress', 'istio-ingress']);
});

describe('addRoute', () => {
  it('adds the route under all hosts of the edge', () => {
    const made = edge();
    made.addRoute('Cart', { paths: [PathMatch.prefix('/cart')], target });
    expect(theOnly(made, 'VirtualService')).toMatchObject({
      metadata: { name: 'istio-ingress', namespace: 'istio-ingress' },
      spec: { gateways: ['istio-ingress/istio-ingress'], hosts: PROPS.hosts, http: [{ name: 'Cart', match: [{ uri: { prefix: '/cart' } }] }] },
    });
  });

  it('takes an id once, from routes and constructs alike, and leaves the id of a rejected route free', () => {
    const made = edge();
    const paths = [PathMatch.exact('/a')];
    made.addRoute('A', { paths, target });
    const taken = { prop: 'id', reason: '"A" is already the id of a construct or a route in edge', path: 'edge' };
    expect(refusal(() => made.addRoute('A', { target }))).toMatchObject(taken);
    expect(refusal(() => new Route(made, 'A', { gateway: made.gateway, hosts: PROPS.hosts, target }))).toMatchObject(taken);
    expect(refusal(() => made.addRoute('B', { paths: [], target }))).toMatchObject({ prop: 'paths', path: 'edge/B' });
    made.addRoute('B', { target });
    expect(refusal(() => made.addRoute('Gateway', { target }))).toMatchObject({ prop: 'id', value: 'Gateway', path: 'edge' });
    expect(refusal(() => made.addRoute('a\nb', { target }))).toMatchObject({ prop: 'id', path: 'edge' });
  });

  it('keeps the order of routes', () => {
    const made = edge();
    ['C', 'A', 'B'].forEach(id => made.addRoute(id, { paths: [PathMatch.exact(`/${id}`)], target }));
    expect(theOnly(made, 'VirtualService').spec.http.map((http: any) => http.name)).toEqual(['C', 'A', 'B']);
  });

  it('gives every host all routes that take it, in the order written', () => {
    const made = edge();
    made.addRoute('All', { target, paths: [PathMatch.prefix('/all')] });
    made.addRoute('One', { target, hosts: ['shop.example.com'] });
    made.addRoute('Deep', { target, hosts: ['a.b.example.org'] });
    const routes = synthesized(made, 'VirtualService').map(({ metadata, spec }) => [metadata.name, spec.hosts, spec.http.map(({ name }: { name: string }) => name)]);
    expect(routes).toEqual([
      ['istio-ingress', ['shop.example.com'], ['All', 'One']],
      ['any-example-org-4208a8e7', ['*.example.org'], ['All']],
      ['a-b-example-org-dd612a17', ['a.b.example.org'], ['All', 'Deep']],
    ]);
  });

  it('protects the namespace that it routes to, and nothing if it responds itself', () => {
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

  it.each<[string, (made: AlbIstioEdge) => unknown]>([
    ['addRoute', made => made.addRoute('S', { target })],
    ['addCanary', made => made.addCanary('S', { workload: new Workload({ serviceName: 'cart', namespace: 'shop', port: 80, versions: ['v1', 'v2'] }), stable: 'v1', canary: 'v2', percent: 5 })],
  ])('keeps the VirtualServices that routes of the chart created: %s', (_, add) => {
    const services = (made: AlbIstioEdge): [string, number][] => synthesized(made, 'VirtualService').map(({ metadata, spec }) => [metadata.name, spec.http.length]);
    const made = edge();
    new Route(made, 'R', { gateway: made.gateway, hosts: made.hosts, paths: [PathMatch.prefix('/r')], target });
    const [[name]] = services(made);
    add(made);
    expect(services(made)).toEqual([[name, 2]]);
    const taken = edge();
    new Route(taken, 'R', { gateway: taken.gateway, hosts: [taken.hosts[0]], paths: [PathMatch.prefix('/r')], target, virtualServiceName: 'istio-ingress' });
    add(taken);
    expect(services(taken)).toEqual([['istio-ingress', 2], [expect.stringMatching(/^any-example-org-/), 1]]);
  });

  it('refuses hosts that the edge does not serve', () => {
    expect(refusal(() => edge().addRoute('A', { target, hosts: ['example.org'] }))).toEqual({
      prop: 'hosts[0]', value: 'example.org', reason: 'must be a host that the edge serves: shop.example.com, *.example.org', path: 'edge/A',
    });
  });
});

test('another chart can route through the gateway alone', () => {
  const app = new App();
  const made = new AlbIstioEdge(app, 'edge', PROPS);
  const team = new Echoserver(app, 'team', { namespace: 'team' });
  new Route(team, 'Echo', { gateway: made.gateway, hosts: ['shop.example.com'], namespace: 'team', target: RouteTarget.workload(team.workload) });
  expect(theOnly(made, 'Gateway').spec.servers[0].hosts).toEqual(['istio-ingress/*', 'team/shop.example.com']);
  expect(theOnly(team, 'VirtualService')).toMatchObject({ metadata: { namespace: 'team' }, spec: { gateways: ['istio-ingress/istio-ingress'] } });
});

describe('addCanary and addBlueGreen', () => {
  const versions = new Workload({ serviceName: 'cart', namespace: 'shop', port: 8080, versions: ['v1', 'v2'] });

  it('put the routes of a release under all hosts of the edge, or some, in the order written', () => {
    const made = edge();
    const search = new Workload({ serviceName: 'search', namespace: 'shop', port: 8080, versions: ['v1', 'v2'] });
    const canary = made.addCanary('Cart', { workload: versions, stable: 'v1', canary: 'v2', percent: 5, header: HeaderMatch.present('x-canary'), paths: [PathMatch.prefix('/cart')] });
    const blueGreen = made.addBlueGreen('Search', { workload: search, blue: 'v1', green: 'v2', active: 'v1', hosts: ['shop.example.com'] });
    expect({ canaryWorkload: canary.workload, blueGreenWorkload: blueGreen.workload }).toEqual({ canaryWorkload: versions, blueGreenWorkload: search });
    expect(synthesized(made, 'VirtualService').map(({ metadata, spec }) => [metadata.name, spec.hosts, spec.http.map(({ name }: { name: string }) => name)])).toEqual([
      ['istio-ingress', ['shop.example.com'], ['Cart-header', 'Cart', 'Search']],
      ['any-example-org-4208a8e7', ['*.example.org'], ['Cart-header', 'Cart']],
    ]);
    expect(synthesized(made, 'PeerAuthentication').map(({ metadata }) => metadata.namespace)).toEqual(['shop']);
  });

  it('reject hosts that the edge does not serve, and invalid hosts', () => {
    const common = { workload: versions, hosts: ['example.org'] };
    const options = { ...common, stable: 'v1', canary: 'v2', percent: 5 };
    expect(refusal(() => edge().addCanary('A', options))).toMatchObject({ prop: 'hosts[0]', value: 'example.org', path: 'edge' });
    expect(refusal(() => edge().addBlueGreen('A', { ...common, blue: 'v1', green: 'v2', active: 'v1' }))).toMatchObject({ prop: 'hosts[0]', value: 'example.org', path: 'edge' });
    expect(refusal(() => edge().addCanary('A', { ...options, hosts: 'a.b' as never }))).toMatchObject({ prop: 'hosts', value: 'a.b', path: 'edge' });
    expect(refusal(() => edge().addBlueGreen('A', undefined as never))).toMatchObject({ prop: 'options', value: undefined, path: 'edge' });
  });
});

test('addObservability uses the load balancer and the gateway of the edge', () => {
  const auth = AlbAuth.oidc({
    issuer: 'https://id.example.com', authorizationEndpoint: 'https://id.example.com/a', tokenEndpoint: 'https://id.example.com/t', userInfoEndpoint: 'https://id.example.com/u', secretName: 'oidc',
  });
  const made = edge({ alb: { group: IngressGroup.fromName('shared'), groupOrder: 1 } });
  const pages = made.addObservability('Pages', { uis: [ObservabilityUi.kiali('kiali.example.com')], login: auth });
  expect(pages.node.path).toBe('edge/Pages');
  expect(synthesized(pages, 'Ingress').map(({ metadata, spec }) => [metadata.annotations!['alb.ingress.kubernetes.io/group.name'], spec.rules[0].host])).toEqual([['shared', 'kiali.example.com']]);
  expect(refusal(() => made.addObservability('Open', { uis: [ObservabilityUi.kiali('kiali.example.net')] }))).toMatchObject({ prop: 'login', path: 'edge/Open' });
});

test('plain HTTP from the client on is a choice about the load balancer and one about the gateway', () => {
  const workload = GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer({ https: false }) });
  expect(refusal(() => edge({ workload }))).toMatchObject({ prop: 'protocol', value: 'HTTPS', path: 'edge/Gateway' });
  const made = edge({ workload, gateway: { protocol: BackendProtocol.HTTP } });
  expect(theOnly(made, 'Service').spec.ports.map(({ port }: { port: number }) => port)).toEqual([80]);
  expect(theOnly(made, 'Gateway').spec.servers).toEqual([{ port: { name: 'http', number: 80, protocol: 'HTTP' }, hosts: PROPS.hosts.map(host => `istio-ingress/${host}`) }]);
});

test('a host is a name with a dot, a wildcard, or any', () => {
  expect(refusal(() => edge({ hosts: ['shop'] }))).toMatchObject({ prop: 'hosts[0]', value: 'shop', path: 'edge' });
  expect(edge({ hosts: ['*.com', 'a.b'] }).hosts).toEqual(['*.com', 'a.b']);
});

test('the names and kinds of props are checked before anything is made', () => {
  expect(refusal(() => edge({ edgeName: 'Edge' }))).toMatchObject({ prop: 'edgeName', value: 'Edge', path: 'edge' });
  expect(refusal(() => edge({ workload: {} as never }))).toMatchObject({ prop: 'workload', value: {}, path: 'edge' });
  expect(refusal(() => new AlbIstioEdge(new App(), 'edge', undefined as never))).toMatchObject({ prop: 'props', value: undefined, path: 'edge' });
});
