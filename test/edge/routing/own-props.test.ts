// Props that a maker of routes does not have: each checks its own, and suggests one of its own.
import { App, Chart } from 'cdk8s';
import { AlbIstioEdge, BlueGreen, Canary, Delegate, MeshRoute, Route, RouteTarget, Workload } from '../../../src/index';
import { ObservabilityUi } from '../../../src/edge/observability/ui';
import { TcpRoute } from '../../../src/edge/routing/tcp-route';
import { TlsRoute } from '../../../src/edge/routing/tls-route';
import { refusal } from '../../refusal';
import { HandMadeGateway } from '../stubs';

const workload = new Workload({ serviceName: 'cart', namespace: 'shop', port: 80, versions: ['v1', 'v2'] });
const target = RouteTarget.workload(workload);
const gateway = new HandMadeGateway();
const hosts = ['shop.example.com'];
const canary = { workload, stable: 'v1', canary: 'v2', percent: 5 };
const blueGreen = { workload, blue: 'v1', green: 'v2', active: 'v1' };

const edge = (props = {}): AlbIstioEdge => new AlbIstioEdge(new App(), 'edge', { hosts, gateway: { credentialName: 'tls' }, ...props });
const chart = (): Chart => new Chart(new App(), 'chart', { namespace: 'shop' });

test.each<[string, object, (wrong: object) => unknown, string, string]>([
  ['addRoute', { callers: [] }, wrong => edge().addRoute('A', { target, ...wrong }), 'EdgeRouteOptions', 'edge/A'],
  ['addRoute', { gateway }, wrong => edge().addRoute('A', { target, ...wrong }), 'EdgeRouteOptions', 'edge/A'],
  ['addRoute', { caller: [] }, wrong => edge().addRoute('A', { target, ...wrong }), 'EdgeRouteOptions', 'edge/A'],
  ['addCanary', { target }, wrong => edge().addCanary('A', { ...canary, ...wrong }), 'CanaryOptions', 'edge'],
  ['addBlueGreen', { gateway }, wrong => edge().addBlueGreen('A', { ...blueGreen, ...wrong }), 'BlueGreenOptions', 'edge'],
  ['addObservability', { servedHosts: hosts }, wrong => edge().addObservability('A', { uis: [ObservabilityUi.kiali('shop.example.com')], withoutLogin: 'a lab', ...wrong }), 'ObservabilityOptions', 'edge/A'],
  ['Route', { exportTo: ['a'] }, wrong => new Route(chart(), 'A', { gateway, hosts, target, ...wrong }), 'RouteProps', 'chart/A'],
  ['Route', { workload }, wrong => new Route(chart(), 'A', { gateway, hosts, target, ...wrong }), 'RouteProps', 'chart/A'],
  ['MeshRoute', { hosts }, wrong => new MeshRoute(chart(), 'A', { workload, target, ...wrong }), 'MeshRouteProps', 'chart/A'],
  ['MeshRoute', { gateway }, wrong => new MeshRoute(chart(), 'A', { workload, target, ...wrong }), 'MeshRouteProps', 'chart/A'],
  ['Delegate.addRoute', { hosts }, wrong => new Delegate(chart(), 'Team').addRoute('A', { target, ...wrong }), 'RouteOptions', 'chart/Team/A'],
  ['Canary', { target }, wrong => new Canary(chart(), 'A', { ...canary, ...wrong }), 'CanaryProps', 'chart/A'],
  ['BlueGreen', { exportTo: ['a'] }, wrong => new BlueGreen(chart(), 'A', { ...blueGreen, ...wrong }), 'BlueGreenProps', 'chart/A'],
  ['TcpRoute', { hosts }, wrong => new TcpRoute(chart(), 'A', { gateway, port: 5432, target, ...wrong }), 'TcpRouteProps', 'chart/A'],
  ['TlsRoute', { paths: [] }, wrong => new TlsRoute(chart(), 'A', { gateway, hosts, target, ...wrong }), 'TlsRouteProps', 'chart/A'],
  ['Delegate', { delegateNamespace: 'a' }, wrong => new Delegate(chart(), 'A', wrong), 'DelegateProps', 'chart/A'],
  ['Delegate.fromAttributes', { namespace: 'a' }, wrong => Delegate.fromAttributes({ delegateName: 'a', delegateNamespace: 'b', ...wrong }), 'DelegateAttributes', ''],
])('%s rejects %o', (_, wrong, call, owner, path) => {
  const [[prop, value]] = Object.entries(wrong) as [string, unknown][];
  expect(refusal(() => call(wrong))).toMatchObject({ prop, value, path, reason: expect.stringMatching(new RegExp(`^is not a prop of ${owner}; (its props are|did you mean (?!${prop}))`)) });
});

test.each<[string, string, (wrong: object) => unknown, string]>([
  ['Header', 'header', wrong => edge().addCanary('A', { ...canary, ...wrong }), 'CanaryOptions'],
  ['percents', 'percent', wrong => edge().addCanary('A', { ...canary, ...wrong }), 'CanaryOptions'],
  ['previewheader', 'previewHeader', wrong => edge().addBlueGreen('A', { ...blueGreen, ...wrong }), 'BlueGreenOptions'],
  ['weight', 'weights', wrong => new Canary(chart(), 'A', { ...canary, ...wrong }), 'CanaryProps'],
  ['host', 'hosts', wrong => edge().addRoute('A', { target, ...wrong }), 'EdgeRouteOptions'],
  ['caller', 'callers', wrong => new MeshRoute(chart(), 'A', { workload, target, ...wrong }), 'MeshRouteProps'],
  ['virtualServicename', 'virtualServiceName', wrong => new Route(chart(), 'A', { gateway, hosts, target, ...wrong }), 'RouteProps'],
])('%s: did you mean %s?', (wrong, meant, call, owner) => {
  expect(refusal(() => call({ [wrong]: 1 }))).toMatchObject({ prop: wrong, reason: `is not a prop of ${owner}; did you mean ${meant}?` });
});

test('an edge rejects the props of its parts that it sets itself, and names the part', () => {
  expect(refusal(() => edge({ gateway: { credentialName: 'tls', gatewayName: 'other' } }))).toMatchObject({ prop: 'gateway.gatewayName', path: 'edge' });
  expect(refusal(() => edge({ mtls: { namespaces: ['shop'] } }))).toMatchObject({ prop: 'mtls.namespaces', path: 'edge' });
  expect(refusal(() => edge({ zeroTrust: { dryRun: 'yes' } }))).toMatchObject({ prop: 'zeroTrust.dryRun', value: 'yes', path: 'edge' });
  expect(refusal(() => edge({ alb: { tags: new Map([['team', 'a']]) } }))).toMatchObject({ prop: 'alb.tags', path: 'edge', reason: 'must be a plain object' });
});

test('the id of pages comes before their options', () => {
  expect(refusal(() => edge().addObservability({ uis: [] } as never, undefined as never))).toMatchObject({ prop: 'id' });
});
