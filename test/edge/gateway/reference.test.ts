// A Gateway that another chart or repository owns.
import { EdgeGateway } from '../../../src/edge/gateway/gateway';
import type { GatewayAttributes, IGateway } from '../../../src/edge/gateway/reference';
import { Route } from '../../../src/edge/routing/route';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { TcpRoute } from '../../../src/edge/routing/tcp-route';
import { TlsRoute } from '../../../src/edge/routing/tls-route';
import { refusal } from '../../refusal';
import { emptyChart, theOnly } from '../../synthesized';
import { HandMadeGateway, service } from '../stubs';

const NAMES = { gatewayName: 'door', gatewayNamespace: 'front' };
const found = (attributes: Partial<GatewayAttributes> = {}) => EdgeGateway.fromAttributes({ ...NAMES, ...attributes });

test('a Gateway without a list of admitted hosts admits every namespace', () => {
  const gateway = found();
  gateway.admitRoutesFrom('shop', ['a.b']);
  gateway.passTlsThrough('shop', ['a.b']);
  gateway.passTcpThrough('shop', 5432);
  expect(refusal(() => gateway.admitRoutesFrom('Shop'))).toMatchObject({ prop: 'namespace', value: 'Shop' });
});

test('admitted namespaces may use any host', () => {
  const gateway = found({ admittedNamespaces: ['shop'] });
  gateway.admitRoutesFrom('shop', ['a.b', '*']);
  gateway.passTlsThrough('shop', ['a.b']);
  for (const call of [() => gateway.admitRoutesFrom('art', ['a.b']), () => gateway.passTlsThrough('art', ['a.b']), () => gateway.passTcpThrough('art', 80)]) {
    expect(refusal(call)).toMatchObject({ prop: 'namespace', value: 'art', reason: 'must be a namespace that the gateway front/door admits: shop' });
  }
});

test('admitted hosts apply to their namespace only', () => {
  const gateway = found({ admittedNamespaces: ['bank'], admittedHosts: ['shop/*.a.b', 'shop/c.d', 'art/*'] });
  gateway.admitRoutesFrom('shop', ['x.a.b', 'c.d']);
  gateway.admitRoutesFrom('bank', ['e.f']);
  gateway.admitRoutesFrom('art', ['e.f', '*']);
  gateway.admitRoutesFrom('shop');
  expect(refusal(() => gateway.admitRoutesFrom('shop', ['c.d', 'e.f'])))
    .toMatchObject({ prop: 'hosts[1]', value: 'e.f', reason: 'must be a host that the gateway front/door admits from shop: *.a.b, c.d' });
  expect(refusal(() => gateway.passTlsThrough('shop', ['a.b']))).toMatchObject({ prop: 'hosts[0]', value: 'a.b' });
  expect(refusal(() => gateway.admitRoutesFrom('team', ['c.d']))).toMatchObject({ prop: 'namespace', reason: 'must be a namespace that the gateway front/door admits: bank, shop, art' });
});

test.each<[string, (gateway: IGateway, hosts: string[]) => void]>([
  ['admitRoutesFrom', (gateway, hosts) => gateway.admitRoutesFrom('a', hosts)],
  ['passTlsThrough', (gateway, hosts) => gateway.passTlsThrough('a', hosts)],
])('%s rejects what is not a list of strings', (_, call) => {
  for (const [hosts, prop] of [[null, 'hosts'], ['x', 'hosts'], [{}, 'hosts'], [[null], 'hosts[0]'], [[1], 'hosts[0]']] as const) {
    expect(refusal(() => call(found({ admittedHosts: ['a/x.example.com'] }), hosts as never))).toMatchObject({ prop });
    expect(refusal(() => call(found({}), hosts as never))).toMatchObject({ prop });
  }
});

test('an empty list admits none', () => {
  expect(refusal(() => found({ admittedHosts: [] }).admitRoutesFrom('shop', ['a.b']))).toMatchObject({ prop: 'namespace', value: 'shop' });
});

test('routes reference it, and are rejected if it does not admit them', () => {
  const chart = emptyChart('chart', 'shop');
  const gateway = found({ admittedHosts: ['shop/a.b'] });
  const target = RouteTarget.workload(service());
  expect(refusal(() => new Route(chart, 'B', { gateway, hosts: ['c.d'], target }))).toMatchObject({ prop: 'hosts[0]', value: 'c.d', path: 'chart/B' });
  expect(refusal(() => new TlsRoute(chart, 'C', { gateway, hosts: ['c.d'], target }))).toMatchObject({ prop: 'hosts[0]', value: 'c.d', path: 'chart/C' });
  expect(refusal(() => new TcpRoute(chart, 'D', { gateway, namespace: 'art', port: 80, target }))).toMatchObject({ prop: 'namespace', value: 'art', path: 'chart/D' });
  new Route(chart, 'A', { gateway, hosts: ['a.b'], target });
  expect(theOnly(chart, 'VirtualService').spec).toMatchObject({ gateways: ['front/door'], hosts: ['a.b'] });
});

test.each<[Partial<GatewayAttributes>, string, unknown]>([
  [{ gatewayName: 'Door' }, 'gatewayName', 'Door'],
  [{ gatewayName: undefined }, 'gatewayName', undefined],
  [{ gatewayNamespace: 'a.b' }, 'gatewayNamespace', 'a.b'],
  [{ admittedNamespaces: 'shop' as never }, 'admittedNamespaces', 'shop'],
  [{ admittedHosts: ['a.b'] }, 'admittedHosts[0]', 'a.b'],
  [{ admittedHosts: [1] as never }, 'admittedHosts[0]', 1],
])('%j is refused', (attributes, prop, value) => {
  expect(refusal(() => found(attributes))).toMatchObject({ prop, value });
});

test('routes can be bound to a Gateway', () => {
  const routeAt = (gateway: IGateway): Route => new Route(emptyChart(), 'A', { gateway, hosts: ['a.b'], target: RouteTarget.workload(service()) });
  expect(() => routeAt(new HandMadeGateway())).not.toThrow();
  for (const other of [undefined, null, 'front/door', {}, { ...NAMES, admitRoutesFrom: () => undefined }]) {
    expect(refusal(() => routeAt(other as never))).toMatchObject({ prop: 'gateway', value: other });
  }
});
