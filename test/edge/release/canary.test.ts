// Canary releases: what is rendered, and what a promotion and a rollback change.
import { App, Chart, Duration, Yaml } from 'cdk8s';
import { Canary, type CanaryProps, WeightOwner } from '../../../src/edge/release/canary';
import { HeaderMatch, PathMatch } from '../../../src/edge/match/match';
import { Route } from '../../../src/edge/routing/route';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { Subsets } from '../../../src/edge/traffic-policy/subsets';
import { Workload } from '../../../src/edge/workload/workload';
import * as manifests from '../../manifests';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';
import { changedLines } from '../changed-lines';
import { HandMadeGateway } from '../stubs';

const cart = new Workload({ serviceName: 'cart', namespace: 'shop', port: 8080, versions: ['v1', 'v2'] });
const HOST = 'cart.shop.svc.cluster.local';
const WEIGHTS = 'routes.cdk8s-alb-istio/weights-managed-elsewhere';
const AT_GATEWAY = { gateway: new HandMadeGateway(), hosts: ['shop.example.com'] };
const to = (subset: string, weight?: number) => manifests.to(HOST, { port: 8080, subset, weight });

function canary(scope: Chart, props: Partial<CanaryProps> = {}, id = 'Cart'): Canary {
  return new Canary(scope, id, { ...AT_GATEWAY, workload: cart, stable: 'v1', canary: 'v2', percent: 5, ...props });
}

function yaml(props: Partial<CanaryProps>): string {
  const chart = emptyChart();
  canary(chart, props);
  return Yaml.stringify(...synthesized(chart));
}

test('at a gateway it is a split, after a route for requests that choose the canary with a header', () => {
  const chart = emptyChart();
  const made = canary(chart, { header: HeaderMatch.exact('x-canary', 'yes'), paths: [PathMatch.prefix('/cart')], headers: [HeaderMatch.present('x-shop')], timeout: Duration.seconds(2) });
  expect(made.workload).toBe(cart);
  expect(theOnly(chart, 'VirtualService')).toMatchObject({ metadata: { namespace: 'front' }, spec: { gateways: ['front/door'], hosts: ['shop.example.com'] } });
  expect(theOnly(chart, 'VirtualService').spec.http).toEqual([
    { name: 'Cart-header', match: [{ uri: { prefix: '/cart' }, headers: { 'x-shop': {}, 'x-canary': { exact: 'yes' } } }], timeout: '2s', route: [to('v2')] },
    { name: 'Cart', match: [{ uri: { prefix: '/cart' }, headers: { 'x-shop': {} } }], timeout: '2s', route: [to('v1', 95), to('v2', 5)] },
  ]);
  expect(theOnly(chart, 'DestinationRule').spec.subsets.map(({ name }: { name: string }) => name)).toEqual(['v1', 'v2']);
});

test('inside the mesh it is a route in the VirtualService of its workload', () => {
  const chart = emptyChart();
  canary(chart, { gateway: undefined, hosts: undefined });
  expect(theOnly(chart, 'VirtualService')).toMatchObject({ metadata: { name: 'cart', namespace: 'shop' } });
  expect(theOnly(chart, 'VirtualService').spec).toEqual({ hosts: [HOST], http: [{ name: 'Cart', route: [to('v1', 95), to('v2', 5)] }] });
});

test('namespace and name of the VirtualService can be set', () => {
  const chart = emptyChart();
  canary(chart, { namespace: 'team', virtualServiceName: 'mine', header: HeaderMatch.present('x-canary') });
  expect(theOnly(chart, 'VirtualService').metadata).toMatchObject({ name: 'mine', namespace: 'team' });
});

test.each([
  [0.5, 995, 5], [0.01, 9999, 1], [12.25, 8775, 1225], [0.0001, 999_999, 1], [99.9, 1, 999], [0, 100, 0], [100, 0, 100], [5, 95, 5], [7.1, 929, 71],
])('%s percent is %i to %i', (percent, stable, tried) => {
  const chart = emptyChart();
  canary(chart, { percent });
  expect(theOnly(chart, 'VirtualService').spec.http).toEqual([{ name: 'Cart', route: [to('v1', stable), to('v2', tried)] }]);
});

test('retries and timeouts are those of the requests to both versions, and of those that choose the canary', () => {
  const chart = emptyChart();
  canary(chart, { header: HeaderMatch.present('x-canary'), timeout: Duration.seconds(3), retries: { attempts: 2, perTryTimeout: Duration.seconds(1) } });
  const settings = { timeout: '3s', retries: { attempts: 2, perTryTimeout: '1s' } };
  expect(theOnly(chart, 'VirtualService').spec.http).toMatchObject([{ name: 'Cart-header', ...settings }, { name: 'Cart', ...settings }]);
});

test('a promotion and a rollback change two lines', () => {
  const header = HeaderMatch.present('x-canary');
  expect(changedLines(yaml({ percent: 5, header }), yaml({ percent: 50, header }))).toEqual([['weight: 95', 'weight: 50'], ['weight: 5', 'weight: 50']]);
  expect(changedLines(yaml({ percent: 50 }), yaml({ percent: 100 }))).toEqual([['weight: 50', 'weight: 0'], ['weight: 50', 'weight: 100']]);
  expect(changedLines(yaml({ percent: 50 }), yaml({ percent: 0 }))).toEqual([['weight: 50', 'weight: 100'], ['weight: 50', 'weight: 0']]);
});

describe('weights that a controller manages', () => {
  const elsewhere = { weights: WeightOwner.ELSEWHERE, percent: undefined };

  it('start with the stable version, and an annotation of the VirtualService lists the route', () => {
    const chart = emptyChart();
    canary(chart, { ...elsewhere, header: HeaderMatch.present('x-canary') });
    expect(theOnly(chart, 'VirtualService').metadata.annotations).toEqual({ [WEIGHTS]: 'Cart' });
    expect(theOnly(chart, 'VirtualService').spec.http[1]).toEqual({ name: 'Cart', route: [to('v1', 100), to('v2', 0)] });
  });

  it('stay managed elsewhere when a VirtualService is split', () => {
    const chart = emptyChart();
    canary(chart, { ...elsewhere, hosts: ['shop.example.com', 'cart.example.com'], paths: [PathMatch.prefix('/cart')] });
    new Route(chart, 'One', { ...AT_GATEWAY, target: RouteTarget.respond(503) });
    expect(synthesized(chart, 'VirtualService').map(({ metadata, spec }) => [spec.hosts, metadata.annotations])).toEqual([
      [['shop.example.com'], { [WEIGHTS]: 'Cart' }], [['cart.example.com'], { [WEIGHTS]: 'Cart' }],
    ]);
  });

  it('allow neither a percentage nor a comma in the id', () => {
    expect(refusal(() => canary(emptyChart(), { weights: WeightOwner.ELSEWHERE }))).toMatchObject({ prop: 'percent', value: 5, path: 'chart/Cart' });
    expect(refusal(() => canary(emptyChart(), elsewhere, 'A,B'))).toMatchObject({ prop: 'id', value: 'A,B' });
    expect(() => canary(emptyChart(), {}, 'A,B')).not.toThrow();
  });

  it('are not annotated otherwise', () => {
    const chart = emptyChart();
    canary(chart, { weights: WeightOwner.HERE });
    expect(theOnly(chart, 'VirtualService').metadata.annotations).toBeUndefined();
  });
});

test('versions with their own labels keep them', () => {
  const chart = emptyChart();
  new Subsets(chart, 'Versions', { workload: cart, versions: { v1: { labels: { color: 'blue' } } } });
  canary(chart);
  expect(theOnly(chart, 'DestinationRule').spec.subsets).toEqual([{ name: 'v1', labels: { color: 'blue' } }, { name: 'v2', labels: { version: 'v2' } }]);
});

test.each<[string, Partial<CanaryProps>, string, unknown]>([
  ['an unknown stable version', { stable: 'v9' }, 'stable', 'v9'],
  ['an unknown canary version', { canary: 'v9' }, 'canary', 'v9'],
  ['the same version for both', { canary: 'v1' }, 'canary', 'v1'],
  ['no percentage', { percent: undefined }, 'percent', undefined],
  ['a negative percentage', { percent: -1 }, 'percent', -1],
  ['a percentage above 100', { percent: 101 }, 'percent', 101],
  ['a percentage with five decimals', { percent: 0.00001 }, 'percent', 0.00001],
  ['one between 1 and 100 with five', { percent: 12.34567 }, 'percent', 12.34567],
  ['a percentage just above 100', { percent: 100.5 }, 'percent', 100.5],
  ['a share that is no number', { percent: NaN }, 'percent', NaN],
  ['an unknown owner of the weights', { weights: 'argo' as never }, 'weights', 'argo'],
  ['a header as a string', { header: 'x-canary' as never }, 'header', 'x-canary'],
  ['a number instead of a list of headers', { header: HeaderMatch.present('a'), headers: 5 as never }, 'headers', 5],
  ['strings instead of HeaderMatch', { header: HeaderMatch.present('a'), headers: ['b'] as never }, 'headers[0]', 'b'],
  ['a string instead of a workload', { workload: 'cart' as never }, 'workload', 'cart'],
  ['a string instead of a gateway', { gateway: 'door' as never }, 'gateway', 'door'],
  ['no hosts', { hosts: undefined }, 'hosts', []],
  ['hosts without a gateway', { gateway: undefined }, 'hosts', ['shop.example.com']],
  ['a namespace without a gateway', { gateway: undefined, hosts: undefined, namespace: 'team' }, 'namespace', 'team'],
  ['a name without a gateway', { gateway: undefined, hosts: undefined, virtualServiceName: 'a' }, 'virtualServiceName', 'a'],
])('%s is refused', (_, props, prop, value) => {
  expect(refusal(() => canary(emptyChart(), props))).toMatchObject({ prop, value, path: expect.stringMatching(/^chart\/Cart/) });
});

test.each<[keyof CanaryProps, string]>([
  ['stable', 'and must be a version of shop/cart: v1, v2'],
  ['canary', 'and must be a version of shop/cart: v1, v2'],
  ['percent', 'unless the weights are managed elsewhere'],
])('%s is required', (prop, when) => {
  expect(() => canary(emptyChart(), { [prop]: undefined })).toThrow(`chart/Cart: ${prop} is required ${when}`);
});

test('props that are not an object are refused', () => {
  expect(refusal(() => new Canary(emptyChart(), 'Cart', null as never))).toMatchObject({ prop: 'props', value: null, path: 'chart/Cart' });
});

test('a workload has at most one release per host of a gateway, in all charts together', () => {
  const app = new App();
  const [one, two] = ['one', 'two'].map(id => new Chart(app, id));
  canary(one, { hosts: ['shop.example.com', 'shop.example.org'] });
  expect(refusal(() => canary(two, { hosts: ['cart.example.com', 'shop.example.org'] }))).toEqual({
    prop: 'workload', value: HOST, reason: `"${HOST}" is already the workload of release one/Cart in the same place`, path: 'two/Cart',
  });
  canary(two, { gateway: new HandMadeGateway('gate') }, 'AtGate');
  canary(two, { gateway: undefined, hosts: undefined }, 'InMesh');
  expect(refusal(() => canary(one, { gateway: undefined, hosts: undefined }, 'Other')).reason).toContain('two/InMesh');
});

test('one workload may have canaries with different shares at two hosts', () => {
  const chart = emptyChart();
  canary(chart, { hosts: ['shop.example.com'], percent: 5 }, 'Com');
  canary(chart, { hosts: ['shop.example.org'], percent: 50 }, 'Org');
  const sharesOf = ({ spec }: { readonly [field: string]: any }) => [spec.hosts, spec.http.at(-1).route.map(({ weight }: { weight: number }) => weight)];
  expect(synthesized(chart, 'VirtualService').map(sharesOf)).toEqual([[['shop.example.com'], [95, 5]], [['shop.example.org'], [50, 50]]]);
});
