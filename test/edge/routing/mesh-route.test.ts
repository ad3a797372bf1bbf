// Routes for service-to-service traffic.
import { App, Chart, Duration } from 'cdk8s';
import { Canary } from '../../../src/edge/release/canary';
import { ClaimMatch } from '../../../src/edge/match/claim-match';
import { ExternalService } from '../../../src/edge/egress/external-service';
import { HeaderMatch, PathMatch } from '../../../src/edge/match/match';
import { MeshProtocol } from '../../../src/edge/egress/mesh-protocol';
import { MeshRoute, type MeshRouteProps } from '../../../src/edge/routing/mesh-route';
import { Mirror } from '../../../src/edge/routing/mirror';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import * as manifests from '../../manifests';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { service } from '../stubs';

const cart = service();
const HOST = 'cart.shop.svc.cluster.local';
const REST = { name: 'rest', route: [{ destination: { host: HOST } }] };
const toCart = (subset?: string) => [manifests.to(HOST, { port: 8080, subset })];

function route(scope: Chart, id: string, props: Partial<MeshRouteProps> = {}): MeshRoute {
  return new MeshRoute(scope, id, { workload: cart, headers: [HeaderMatch.present(`x-${id.toLowerCase()}`)], target: RouteTarget.workload(cart), ...props });
}

test('a route is an entry of the VirtualService of its workload, before a fallback', () => {
  const chart = emptyChart();
  route(chart, 'Lab', { timeout: Duration.seconds(1) });
  expect(synthesized(chart)).toEqual([{
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: 'cart',
      namespace: 'shop',
      labels: labels('cart', 'routing'),
    },
    spec: {
      hosts: [HOST],
      http: [{ name: 'Lab', match: [{ headers: { 'x-lab': {} } }], timeout: '1s', route: toCart() }, REST],
    },
  }]);
});

test('the fallback keeps the port of the request, because a Service may have several', () => {
  const chart = emptyChart();
  route(chart, 'Http', { headers: undefined, port: 8080 });
  expect(theOnly(chart, 'VirtualService').spec.http).toEqual([{ name: 'Http', match: [{ port: 8080 }], route: toCart() }, REST]);
});

test('a catch-all needs no fallback, and no route can follow it', () => {
  const chart = emptyChart();
  route(chart, 'All', { headers: undefined });
  expect(theOnly(chart, 'VirtualService').spec.http).toEqual([{ name: 'All', route: toCart() }]);
  expect(refusal(() => route(chart, 'Late'))).toMatchObject({ prop: 'paths', value: 'any path', path: 'chart/Late' });
});

test('routes of one workload, including those of releases, share its VirtualService in declaration order', () => {
  const chart = emptyChart();
  route(chart, 'Old', { paths: [PathMatch.exact('/old')], headers: undefined, target: RouteTarget.redirect({ path: '/new' }) });
  new Canary(chart, 'Canary', { workload: cart, stable: 'v1', canary: 'v2', percent: 5, header: HeaderMatch.present('x-canary'), paths: [PathMatch.prefix('/a')] });
  route(chart, 'Rest', { headers: undefined, target: RouteTarget.subset(cart.subset('v1')) });
  expect(theOnly(chart, 'VirtualService').spec.http.map(({ name }: { name: string }) => name)).toEqual(['Old', 'Canary-header', 'Canary', 'Rest']);
});

test('a canary can be a catch-all', () => {
  const chart = emptyChart();
  new Canary(chart, 'Canary', { workload: cart, stable: 'v1', canary: 'v2', percent: 5 });
  expect(refusal(() => route(chart, 'Late'))).toMatchObject({ prop: 'paths', reason: expect.stringContaining('route "Canary" above matches every request') });
});

test('subsets are declared before the routes that refer to them', () => {
  const chart = emptyChart();
  route(chart, 'Lab', { target: RouteTarget.subset(cart.subset('v2')), mirrors: [Mirror.subset(cart.subset('v1'))] });
  expect(synthesized(chart).map(({ kind }) => kind)).toEqual(['DestinationRule', 'VirtualService']);
});

test('each caller gets a match block', () => {
  const chart = emptyChart();
  route(chart, 'Page', { headers: undefined, callers: [{ namespace: 'shop' }, { labels: { app: 'page' } }] });
  expect(theOnly(chart, 'VirtualService').spec.http).toEqual([
    { name: 'Page', match: [{ sourceNamespace: 'shop' }, { sourceLabels: { app: 'page' } }], route: toCart() }, REST,
  ]);
});

test('a route lists the workloads that it reaches', () => {
  const bank = service({ serviceName: 'bank', host: 'bank.shop.svc.cluster.local' });
  const chart = emptyChart();
  expect(route(chart, 'Copy', { mirrors: [Mirror.workload(bank)] }).workloads).toEqual([cart, bank]);
  expect(route(chart, 'Down', { target: RouteTarget.respond(503) }).workloads).toEqual([]);
});

describe('exportTo', () => {
  it('is the same for all routes of a workload', () => {
    const chart = emptyChart();
    route(chart, 'One', { exportTo: ['.', 'front'] });
    route(chart, 'Two', { exportTo: ['front', 'shop'] });
    route(chart, 'Three');
    expect(theOnly(chart, 'VirtualService').spec.exportTo).toEqual(['.', 'front']);
    expect(refusal(() => route(chart, 'Four', { exportTo: ['*'] }))).toMatchObject({ prop: 'exportTo', value: ['*'], path: 'chart/Four' });
  });

  it('must be a list that Istio accepts', () => {
    expect(refusal(() => route(emptyChart(), 'A', { exportTo: ['.', 'shop'] }))).toMatchObject({ prop: 'exportTo[1]', value: 'shop', path: 'chart/A' });
    expect(refusal(() => route(emptyChart(), 'A', { exportTo: [] }))).toMatchObject({ prop: 'exportTo', value: [] });
  });
});

test('the routes of a workload are in one chart, because sidecars would apply only the older VirtualService', () => {
  const app = new App();
  const [one, two] = ['one', 'two'].map(id => new Chart(app, id));
  route(one, 'A');
  expect(refusal(() => route(two, 'A', { target: RouteTarget.subset(cart.subset('v1')) }))).toEqual({
    prop: 'hosts[0]', value: HOST, path: 'two/A', reason: `cannot be "${HOST}": this host already has routes in one/MeshRoutes-shop, and Istio would apply only the older VirtualService`,
  });
  route(two, 'B', { workload: service({ serviceName: 'bank', host: 'bank.shop.svc.cluster.local' }) });
});

test('so are those of one host that is declared in two namespaces', () => {
  const chart = emptyChart();
  const api = (namespace: string) => service({ namespace, serviceName: 'api', host: 'api.example.com' });
  route(chart, 'A', { workload: api('shop') });
  expect(refusal(() => route(chart, 'B', { workload: api('team') }))).toMatchObject({
    prop: 'hosts[0]', value: 'api.example.com', reason: expect.stringContaining('routes in chart/MeshRoutes-shop, and Istio would apply only the older VirtualService'),
  });
  expect(synthesized(chart, 'VirtualService').map(({ metadata }) => metadata.namespace)).toEqual(['shop']);
});

test('an external service can be the workload', () => {
  const chart = emptyChart('chart', 'shop');
  const workload = new ExternalService(chart, 'Api', { hosts: ['api.example.com'], ports: [{ number: 80, protocol: MeshProtocol.HTTP }] });
  new MeshRoute(chart, 'Slow', { workload, target: RouteTarget.workload(workload), timeout: Duration.seconds(30) });
  expect(theOnly(chart, 'VirtualService')).toMatchObject({
    metadata: { name: 'api-example-com', namespace: 'shop' }, spec: { hosts: ['api.example.com'], http: [{ route: [{ destination: { host: 'api.example.com', port: { number: 80 } } }] }] },
  });
});

test.each<[string, Partial<MeshRouteProps>, string, unknown]>([
  ['an invalid workload', { workload: 'cart' as never }, 'workload', 'cart'],
  ['no target', { target: undefined as never }, 'target', undefined],
  ['a redirect to itself', { headers: undefined, target: RouteTarget.redirect({ host: HOST }) }, 'target', `a redirect to ${HOST}`],
  ['claims, which only gateways support', { claims: [ClaimMatch.exact(['group'], 'a')] }, 'claims', ['@request.auth.claims[group]']],
  ['an empty caller', { callers: [{}] }, 'callers[0]', {}],
])('%s is refused', (_, props, prop, value) => {
  const chart = emptyChart();
  expect(refusal(() => route(chart, 'A', props))).toMatchObject({ prop, value, path: 'chart/A' });
  expect(synthesized(chart)).toEqual([]);
});

test('missing props are refused', () => {
  expect(refusal(() => new MeshRoute(emptyChart(), 'A', undefined as never))).toMatchObject({ prop: 'props', value: undefined, path: 'chart/A' });
});
