// Routes alone, at a gateway made by hand.
import { App, Chart, Duration } from 'cdk8s';
import { HeaderMatch, PathMatch } from '../../src/edge/match';
import { Route, type RouteProps } from '../../src/edge/route';
import { RetryOn } from '../../src/edge/route-policy';
import { RouteTarget } from '../../src/edge/route-target';
import { refusal } from '../refusal';
import { emptyChart, synthesized, theOnly } from '../synthesized';
import { HandMadeGateway, service } from './hand-made';

const cart = service();
const HOST = 'cart.shop.svc.cluster.local';

function route(scope: Chart, id: string, props: Partial<RouteProps> = {}): Route {
  return new Route(scope, id, { gateway: new HandMadeGateway(), hosts: ['shop.example.com'], target: RouteTarget.workload(cart), ...props });
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
      name: 'shop-example-com-951623a2',
      namespace: 'front',
      labels: {
        'app.kubernetes.io/name': 'shop-example-com-951623a2',
        'app.kubernetes.io/component': 'routing',
        'app.kubernetes.io/part-of': 'edge',
        'app.kubernetes.io/managed-by': 'cdk8s',
      },
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

test('routes of one host list share a VirtualService, in the order written', () => {
  const chart = emptyChart();
  const gateway = new HandMadeGateway();
  route(chart, 'Second', { gateway });
  route(chart, 'First', { gateway, target: RouteTarget.respond(503) });
  expect(theOnly(chart, 'VirtualService').spec.http).toEqual([
    { name: 'Second', route: [{ destination: { host: HOST, port: { number: 8080 } } }] },
    { name: 'First', directResponse: { status: 503 } },
  ]);
});

test.each<[string, Partial<RouteProps>]>([
  ['other hosts', { hosts: ['shop.example.org'] }],
  ['another gateway', { gateway: new HandMadeGateway('gate') }],
  ['a gateway whose name and namespace read the same when joined', { gateway: new HandMadeGateway('r', 'front-doo') }],
  ['another namespace', { namespace: 'shop' }],
])('a route with %s gets a VirtualService of its own', (_, props) => {
  const chart = emptyChart();
  route(chart, 'One', { gateway: new HandMadeGateway('doo-r', 'front') });
  route(chart, 'Two', props);
  expect(synthesized(chart, 'VirtualService').map(({ spec }) => spec.http.length)).toEqual([1, 1]);
});

test('the Gateway is told to admit the namespace: the chart\'s, the Gateway\'s or the one given', () => {
  const gateway = new HandMadeGateway();
  route(emptyChart('a', 'team'), 'Cart', { gateway });
  route(emptyChart('b'), 'Cart', { gateway });
  route(emptyChart('c', 'team'), 'Cart', { gateway, namespace: 'shop' });
  expect(gateway.admitted).toEqual(['team', 'front', 'shop']);
});

test.each([
  [['shop.example.com'], 'shop-example-com-951623a2'],
  [['shop-eu.example.com'], 'shop-eu-example-com-5193ffc2'],
  [['*'], 'any-684888c0'],
  [['*.example.com'], 'any-example-com-47287a8f'],
  [['any.example.com'], 'any-example-com-ca9a9b35'],
  [['a.b', 'c.d'], 'a-b-[0-9a-f]{8}'],
  [['c.d', 'a.b'], 'c-d-[0-9a-f]{8}'],
  [[`${'a'.repeat(63)}.example.com`], `${'a'.repeat(54)}-[0-9a-f]{8}`],
  [[`${'a'.repeat(53)}.example.com`], `${'a'.repeat(53)}-[0-9a-f]{8}`],
])('the VirtualService of %j is called %s', (hosts, name) => {
  const chart = emptyChart();
  route(chart, 'Cart', { hosts });
  expect(theOnly(chart, 'VirtualService').metadata.name).toMatch(new RegExp(`^${name}$`));
});

test('the VirtualService can be named, by the first route of a host list', () => {
  const chart = emptyChart();
  route(chart, 'One', { virtualServiceName: 'mine' });
  route(chart, 'Two');
  expect(theOnly(chart, 'VirtualService').metadata.name).toBe('mine');
  expect(refusal(() => route(chart, 'Three', { virtualServiceName: 'other' }))).toMatchObject({ prop: 'virtualServiceName', value: 'other', path: 'chart/Three' });
});

test('versions get their subsets, once', () => {
  const chart = emptyChart();
  route(chart, 'One', { target: RouteTarget.subset(cart.subset('v1')) });
  route(chart, 'Two', { target: RouteTarget.split([{ subset: cart.subset('v1'), weight: 1 }, { subset: cart.subset('v2'), weight: 1 }]) });
  expect(theOnly(chart, 'DestinationRule').spec.host).toBe(HOST);
  const plain = emptyChart();
  route(plain, 'One');
  expect(synthesized(plain, 'DestinationRule')).toEqual([]);
});

test('a route says which workloads it reaches', () => {
  const chart = emptyChart();
  expect([route(chart, 'One'), route(chart, 'Two', { target: RouteTarget.respond(503) })].map(made => made.workloads)).toEqual([[cart], []]);
});

test('an id that is taken is refused, whatever has it', () => {
  const chart = emptyChart();
  route(chart, 'Cart');
  expect(refusal(() => route(chart, 'Cart'))).toMatchObject({ prop: 'id', value: 'Cart', path: 'chart' });
  expect(() => route(new Chart(App.of(chart), 'other'), 'Cart')).not.toThrow();
});

test('the same hosts in another order share the VirtualService, so that the order written holds', () => {
  const chart = emptyChart();
  route(chart, 'One', { hosts: ['a.b', 'c.d'] });
  route(chart, 'Two', { hosts: ['c.d', 'a.b'] });
  expect(theOnly(chart, 'VirtualService').spec.http.map(({ name }: { name: string }) => name)).toEqual(['One', 'Two']);
});
