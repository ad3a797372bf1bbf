// Rejected routes: they leave neither objects nor a construct, so that a corrected route can follow.
import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { InvalidProps } from '../../../src/base/errors';
import { HeaderMatch, PathMatch } from '../../../src/edge/match/match';
import { BlueGreen } from '../../../src/edge/release/blue-green';
import { Canary, WeightOwner } from '../../../src/edge/release/canary';
import { Delegate } from '../../../src/edge/delegate/delegate';
import { MeshRoute } from '../../../src/edge/routing/mesh-route';
import { Mirror } from '../../../src/edge/routing/mirror';
import { Route, type RouteProps } from '../../../src/edge/routing/route';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { TcpRoute } from '../../../src/edge/routing/tcp-route';
import { TlsRoute } from '../../../src/edge/routing/tls-route';
import { Subsets } from '../../../src/edge/traffic-policy/subsets';
import type { IWorkload } from '../../../src/edge/workload/workload';
import { refusal } from '../../refusal';
import { emptyChart, synthesized } from '../../synthesized';
import { HandMadeGateway, service } from '../stubs';

const cart = service();
const bank = service({ serviceName: 'bank', host: 'bank.shop.svc.cluster.local' });

/** A Gateway that rejects the host closed.example.com, the workload bank and every connection. */
class PickyGateway extends HandMadeGateway {
  public override admitRoutesFrom(namespace: string, hosts: string[] = []): void {
    if (hosts.includes('closed.example.com')) {
      throw InvalidProps.value('hosts', hosts, 'must be other hosts');
    }
    super.admitRoutesFrom(namespace, hosts);
  }

  public override passTlsThrough(): void {
    throw InvalidProps.value('gateway', 'a gateway', 'must be another one');
  }

  public override passTcpThrough(): void {
    this.passTlsThrough();
  }

  public _accept(workloads: readonly IWorkload[]): void {
    if (workloads.some(({ serviceName }) => serviceName === 'bank')) {
      throw InvalidProps.value('workload', 'bank', 'must be another one');
    }
  }
}

const gateway = new PickyGateway();
const fitting = { gateway, hosts: ['a.example.com'], paths: [PathMatch.prefix('/a')], target: RouteTarget.subset(cart.subset('v1')) };

/** Everything that a later call or the output could show of a chart. */
function stateOf(chart: Chart): unknown {
  return { objects: synthesized(chart), children: chart.node.children.map(({ node }) => node.id), admitted: [...gateway.admitted] };
}

describe('a route that is rejected', () => {
  const delegateOf = (chart: Chart): Delegate => {
    const delegate = new Delegate(chart, 'Team', { namespace: 'team' });
    delegate.addRoute('Bank', { paths: [PathMatch.prefix('/bank')], target: RouteTarget.workload(bank) });
    return delegate;
  };

  it.each<[string, (chart: Chart) => Partial<RouteProps>]>([
    ['by the gateway for one of its hosts', () => ({ hosts: ['a.example.com', 'closed.example.com'] })],
    ['for one of its workloads, at a new host', () => ({ hosts: ['new.example.com'], mirrors: [Mirror.workload(bank)] })],
    ['for one of its workloads', () => ({ hosts: ['b.example.com'], mirrors: [Mirror.workload(bank)] })],
    ['for a workload of its delegate', chart => ({ hosts: ['b.example.com'], paths: [PathMatch.prefix('/bank')], target: RouteTarget.delegate(delegateOf(chart)) })],
    ['because a route of its delegate does not fit', chart => ({ hosts: ['b.example.com', 'new.example.com'], target: RouteTarget.delegate(delegateOf(chart)) })],
    ['for a host with routes in another chart', () => ({ hosts: ['new.example.com', 'taken.example.com'] })],
    ['because a catch-all precedes it', () => ({ hosts: ['all.example.com'] })],
    ['for the name of its VirtualService', () => ({ hosts: ['a.example.com', 'new.example.com'], virtualServiceName: 'ab' })],
    ['for a namespace', () => ({ namespace: 'A' })],
    ['for versions that differ from those of the workload elsewhere', () => ({ hosts: ['b.example.com', 'new.example.com'], target: RouteTarget.subset(service({ versions: ['v3'] }).subset('v3')) })],
  ])('%s changes nothing', (_, props) => {
    const app = new App();
    const [other, chart] = ['other', 'chart'].map(id => new Chart(app, id, { disableResourceNameHashes: true }));
    new Route(other, 'Taken', { ...fitting, hosts: ['taken.example.com'] });
    new Route(chart, 'Both', { ...fitting, hosts: ['a.example.com', 'b.example.com'], virtualServiceName: 'ab' });
    new Route(chart, 'All', { gateway, hosts: ['all.example.com'], target: RouteTarget.workload(cart) });
    const wrong = { ...fitting, ...props(chart) };
    const before = stateOf(chart);
    expect(() => new Route(chart, 'A', wrong)).toThrow(InvalidProps);
    expect(stateOf(chart)).toEqual(before);
    new Route(other, 'New', { ...fitting, hosts: ['new.example.com'] });
    expect(new Route(chart, 'A', fitting).node.path).toBe('chart/A');
  });

  it('does not add subsets either', () => {
    const chart = emptyChart();
    expect(() => new Route(chart, 'A', { ...fitting, hosts: ['closed.example.com'] })).toThrow(InvalidProps);
    expect(() => new MeshRoute(chart, 'B', { workload: cart, target: fitting.target, exportTo: ['B'] })).toThrow(InvalidProps);
    expect(stateOf(chart)).toMatchObject({ objects: [], children: [] });
  });
});

test.each<[string, (chart: Chart, id: string) => Construct]>([
  ['MeshRoute', (chart, id) => new MeshRoute(chart, id, { workload: cart, target: RouteTarget.delegate({ delegateName: 'a', delegateNamespace: 'b' }) })],
  ['TcpRoute', (chart, id) => new TcpRoute(chart, id, { gateway, port: 5432, target: fitting.target })],
  ['TlsRoute', (chart, id) => new TlsRoute(chart, id, { gateway, hosts: ['a.example.com'], target: fitting.target })],
  ['Canary', (chart, id) => new Canary(chart, id, { ...fitting, workload: cart, stable: 'v1', canary: 'v2', percent: 101 })],
  ['Canary with a route for a header, before the route that is rejected',
    (chart, id) => new Canary(chart, `${id},`, { ...fitting, workload: cart, stable: 'v1', canary: 'v2', header: HeaderMatch.present('x'), weights: WeightOwner.ELSEWHERE })],
  ['Canary with a mirror for one of its routes only',
    (chart, id) => new Canary(chart, id, { ...fitting, workload: cart, stable: 'v1', canary: 'v2', percent: 5, header: HeaderMatch.present('x'), mirrors: [Mirror.subset(cart.subset('v1'))] })],
  ['Canary without props', (chart, id) => new Canary(chart, id, null as never)],
  ['BlueGreen without props', (chart, id) => new BlueGreen(chart, id, null as never)],
  ['TcpRoute without props', (chart, id) => new TcpRoute(chart, id, null as never)],
  ['TlsRoute without props', (chart, id) => new TlsRoute(chart, id, null as never)],
  ['BlueGreen', (chart, id) => new BlueGreen(chart, id, { ...fitting, workload: cart, blue: 'v1', green: 'v2', active: 'v3' })],
])('a rejected %s changes nothing', (_, add) => {
  const chart = emptyChart();
  const before = stateOf(chart);
  expect(() => add(chart, 'A')).toThrow(InvalidProps);
  expect(stateOf(chart)).toEqual(before);
});

describe('an id that routes need for a construct of their own', () => {
  const open = new HandMadeGateway();
  const route = (chart: Chart, id: string): Route => new Route(chart, id, { ...fitting, gateway: open });
  const mesh = (chart: Chart, id: string): MeshRoute => new MeshRoute(chart, id, { workload: cart, target: fitting.target });
  const tcp = (chart: Chart, id: string): TcpRoute => new TcpRoute(chart, id, { gateway: open, port: 5432, target: fitting.target });

  it.each<[string, (chart: Chart, id: string) => Construct]>([
    ['Routes-front.door.front', route], ['Subsets-cart.shop.svc.cluster.local', route],
    ['MeshRoutes-shop', mesh], ['Subsets-cart.shop.svc.cluster.local', mesh], ['Subsets-cart.shop.svc.cluster.local', tcp],
  ])('%s is rejected as the id of a route', (id, add) => {
    const chart = emptyChart();
    expect(refusal(() => add(chart, id))).toMatchObject({
      prop: 'id', value: id, path: `chart/${id}`, reason: expect.stringMatching(/^cannot be ".*": routes in chart need this id for their (VirtualServices|DestinationRules)$/),
    });
    expect(add(chart, 'A').node.path).toBe('chart/A');
  });

  it.each<[string, (chart: Chart, id: string) => Construct]>([
    ['Routes-front.door.front', route], ['MeshRoutes-shop', mesh], ['Connections-A', tcp], ['Subsets-cart.shop.svc.cluster.local', route],
  ])('%s is rejected as the id of another construct, when a route is added', (id, add) => {
    const chart = emptyChart();
    new Construct(chart, id);
    expect(refusal(() => add(chart, 'A'))).toMatchObject({ prop: 'id', value: id, path: `chart/${id}` });
    expect(chart.node.children.map(({ node }) => node.id)).toEqual([id]);
  });

  it('is rejected for the subsets of another workload', () => {
    const chart = emptyChart();
    new Subsets(chart, 'Subsets-cart.shop.svc.cluster.local', { workload: bank });
    expect(refusal(() => route(chart, 'A'))).toMatchObject({ prop: 'id', path: 'chart/Subsets-cart.shop.svc.cluster.local' });
  });
});
