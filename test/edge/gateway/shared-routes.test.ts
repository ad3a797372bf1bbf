// One set of routes at two Gateways.
import { Chart } from 'cdk8s';
import { Alb } from '../../../src/edge/alb/alb';
import { TargetGroupBinding } from '../../../src/edge/alb/target-group-binding';
import { ForwardTarget, ListenerAction } from '../../../src/edge/listener/action';
import { RulePath } from '../../../src/edge/listener/rule';
import { CorsOrigin } from '../../../src/edge/routing/cors';
import { preflightHosts } from '../../../src/edge/gateway-workload/preflights';
import { EdgeGateway, type EdgeGatewayProps } from '../../../src/edge/gateway/gateway';
import { GatewayEntry } from '../../../src/edge/gateway-workload/service';
import { Route } from '../../../src/edge/routing/route';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { TcpRoute } from '../../../src/edge/routing/tcp-route';
import { TlsRoute } from '../../../src/edge/routing/tls-route';
import { PathMatch } from '../../../src/edge/match/path-match';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';
import { gatewayPods, HandMadeGateway, service } from '../stubs';

const target = RouteTarget.workload(service());

function gateway(chart: Chart, name: string, props: Partial<EdgeGatewayProps> = {}): EdgeGateway {
  return new EdgeGateway(chart, name, { workload: gatewayPods({ serviceName: name, selector: { app: name } }), credentialName: 'tls', ...props });
}

function layer4(chart: Chart, name: string): EdgeGateway {
  const workload = gatewayPods({ serviceName: name, selector: { app: name }, entry: GatewayEntry.NETWORK_LOAD_BALANCER, targetTypes: [], tcpPorts: [5432] });
  return gateway(chart, name, { workload, hosts: ['shop.example.com'] });
}

const route = (chart: Chart, id: string, own: EdgeGateway, host = 'shop.example.com') => (
  new Route(chart, id, { gateway: own, hosts: [host], namespace: 'team', paths: [PathMatch.exact(`/${id}`)], target }));
const gatewaysOf = (chart: Chart) => synthesized(chart, 'VirtualService').map(({ spec }) => spec.gateways);
const hostsOf = (chart: Chart, name: string) => synthesized(chart, 'Gateway', name)[0].spec.servers.flatMap(({ hosts }: { hosts: string[] }) => hosts);

test('routes from before and after attach to both, and both admit them', () => {
  const chart = emptyChart();
  const [first, second] = [gateway(chart, 'first'), gateway(chart, 'second')];
  route(chart, 'before', first);
  first.shareRoutesWith(second);
  route(chart, 'after', first);
  route(chart, 'other', first, 'cart.example.com');
  expect(gatewaysOf(chart)).toEqual([['front/first', 'front/second'], ['front/first', 'front/second']]);
  expect(hostsOf(chart, 'second')).toEqual(hostsOf(chart, 'first'));
  expect(hostsOf(chart, 'second')).toEqual(['front/*', 'team/shop.example.com', 'team/cart.example.com']);
});

test('routes of the other Gateway stay its own', () => {
  const chart = emptyChart();
  const [first, second] = [gateway(chart, 'first'), gateway(chart, 'second')];
  first.shareRoutesWith(second);
  route(chart, 'own', second);
  expect(gatewaysOf(chart)).toEqual([['front/second']]);
  expect(hostsOf(chart, 'first')).toEqual(['front/*']);
});

test('workloads are reached through both, from before and after', () => {
  const chart = emptyChart();
  const first = gateway(chart, 'first');
  const other = new HandMadeGateway();
  const reached: string[] = [];
  Object.assign(other, { _reach: ({ host }: { host: string }) => reached.push(host) });
  route(chart, 'before', first);
  first.shareRoutesWith(other);
  new Route(chart, 'after', { gateway: first, hosts: ['a.example.com'], target: RouteTarget.workload(service({ host: 'bank.shop.svc.cluster.local', serviceName: 'bank' })) });
  expect(reached).toEqual([service().host, 'bank.shop.svc.cluster.local']);
  expect(gatewaysOf(chart)[1]).toEqual(['front/first', 'front/door']);
});

test('connections are passed through both, from before and after', () => {
  const chart = emptyChart();
  const [first, second] = [layer4(chart, 'first'), layer4(chart, 'second')];
  new TlsRoute(chart, 'Tls', { gateway: first, hosts: ['db.example.com'], target });
  first.shareRoutesWith(second);
  new TcpRoute(chart, 'Tcp', { gateway: first, port: 5432, target });
  expect(gatewaysOf(chart)).toEqual([['front/first', 'front/second'], ['front/first', 'front/second']]);
  expect(synthesized(chart, 'Gateway', 'second')[0].spec.servers).toEqual(synthesized(chart, 'Gateway', 'first')[0].spec.servers);
});

test('a third Gateway has the routes of the first through the second', () => {
  const chart = emptyChart();
  const [first, second, third] = ['first', 'second', 'third'].map(name => gateway(chart, name));
  first.shareRoutesWith(second);
  second.shareRoutesWith(third);
  route(chart, 'all', first);
  expect(theOnly(chart, 'VirtualService').spec.gateways).toEqual(['front/first', 'front/second', 'front/third']);
  expect(hostsOf(chart, 'third')).toContain('team/shop.example.com');
});

test('a host with routes at one of both cannot get others at the other', () => {
  const chart = emptyChart();
  const [first, second] = [gateway(chart, 'first'), gateway(chart, 'second')];
  first.shareRoutesWith(second);
  route(chart, 'all', first);
  expect(refusal(() => route(new Chart(chart.node.scope!, 'other'), 'Own', second))).toMatchObject({ prop: 'hosts[0]', value: 'shop.example.com' });
});

test.each<[string, (first: EdgeGateway, second: EdgeGateway) => void]>([
  ['before', () => {}],
  ['after', (first, second) => first.shareRoutesWith(second)],
])('a host that has other routes at the other Gateway is refused, which got them %s', (when, share) => {
  const chart = emptyChart();
  const elsewhere = new Chart(chart.node.scope!, 'other');
  const [first, second] = [gateway(chart, 'first'), gateway(chart, 'second')];
  route(chart, 'own', first);
  share(first, second);
  const other = () => route(elsewhere, 'Other', second);
  if (when === 'after') {
    expect(refusal(other)).toMatchObject({ prop: 'hosts[0]', value: 'shop.example.com', path: 'other/Other' });
    return;
  }
  other();
  route(elsewhere, 'Fine', second, 'cart.example.com');
  expect(refusal(() => first.shareRoutesWith(second))).toEqual({
    prop: 'gateway', value: 'front/second', path: 'chart/first', reason: 'cannot be front/second: host "shop.example.com" already has routes there, in '
      + 'other/Routes-front.second.team, and others at front/first, in chart/Routes-front.first.team; Istio would merge the two VirtualServices in an undefined order',
  });
  expect(gatewaysOf(chart)).toEqual([['front/first']]);
});

test('a Gateway that shares the routes of two others has each only once', () => {
  const chart = emptyChart();
  const [first, second, third] = ['first', 'second', 'third'].map(name => gateway(chart, name));
  first.shareRoutesWith(second);
  first.shareRoutesWith(third);
  second.shareRoutesWith(third);
  route(chart, 'all', first);
  expect(theOnly(chart, 'VirtualService').spec.gateways).toEqual(['front/first', 'front/second', 'front/third']);
});

test('the load balancers of the other Gateway need not pass all hosts of the routes', () => {
  const chart = emptyChart();
  const [first, second] = [gateway(chart, 'first'), gateway(chart, 'second')];
  new Alb(chart, 'One', { backend: first, hosts: ['shop.example.com', 'cart.example.com'] });
  new Alb(chart, 'Two', { backend: second, hosts: ['shop.example.com'] });
  route(chart, 'own', first, 'cart.example.com');
  first.shareRoutesWith(second);
  expect(second.node.validate()).toEqual([]);
  route(chart, 'lost', first, 'unknown.example.com');
  expect(first.node.validate()).toEqual([expect.stringContaining('got "unknown.example.com"')]);
});

test('the other Gateway expects the preflight requests of routes with a CORS policy, from before and after', () => {
  const chart = emptyChart();
  const [first, second] = [gateway(chart, 'first'), gateway(chart, 'second')];
  const cors = { allowOrigins: [CorsOrigin.exact('https://a.example.com')] };
  const withCors = (id: string) => new Route(chart, id, { gateway: first, hosts: [`${id}.example.com`], namespace: 'team', target, cors });
  withCors('before');
  first.shareRoutesWith(second);
  withCors('after');
  expect(preflightHosts(chart, 'front/second')).toEqual(['before.example.com', 'after.example.com']);
});

test.each<[string, (first: EdgeGateway, second: EdgeGateway) => void, unknown]>([
  ['itself', first => first.shareRoutesWith(first), 'front/first'],
  ['the same one twice', (first, second) => [1, 2].forEach(() => first.shareRoutesWith(second)), 'front/second'],
  ['one that shares with it', (first, second) => {
    second.shareRoutesWith(first);
    first.shareRoutesWith(second);
  }, 'front/first'],
])('%s is refused', (_, share, value) => {
  const chart = emptyChart();
  const [first, second] = [gateway(chart, 'first'), gateway(chart, 'second')];
  expect(refusal(() => share(first, second))).toMatchObject({ prop: 'gateway', value, path: expect.stringMatching(/^chart/) });
});

test('a Gateway that rejects a route rejects the sharing, and what is no Gateway is refused', () => {
  const chart = emptyChart();
  const first = gateway(chart, 'first');
  route(chart, 'before', first);
  expect(refusal(() => first.shareRoutesWith(EdgeGateway.fromAttributes({ gatewayName: 'a', gatewayNamespace: 'b', admittedNamespaces: ['b'] })))).toMatchObject({ prop: 'namespace' });
  expect(refusal(() => first.shareRoutesWith('second' as never))).toMatchObject({ prop: 'gateway', value: 'second', path: 'chart/first' });
  expect(gatewaysOf(chart)).toEqual([['front/first']]);
});

describe('a second gateway whose load balancer passes other hosts', () => {
  const routed = (reach: (chart: Chart, second: EdgeGateway, one: Alb) => void): string[] => {
    const chart = emptyChart();
    const [first, second] = [gateway(chart, 'first'), gateway(chart, 'second')];
    const one = new Alb(chart, 'One', { backend: first, hosts: ['shop.example.com'] });
    new Alb(chart, 'Two', { backend: second, hosts: ['next.example.com'] });
    route(chart, 'own', second, 'shop.example.com');
    reach(chart, second, one);
    return second.node.validate();
  };

  test.each<[string, (chart: Chart, second: EdgeGateway, one: Alb) => void]>([
    ['a listener rule', (_, second, one) => one.addRule('next', { path: RulePath.exact('/next'), action: ListenerAction.forward([ForwardTarget.backend(second)]) })],
    ['a listener rule that names its Service', (_, __, one) => (
      one.addRule('next', { path: RulePath.exact('/next'), action: ListenerAction.forward([ForwardTarget.service('first', 8443, 9), ForwardTarget.service('second', 8443, 1)]) }))],
    ['a target group', (chart, second) => new TargetGroupBinding(chart, 'Binding', {
      backend: second, targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/a/0123456789abcdef',
    })],
  ])('may have routes for hosts that %s passes', (_, reach) => {
    expect(routed(reach)).toEqual([]);
  });

  test('may have no others', () => {
    const forwardsToItself = ListenerAction.forward([ForwardTarget.service('first', 8443)]);
    expect(routed((_, __, one) => one.addRule('own', { path: RulePath.exact('/own'), action: forwardsToItself })))
      .toEqual([expect.stringContaining('passes to the gateway front/second: next.example.com; got "shop.example.com"')]);
  });
});
