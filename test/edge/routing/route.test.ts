// Routes at a stub gateway.
import { App, Chart, Duration } from 'cdk8s';
import { InvalidProps } from '../../../src/base/errors';
import { EdgeGateway } from '../../../src/edge/gateway/gateway';
import type { IGateway } from '../../../src/edge/gateway/reference';
import { HeaderMatch, PathMatch } from '../../../src/edge/match/match';
import { Route, type RouteProps, vacantName } from '../../../src/edge/routing/route';
import { Mirror } from '../../../src/edge/routing/mirror';
import { RetryOn } from '../../../src/edge/routing/route-policy';
import { type IDelegate, RouteTarget } from '../../../src/edge/routing/route-target';
import type { IWorkload } from '../../../src/edge/workload/workload';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { gatewayPods, HandMadeGateway, service } from '../stubs';

const cart = service();
const HOST = 'cart.shop.svc.cluster.local';

function route(scope: Chart, id: string, props: Partial<RouteProps> = {}): Route {
  return new Route(scope, id, {
    gateway: new HandMadeGateway(), hosts: ['shop.example.com'], paths: [PathMatch.prefix(`/${id}`)], target: RouteTarget.workload(cart), ...props,
  });
}

test('a route is one entry of a VirtualService', () => {
  const chart = emptyChart();
  route(chart, 'Cart', {
    paths: [PathMatch.prefix('/cart')],
    headers: [HeaderMatch.present('x-lab')],
    timeout: Duration.seconds(10),
    retries: { attempts: 2, retryOn: [RetryOn.RESET] },
  });
  expect(synthesized(chart)).toEqual([{
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: 'shop-example-com-80a4a376',
      namespace: 'front',
      labels: labels('shop-example-com-80a4a376', 'routing'),
    },
    spec: {
      gateways: ['front/door'],
      hosts: ['shop.example.com'],
      http: [{
        name: 'Cart',
        match: [{ uri: { prefix: '/cart' }, headers: { 'x-lab': {} } }],
        timeout: '10s',
        retries: { attempts: 2, retryOn: 'reset' },
        route: [{ destination: { host: HOST, port: { number: 8080 } } }],
      }],
    },
  }]);
});

test('routes with the same hosts share a VirtualService, in declaration order', () => {
  const chart = emptyChart();
  const gateway = new HandMadeGateway();
  route(chart, 'Second', { gateway });
  route(chart, 'First', { gateway, target: RouteTarget.respond(503) });
  expect(theOnly(chart, 'VirtualService').spec.http).toEqual([
    { name: 'Second', match: [{ uri: { prefix: '/Second' } }], route: [{ destination: { host: HOST, port: { number: 8080 } } }] },
    { name: 'First', match: [{ uri: { prefix: '/First' } }], directResponse: { status: 503 } },
  ]);
});

test.each<[string, Partial<RouteProps>]>([
  ['other hosts', { hosts: ['shop.example.org'] }],
  ['another gateway', { gateway: new HandMadeGateway('gate') }],
  ['a gateway whose name and namespace read the same when joined', { gateway: new HandMadeGateway('r', 'front-doo') }],
  ['another namespace and other hosts', { namespace: 'shop', hosts: ['cart.example.com'] }],
])('a route with %s gets a VirtualService of its own', (_, props) => {
  const chart = emptyChart();
  route(chart, 'One', { gateway: new HandMadeGateway('doo-r', 'front') });
  route(chart, 'Two', props);
  expect(synthesized(chart, 'VirtualService').map(({ spec }) => spec.http.length)).toEqual([1, 1]);
});

test('an invalid namespace, gateway or host is refused', () => {
  const chart = emptyChart();
  expect(refusal(() => route(chart, 'A', { namespace: 'Shop' }))).toMatchObject({ prop: 'namespace', value: 'Shop', path: 'chart/A' });
  expect(refusal(() => route(chart, 'B', { gateway: 'door' as never }))).toMatchObject({ prop: 'gateway', value: 'door', path: 'chart/B' });
  expect(refusal(() => route(chart, 'C', { hosts: ['shop'] }))).toMatchObject({ prop: 'hosts[0]', value: 'shop', path: 'chart/C' });
  expect(refusal(() => new Route(chart, 'D', null as never))).toMatchObject({ prop: 'props', value: null, path: 'chart/D' });
  expect(synthesized(chart)).toEqual([]);
});

test('the Gateway admits the namespace: the chart\'s, the Gateway\'s, or an explicit one', () => {
  const gateway = new HandMadeGateway();
  route(emptyChart('a', 'team'), 'Cart', { gateway });
  route(emptyChart('b'), 'Cart', { gateway });
  route(emptyChart('c', 'team'), 'Cart', { gateway, namespace: 'shop' });
  expect(gateway.admitted).toEqual(['team: shop.example.com', 'front: shop.example.com', 'shop: shop.example.com']);
});

test.each([
  [['shop.example.com'], 'shop-example-com-80a4a376'],
  [['shop-eu.example.com'], 'shop-eu-example-com-f946cfc2'],
  [['*'], 'any-2201edd6'],
  [['*.example.com'], 'any-example-com-d6447e3c'],
  [['any.example.com'], 'any-example-com-c210d94b'],
  [['a.b', 'c.d'], 'a-b-[0-9a-f]{8}'],
  [['c.d', 'a.b'], 'c-d-[0-9a-f]{8}'],
  [[`${'a'.repeat(63)}.example.com`], `${'a'.repeat(54)}-[0-9a-f]{8}`],
  [[`${'a'.repeat(53)}.example.com`], `${'a'.repeat(53)}-[0-9a-f]{8}`],
])('the VirtualService of %j is called %s', (hosts, name) => {
  const chart = emptyChart();
  route(chart, 'Cart', { hosts });
  expect(theOnly(chart, 'VirtualService').metadata.name).toMatch(new RegExp(`^${name}$`));
});

test('the same hosts at two gateways of a namespace are two objects with two names', () => {
  const chart = emptyChart('chart', 'team');
  route(chart, 'Public', { gateway: new HandMadeGateway('door', 'front') });
  route(chart, 'Private', { gateway: new HandMadeGateway('gate', 'front') });
  expect(synthesized(chart, 'VirtualService').map(({ metadata: { namespace, name }, spec: { gateways } }) => ({ namespace, name, gateways: gateways as unknown }))).toEqual([
    { namespace: 'team', name: 'shop-example-com-80a4a376', gateways: ['front/door'] },
    { namespace: 'team', name: expect.stringMatching(/^shop-example-com-(?!80a4a376)[0-9a-f]{8}$/), gateways: ['front/gate'] },
  ]);
});

test('the first route of a host list can name the VirtualService', () => {
  const chart = emptyChart();
  route(chart, 'One', { virtualServiceName: 'mine' });
  route(chart, 'Two');
  expect(theOnly(chart, 'VirtualService').metadata.name).toBe('mine');
  expect(refusal(() => route(chart, 'Three', { virtualServiceName: 'other' }))).toMatchObject({ prop: 'virtualServiceName', value: 'other', path: 'chart/Three' });
});

test('a route after a catch-all is refused, because it can never match', () => {
  const chart = emptyChart();
  const gateway = new HandMadeGateway();
  route(chart, 'All', { gateway, paths: [PathMatch.prefix('/')] });
  expect(refusal(() => route(chart, 'Late', { gateway }))).toMatchObject({
    prop: 'paths', value: '/Late', path: 'chart/Late', reason: 'can never match: route "All" above matches every request for these hosts; declare "Late" before "All"',
  });
  expect(() => route(chart, 'Elsewhere', { gateway, hosts: ['shop.example.com', 'cart.example.com'] })).not.toThrow();
  const some = emptyChart();
  route(some, 'Some', { gateway: new HandMadeGateway(), paths: [PathMatch.prefix('/')], headers: [HeaderMatch.present('x-lab')] });
  expect(() => route(some, 'Rest')).not.toThrow();
});

test('versions get one DestinationRule with their subsets', () => {
  const chart = emptyChart();
  route(chart, 'One', { target: RouteTarget.subset(cart.subset('v1')) });
  route(chart, 'Two', { target: RouteTarget.split([{ subset: cart.subset('v1'), weight: 1 }, { subset: cart.subset('v2'), weight: 1 }]) });
  expect(theOnly(chart, 'DestinationRule').spec.host).toBe(HOST);
  const plain = emptyChart();
  route(plain, 'One');
  expect(synthesized(plain, 'DestinationRule')).toEqual([]);
});

test('a route lists the workloads that it reaches', () => {
  const chart = emptyChart();
  expect(route(chart, 'Sends').workloads).toEqual([cart]);
  expect(route(chart, 'Responds', { target: RouteTarget.respond(503) }).workloads).toEqual([]);
});

test('an id that is taken is refused', () => {
  const chart = emptyChart();
  route(chart, 'Cart');
  expect(refusal(() => route(chart, 'Cart'))).toMatchObject({ prop: 'id', value: 'Cart', path: 'chart' });
  expect(() => route(new Chart(App.of(chart), 'other'), 'Cart', { hosts: ['other.example.com'] })).not.toThrow();
});

test('the same hosts in another order share the VirtualService', () => {
  const chart = emptyChart();
  route(chart, 'One', { hosts: ['a.b', 'c.d'] });
  route(chart, 'Two', { hosts: ['c.d', 'a.b'] });
  expect(theOnly(chart, 'VirtualService').spec.http.map(({ name }: { name: string }) => name)).toEqual(['One', 'Two']);
});

/** A Gateway that refuses some workloads and some hosts. */
class PickyGateway extends HandMadeGateway {
  public readonly reached: string[] = [];

  public override admitRoutesFrom(namespace: string, hosts: string[] = []): void {
    if (hosts.includes('closed.example.com')) {
      throw InvalidProps.value('hosts', hosts, 'must be another one');
    }
    super.admitRoutesFrom(namespace, hosts);
  }

  public _accept(workloads: readonly IWorkload[]): void {
    if (workloads.some(({ serviceName }) => serviceName === 'bank')) {
      throw InvalidProps.value('workload', 'bank', 'must be another one', 'edge/ZeroTrust');
    }
  }

  public _reach({ serviceName }: IWorkload): void {
    this.reached.push(serviceName);
  }
}

test('a route that the gateway or another part of the edge refuses is refused', () => {
  const gateway = new PickyGateway();
  const bank = service({ serviceName: 'bank', host: 'bank.shop.svc.cluster.local' });
  expect(refusal(() => route(emptyChart(), 'Bank', { gateway, target: RouteTarget.workload(bank) }))).toMatchObject({ prop: 'workload', value: 'bank', path: 'edge/ZeroTrust' });
  expect(refusal(() => route(emptyChart(), 'Closed', { gateway, hosts: ['open.example.com', 'closed.example.com'] }))).toMatchObject({ prop: 'hosts', path: 'chart/Closed' });
});

test('a host with routes in another chart is refused', () => {
  const app = new App();
  const [one, two] = ['one', 'two'].map(id => new Chart(app, id, { namespace: id }));
  route(one, 'Cart');
  expect(refusal(() => route(two, 'Cart'))).toEqual({
    prop: 'hosts[0]', value: 'shop.example.com', path: 'two/Cart',
    reason: 'cannot be "shop.example.com": this host already has routes in one/Routes-front.door.one, and Istio would merge the two VirtualServices in an undefined order',
  });
});

test.each([[['wide', 'team']], [['team', 'wide']]])('a host of a chart has no routes for a wildcard of another chart: first %s', order => {
  const app = new App();
  const charts = { wide: new Chart(app, 'wide', { namespace: 'wide' }), team: new Chart(app, 'team', { namespace: 'team' }) };
  const hosts = { wide: '*.example.com', team: 'cart.example.com' };
  (order as ('wide' | 'team')[]).forEach(name => new Route(charts[name], name, { gateway: new HandMadeGateway(), hosts: [hosts[name]], target: RouteTarget.workload(cart) }));
  const routes = (chart: Chart): string[] => theOnly(chart, 'VirtualService').spec.http.map(({ name }: any) => name);
  expect([routes(charts.wide), routes(charts.team)]).toEqual([['wide'], ['team']]);
});

test('a route that delegates is passed to its delegate', () => {
  const attached: unknown[] = [];
  const delegate: IDelegate = { delegateName: 'cart', delegateNamespace: 'shop', _attachTo: root => attached.push(root.name) };
  route(emptyChart(), 'Team', { target: RouteTarget.delegate(delegate) });
  expect(attached).toEqual(['Team']);
});

test('a route is a construct of its scope', () => {
  const chart = emptyChart();
  const made = route(chart, 'Cart');
  expect(chart.node.findChild('Cart')).toBe(made);
  expect(made.node.path).toBe('chart/Cart');
});

test('every workload of a route, of its target and of its mirrors, is announced to the gateway', () => {
  const gateway = new PickyGateway();
  const search = service({ serviceName: 'search', host: 'search.shop.svc.cluster.local' });
  route(emptyChart(), 'Cart', { gateway, mirrors: [Mirror.workload(search)] });
  expect(gateway.reached).toEqual(['cart', 'search']);
});

describe('two references to one Gateway in a chart', () => {
  const namespaces = (chart: Chart): string[] => theOnly(chart, 'Gateway').spec.servers[0].hosts;
  const made = (): { chart: Chart; real: EdgeGateway; reference: IGateway } => {
    const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
    const real = new EdgeGateway(chart, 'Gateway', { workload: gatewayPods(), credentialName: 'tls' });
    return { chart, real, reference: EdgeGateway.fromAttributes({ gatewayName: real.gatewayName, gatewayNamespace: real.gatewayNamespace }) };
  };

  it.each([['a.example.com', 'b.example.com'], ['a.example.com', 'a.example.com']])('admit the hosts of their own routes: %s, then %s', (first, second) => {
    const { chart, real, reference } = made();
    route(chart, 'A', { gateway: reference, hosts: [first], paths: [PathMatch.prefix('/a')] });
    expect(namespaces(chart)).toEqual(['front/*']);
    route(chart, 'B', { gateway: real, hosts: [second] });
    expect(namespaces(chart)).toEqual(['front/*', `shop/${second}`]);
  });

  it('are asked once for each host', () => {
    const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
    const [one, other] = [new HandMadeGateway(), new HandMadeGateway()];
    [one, other, one, other].forEach((gateway, index) => route(chart, `A${index}`, { gateway, paths: [PathMatch.prefix(`/${index}`)] }));
    route(chart, 'Both', { gateway: other, hosts: ['shop.example.com', 'b.example.com'] });
    expect(one.admitted).toEqual(['shop: shop.example.com']);
    expect(other.admitted).toEqual(['shop: shop.example.com', 'shop: b.example.com']);
  });
});

test('a name is vacant if the next route creates a VirtualService, and no other one at the Gateway has the name', () => {
  const chart = emptyChart();
  const vacant = (name: string, hosts: string[], gateway = new HandMadeGateway()) => vacantName(chart, name, { gateway, hosts });
  expect(vacant('taken', ['a.b'])).toBe('taken');
  expect(chart.node.children).toEqual([]);
  route(chart, 'A', { hosts: ['a.b'], virtualServiceName: 'taken' });
  expect([vacant('taken', ['c.d']), vacant('free', ['a.b'])]).toEqual([undefined, undefined]);
  expect([vacant('free', ['a.b', 'c.d']), vacant('free', ['c.d'])]).toEqual(['free', 'free']);
  expect(vacant('taken', ['c.d'], new HandMadeGateway('other'))).toBe('taken');
});
