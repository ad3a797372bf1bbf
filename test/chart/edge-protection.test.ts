// What an edge does for the workloads behind it: mutual TLS and, where it is asked for, zero trust.
import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { TcpRoute } from '../../src/edge/routing/tcp-route';
import { TlsRoute } from '../../src/edge/routing/tls-route';
import {
  AlbIstioEdge, type AlbIstioEdgeProps, AuthorizationRule, Delegate, GatewayWorkload, MtlsMode, PathMatch, Route, RouteTarget, ServiceExposure,
  Workload,
} from '../../src/index';
import { refusal } from '../refusal';
import { synthesized, theOnly } from '../synthesized';

const PROPS: AlbIstioEdgeProps = { hosts: ['shop.example.com', '*.example.org'], gateway: { credentialName: 'tls' } };
const target = RouteTarget.workload(new Workload({ serviceName: 'cart', namespace: 'shop', port: 8080 }));

function edge(props: Partial<AlbIstioEdgeProps> = {}): AlbIstioEdge {
  return new AlbIstioEdge(new App(), 'edge', { ...PROPS, ...props });
}

describe('zero trust', () => {
  const policies = (of: Construct) => synthesized(of, 'AuthorizationPolicy').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

  it('is for those who ask for it', () => {
    const made = edge();
    made.addRoute('Cart', { target });
    expect({ zeroTrust: made.zeroTrust, policies: policies(made) }).toEqual({ zeroTrust: undefined, policies: [] });
  });

  it('lets the gateway, and nobody else, call the workloads that requests are routed to', () => {
    const made = edge({ zeroTrust: {}, edgeName: 'inner' });
    expect(made.zeroTrust!.node.path).toBe('edge/ZeroTrust');
    made.addRoute('Cart', { target });
    expect(policies(made)).toEqual(['shop/allow-nothing', 'shop/inner-cart']);
    expect(synthesized(made, 'AuthorizationPolicy', 'inner-cart')[0].spec).toEqual({
      action: 'ALLOW', selector: { matchLabels: { app: 'cart' } }, rules: [{ from: [{ source: { principals: ['cluster.local/ns/inner/sa/inner'] } }] }],
    });
  });

  it('has choices of its own', () => {
    const made = edge({ zeroTrust: { dryRun: true, policyName: 'mine', gatewayClients: [AuthorizationRule.everything()] } });
    made.addRoute('Cart', { target });
    expect(policies(made)).toEqual(['istio-ingress/mine-clients', 'shop/allow-nothing', 'shop/mine-cart']);
    expect(refusal(() => edge({ zeroTrust: true as never }))).toMatchObject({ prop: 'zeroTrust', value: true, path: 'edge' });
  });

  it('refuses a route to a workload in the root namespace', () => {
    const made = edge({ zeroTrust: {} });
    const kiali = new Workload({ serviceName: 'kiali', namespace: 'istio-system', port: 20001 });
    const target = RouteTarget.workload(kiali);
    expect(refusal(() => made.addRoute('Kiali', { target }))).toMatchObject({ prop: 'workload', value: 'istio-system/kiali', path: 'edge/ZeroTrust' });
  });
});

describe('everything that the gateway routes is protected by the edge', () => {
  const workload = GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer({ tcpPorts: [5432] }) });
  const of = (namespace: string) => RouteTarget.workload(new Workload({ serviceName: 'app', namespace, port: 8080 }));
  const guarded = (made: AlbIstioEdge) => ({
    strict: synthesized(made, 'PeerAuthentication').map(({ metadata }) => metadata.namespace),
    allowed: synthesized(made, 'AuthorizationPolicy').filter(({ metadata }) => metadata.name !== 'allow-nothing').map(({ metadata }) => metadata.namespace),
  });

  it('routes, TLS and TCP of other charts, and a delegate\'s routes that come later', () => {
    const app = new App();
    const made = new AlbIstioEdge(app, 'edge', { ...PROPS, workload, zeroTrust: {} });
    const team = new Chart(app, 'team', { namespace: 'team' });
    const delegate = new Delegate(team, 'Shared');
    delegate.addRoute('Early', { methods: ['GET'], target: of('early') });
    made.addRoute('Shared', { target: RouteTarget.delegate(delegate), paths: [PathMatch.pathPrefix('/shared')], hosts: ['shop.example.com'] });
    new Route(team, 'Http', { gateway: made.gateway, hosts: ['team.example.org'], target: of('http') });
    new TlsRoute(team, 'Tls', { gateway: made.gateway, hosts: ['tls.example.com'], target: of('tls') });
    new TcpRoute(team, 'Tcp', { gateway: made.gateway, port: 5432, target: of('tcp') });
    delegate.addRoute('Late', { target: of('late') });
    const all = ['early', 'http', 'tls', 'tcp', 'late'];
    expect(guarded(made)).toEqual({ strict: all, allowed: all });
    expect(synthesized(team).map(({ kind }) => kind)).toEqual(Array(4).fill('VirtualService'));
    expect(theOnly(made, 'Gateway').spec.servers.map(({ port, hosts }: any) => [port.name, hosts.filter((host: string) => host.startsWith('team/'))])).toEqual([
      ['https', ['team/team.example.org']], ['tls-passthrough', ['team/tls.example.com']], ['http', ['team/team.example.org']], ['tcp-5432', ['team/*']],
    ]);
  });

  it('but a route is refused if another edge sets a different mTLS mode', () => {
    const app = new App();
    new AlbIstioEdge(app, 'one', PROPS).addRoute('A', { target: of('shop') });
    const two = new AlbIstioEdge(app, 'two', { ...PROPS, edgeName: 'two', mtls: { mode: MtlsMode.PERMISSIVE } });
    expect(refusal(() => two.addRoute('A', { target: of('shop') }))).toMatchObject({ prop: 'mode', value: 'PERMISSIVE', path: 'two/Mtls' });
    expect(guarded(two).strict).toEqual([]);
  });
});
