// TLS and TCP routes: each has its own VirtualService.
import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { InvalidProps } from '../../../src/base/errors';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { TcpRoute, type TcpRouteProps } from '../../../src/edge/routing/tcp-route';
import { TlsRoute, type TlsRouteProps } from '../../../src/edge/routing/tls-route';
import type { IWorkload } from '../../../src/edge/workload/workload';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { HandMadeGateway, service } from '../stubs';

const db = service({ serviceName: 'db', host: 'db.shop.svc.cluster.local', port: 5432 });
const target = RouteTarget.workload(db);
const toDb = [{ destination: { host: 'db.shop.svc.cluster.local', port: { number: 5432 } } }];
const METADATA = {
  name: 'database',
  namespace: 'front',
  labels: labels('database', 'routing'),
};

function tls(scope: Construct, id = 'Database', props: Partial<TlsRouteProps> = {}): TlsRoute {
  return new TlsRoute(scope, id, { gateway: new HandMadeGateway(), hosts: ['db.example.com'], target, ...props });
}

function tcp(scope: Construct, id = 'Database', props: Partial<TcpRouteProps> = {}): TcpRoute {
  return new TcpRoute(scope, id, { gateway: new HandMadeGateway(), port: 5432, target, ...props });
}

const KINDS = [['TlsRoute', tls], ['TcpRoute', tcp]] as const;

test('a TLS route matches the server name', () => {
  const chart = emptyChart();
  const gateway = new HandMadeGateway();
  const made = tls(chart, 'Database', { gateway, hosts: ['db.example.com', '*.db.example.org'] });
  const hosts = ['db.example.com', '*.db.example.org'];
  expect(synthesized(chart)).toEqual([{
    apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: METADATA,
    spec: { gateways: ['front/door'], hosts, tls: [{ match: [{ sniHosts: hosts }], route: toDb }] },
  }]);
  expect({ admitted: gateway.admitted, workloads: made.workloads }).toEqual({ admitted: ['front: TLS db.example.com, *.db.example.org'], workloads: [db] });
});

test('a TCP route matches the port', () => {
  const chart = emptyChart();
  const gateway = new HandMadeGateway();
  const made = tcp(chart, 'Database', { gateway });
  expect(synthesized(chart)).toEqual([{
    apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: METADATA,
    spec: { gateways: ['front/door'], hosts: ['*'], tcp: [{ match: [{ port: 5432 }], route: toDb }] },
  }]);
  expect({ admitted: gateway.admitted, workloads: made.workloads }).toEqual({ admitted: ['front: TCP 5432'], workloads: [db] });
});

describe.each(KINDS)('a %s', (_, route) => {
  it('is in the namespace of the chart, an explicit one, or the Gateway\'s; its name is explicit or the id', () => {
    for (const [chart, props, where] of [
      [emptyChart('chart', 'team'), {}, { namespace: 'team', name: 'database' }], [emptyChart('chart', 'team'), { namespace: 'shop', virtualServiceName: 'db.routes' }, { namespace: 'shop', name: 'db.routes' }],
      [emptyChart(), {}, { namespace: 'front', name: 'database' }],
    ] as const) {
      route(chart, 'Database', props);
      const { metadata } = theOnly(chart, 'VirtualService');
      expect(metadata).toMatchObject(where);
    }
  });

  it('can target versions, whose subsets come first in the output', () => {
    const chart = emptyChart();
    route(chart, 'Database', { target: RouteTarget.split([{ subset: db.subset('v1'), weight: 9 }, { subset: db.subset('v2'), weight: 1 }]) });
    expect(synthesized(chart).map(({ kind }) => kind)).toEqual(['DestinationRule', 'VirtualService']);
    const { tls: byName, tcp: byPort } = theOnly(chart, 'VirtualService').spec;
    expect((byName ?? byPort)[0].route.map(({ destination, weight }: any) => ({ subset: destination.subset, weight }))).toEqual([{ subset: 'v1', weight: 9 }, { subset: 'v2', weight: 1 }]);
  });

  it('announces its workloads to the gateway', () => {
    const chart = emptyChart();
    const reached: IWorkload[] = [];
    route(chart, 'Database', { gateway: Object.assign(new HandMadeGateway(), { _reach: (workload: IWorkload) => reached.push(workload) }) });
    expect(reached).toEqual([db]);
  });

  it('is refused for connections that another route at the Gateway matches', () => {
    const app = new App();
    const [one, two] = ['one', 'two'].map(id => new Chart(app, id, { namespace: id }));
    const gateway = new HandMadeGateway();
    route(one, 'Database', { gateway });
    expect(refusal(() => route(two, 'Other', { gateway }))).toEqual({
      prop: 'gateway', value: expect.stringMatching(/^front\/door T(LS db\.example\.com|CP 5432)$/), path: 'two/Other',
      reason: expect.stringMatching(/^"front\/door T.*" is already matched by route one\/Database$/),
    });
    route(two, 'Database', { gateway: new HandMadeGateway('gate') });
  });

  it('is refused if the gateway refuses it', () => {
    const no = () => { throw InvalidProps.value('gateway', 'a gateway', 'must be one behind a Network Load Balancer'); };
    const gateway = Object.assign(new HandMadeGateway(), { passTlsThrough: no, passTcpThrough: no });
    expect(refusal(() => route(emptyChart(), 'Database', { gateway }))).toMatchObject({ prop: 'gateway', path: 'chart/Database' });
  });

  it.each<[string, Partial<TlsRouteProps & TcpRouteProps>, string, unknown]>([
    ['a direct response', { target: RouteTarget.respond(503) }, 'target', 'a response of the gateway'],
    ['a redirect', { target: RouteTarget.redirect({ path: '/' }) }, 'target', 'a response of the gateway'],
    ['a delegate', { target: RouteTarget.delegate({ delegateName: 'a', delegateNamespace: 'b' }) }, 'target', 'a delegate'],
    ['changes to headers', { target: RouteTarget.splitWorkloads([{ workload: db, weight: 1 }, { workload: service(), weight: 1, responseHeaders: { remove: ['a'] } }]) },
      'target', 'changes to headers of share 2'],
    ['a target of another type', { target: 'db' as never }, 'target', 'db'],
    ['no target', { target: undefined as never }, 'target', undefined],
    ['a gateway of another type', { gateway: {} as never }, 'gateway', {}],
    ['an invalid namespace', { namespace: 'A' }, 'namespace', 'A'],
    ['an invalid name', { virtualServiceName: 'A' }, 'virtualServiceName', 'A'],
    ['no hosts or an invalid port', { hosts: [], port: 0 }, '', undefined],
  ])('refuses %s', (_what, props, prop, value) => {
    const refused = refusal(() => route(emptyChart(), 'Database', props));
    expect(refused).toMatchObject(prop === '' ? { path: 'chart/Database' } : { prop, value, path: 'chart/Database' });
  });

  it('is a construct, whose id is also its name by default', () => {
    const chart = emptyChart();
    const gateway = new HandMadeGateway();
    expect(route(chart, 'Database', { gateway })).toBe(chart.node.findChild('Database'));
    expect(refusal(() => route(chart, 'Database', { gateway: new HandMadeGateway('gate') }))).toMatchObject({ prop: 'id', value: 'Database', path: 'chart' });
    expect(refusal(() => route(chart, 'My Database', { gateway: new HandMadeGateway('gate') }))).toMatchObject({ prop: 'virtualServiceName', value: 'my database' });
  });
});

test.each<[unknown, string, unknown]>([
  [undefined, 'hosts', undefined], [[], 'hosts', []], [['*'], 'hosts', ['*']], [['db'], 'hosts[0]', 'db'], [['a.b', 'a.b'], 'hosts[1]', 'a.b'],
  [['x.a.b', '*.a.b'], 'hosts[0]', 'x.a.b'],
])('a TLS route for %j is refused', (hosts, prop, value) => {
  const chart = emptyChart();
  expect(refusal(() => tls(chart, 'Database', { hosts: hosts as string[] }))).toMatchObject({ prop, value, path: 'chart/Database' });
});

test.each([undefined, 0, 65536, '5432', 1.5])('a TCP route for the port %p is refused', port => {
  expect(refusal(() => tcp(emptyChart(), 'Database', { port: port as number }))).toMatchObject({ prop: 'port', value: port, path: 'chart/Database' });
});

test.each([['TLS', TlsRoute], ['TCP', TcpRoute]])('a %s route without props is refused', (_, Made) => {
  expect(refusal(() => new Made(emptyChart(), 'A', undefined as never))).toMatchObject({ prop: 'props', value: undefined, path: 'chart/A' });
});
