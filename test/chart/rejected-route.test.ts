// Routes that a part of the edge rejects: no part of the edge has changed then.
import { App, Chart } from 'cdk8s';
import { AlbIstioEdge, type AlbIstioEdgeProps, Delegate, MtlsMode, PathMatch, Route, RouteTarget, Workload } from '../../src/index';
import { Mirror } from '../../src/edge/routing/mirror';
import { TcpRoute } from '../../src/edge/routing/tcp-route';
import { MeshTls } from '../../src/edge/security/mtls';
import { refusal } from '../refusal';
import { synthesized } from '../synthesized';

const workload = (namespace: string, serviceName = 'web', selector?: { readonly [key: string]: string }): Workload => new Workload({ serviceName, namespace, port: 80, selector });
const fresh = workload('newns');
const root = workload('istio-system');
const edge = (props: Partial<AlbIstioEdgeProps> = {}): AlbIstioEdge => new AlbIstioEdge(new App(), 'edge', {
  hosts: ['a.example.com'], gateway: { credentialName: 'tls' }, zeroTrust: {}, ...props,
});
const split = (...workloads: Workload[]): RouteTarget => RouteTarget.splitWorkloads(workloads.map(each => ({ workload: each, weight: 1 })));

function delegateTo(made: AlbIstioEdge, ...workloads: Workload[]): Delegate {
  const delegate = new Delegate(made, 'Team', { namespace: 'team' });
  delegate.addRoute('First', { paths: [PathMatch.prefix('/first')], target: split(...workloads) });
  return delegate;
}

test.each<[string, (made: AlbIstioEdge) => unknown, string]>([
  ['of the root namespace of the mesh', made => made.addRoute('A', { target: split(fresh, root) }), 'workload'],
  ['of the gateway without clients', made => made.addRoute('A', { target: split(fresh, workload('istio-ingress')) }), 'gatewayClients'],
  ['of the gateway alone', made => made.addRoute('A', { target: RouteTarget.workload(workload('istio-ingress')) }), 'gatewayClients'],
  ['of a mirror', made => made.addRoute('A', { target: RouteTarget.workload(fresh), mirrors: [Mirror.workload(root)] }), 'workload'],
  ['whose pods differ within the route', made => made.addRoute('A', { target: split(fresh, new Workload({ serviceName: 'web', namespace: 'newns', port: 81, selector: { app: 'other' } })) }), 'workload'],
  ['of a delegate', made => made.addRoute('A', { target: RouteTarget.delegate(delegateTo(made, fresh, root)) }), 'workload'],
  ['of a connection', made => new TcpRoute(made, 'A', { gateway: made.gateway, port: 5432, target: split(fresh, root) }), 'workload'],
])('a rejected workload %s leaves nothing behind', (_, add, prop) => {
  const made = edge();
  const state = (): unknown => synthesized(made).filter(({ kind, metadata }) => kind !== 'VirtualService' || metadata.namespace !== 'team');
  const before = state();
  expect(refusal(() => add(made))).toMatchObject({ prop });
  expect(state()).toEqual(before);
});

test('a rejected route of a delegate leaves nothing behind', () => {
  const made = edge();
  const delegate = delegateTo(made, workload('shop'));
  made.addRoute('Delegated', { target: RouteTarget.delegate(delegate) });
  const before = synthesized(made);
  expect(refusal(() => delegate.addRoute('A', { paths: [PathMatch.prefix('/a')], target: split(fresh, root) }))).toMatchObject({ prop: 'workload', path: 'edge/ZeroTrust' });
  expect(synthesized(made)).toEqual(before);
});

test('a route whose namespace has another mTLS mode in the app leaves nothing behind', () => {
  const app = new App();
  const other = new Chart(app, 'other');
  new MeshTls(other, 'Mtls', { namespaces: ['taken'], mode: MtlsMode.PERMISSIVE });
  const made = new AlbIstioEdge(app, 'edge', { hosts: ['a.example.com'], gateway: { credentialName: 'tls' } });
  const before = synthesized(made);
  expect(refusal(() => new Route(made, 'A', { gateway: made.gateway, hosts: ['b.example.com'], target: split(fresh, workload('taken')) }))).toMatchObject({ prop: 'mode', path: 'edge/Mtls' });
  expect(synthesized(made)).toEqual(before);
});
