// Gateway, routes, versions and mutual TLS: what has to fit together in the mesh. One sentence per failure mode.
import { App, Chart } from 'cdk8s';
import { EdgeGateway } from '../../src/edge/gateway/gateway';
import { TcpRoute } from '../../src/edge/routing/tcp-route';
import { TlsRoute } from '../../src/edge/routing/tls-route';
import { MeshTls } from '../../src/edge/security/mtls';
import { AlbIstioEdge, HeaderMatch, MtlsMode, Route, RouteTarget, Subsets, Workload } from '../../src/index';
import { refusal } from '../refusal';
import { emptyChart, synthesized, theOnly } from '../synthesized';
import { BEHIND_ALB, CART, EDGES, each, edge } from './edges';

const target = RouteTarget.workload(CART);

test('a VirtualService names its Gateway with the namespace (E028)', () => {
  each(EDGES, made => made.of('VirtualService').map(({ spec }) => spec.gateways), made => {
    const { name, namespace } = made.only('Gateway').metadata;
    return made.of('VirtualService').map(() => [`${namespace}/${name}`]);
  });
  const elsewhere = new Chart(new App(), 'team', { namespace: 'team' });
  new Route(elsewhere, 'Cart', { hosts: ['a.b'], target, gateway: EdgeGateway.fromAttributes({ gatewayName: 'door', gatewayNamespace: 'front' }) });
  expect(theOnly(elsewhere, 'VirtualService').spec.gateways).toEqual(['front/door']);
});

test('no route is for the mesh alone, and none is bound to a port (E029)', () => {
  each(EDGES, made => made.of('VirtualService').filter(({ spec }) => spec.gateways.length === 0 || spec.gateways.includes('mesh')), () => []);
  const fields = EDGES.flatMap(made => made.routes).flatMap(({ match = [] }) => match.flatMap((one: object) => Object.keys(one)));
  expect(new Set(fields)).toEqual(new Set(['uri']));
});

test('a Gateway admits the namespace of every route, and no route is hidden by exportTo (E030)', () => {
  const made = edge();
  new Route(new Chart(made.node.root, 'team', { namespace: 'team' }), 'Cart', { hosts: ['shop.example.com'], target, gateway: made.gateway });
  expect(theOnly(made, 'Gateway').spec.servers[0].hosts).toEqual(['istio-ingress/*', 'team/shop.example.com']);
  const closed = EdgeGateway.fromAttributes({ gatewayName: 'door', gatewayNamespace: 'front', admittedNamespaces: ['front'] });
  expect(refusal(() => new Route(emptyChart('team', 'team'), 'Cart', { hosts: ['a.b'], target, gateway: closed }))).toMatchObject({ prop: 'namespace', value: 'team' });
  expect(EDGES.flatMap(({ all }) => all).filter(({ spec }) => spec?.exportTo !== undefined)).toEqual([]);
});

test('a route, and a rule of the ALB, is for hosts that the ALB serves (E031)', () => {
  expect(refusal(() => edge().addRoute('A', { target, hosts: ['www.example.com'] }))).toMatchObject({ prop: 'hosts[0]', value: 'www.example.com' });
  each(BEHIND_ALB, made => made.of('VirtualService').flatMap(({ spec }) => spec.hosts), made => made.only('Ingress').spec.rules.map(({ host = '*' }) => host));
});

test('a VirtualService has HTTP routes and no others (E032)', () => {
  each(EDGES, made => made.of('VirtualService').map(({ spec }) => Object.keys(spec).sort()), made => made.of('VirtualService').map(() => ['gateways', 'hosts', 'http']));
  const { gateway } = edge();
  expect(refusal(() => new TlsRoute(emptyChart(), 'a', { gateway, hosts: ['db.example.com'], target }))).toMatchObject({ prop: 'gateway' });
  expect(refusal(() => new TcpRoute(emptyChart(), 'a', { gateway, port: 5432, target }))).toMatchObject({ prop: 'gateway' });
});

test('a destination has a port (E033)', () => {
  each(EDGES, made => made.destinations.map(({ port }) => port), made => made.destinations.map(() => ({ number: 8080 })));
  expect(refusal(() => new Workload({ serviceName: 'a', namespace: 'b', port: undefined as never }))).toMatchObject({ prop: 'port' });
});

test('a destination is named in full (E034)', () => {
  each(EDGES, made => new Set(made.destinations.map(({ host }) => host)), () => new Set(['cart.shop.svc.cluster.local']));
});

test('a version that no DestinationRule declares cannot be named (E035)', () => {
  expect(refusal(() => CART.subset('v3'))).toMatchObject({ prop: 'version', value: 'v3' });
  each(EDGES, made => made.destinations.map(({ subset }) => subset).filter(name => !made.only('DestinationRule').spec.subsets.some((one: any) => one.name === name)), () => []);
});

test('a DestinationRule is in the namespace of its Service, for the full name, and hidden from nobody (E037)', () => {
  each(EDGES, made => {
    const { metadata, spec } = made.only('DestinationRule');
    return [metadata.namespace, spec.host, spec.exportTo];
  }, () => ['shop', 'cart.shop.svc.cluster.local', undefined]);
});

test('a DestinationRule leaves TLS to the mesh (E038)', () => {
  each(EDGES, made => Object.keys(made.only('DestinationRule').spec).sort(), () => ['host', 'subsets']);
  each(EDGES, made => new Set(made.only('DestinationRule').spec.subsets.flatMap((subset: object) => Object.keys(subset))), () => new Set(['labels', 'name']));
});

test('a DestinationRule forces mutual TLS on no workload that may have no sidecar (E039)', () => {
  expect(JSON.stringify(EDGES.flatMap(made => made.of('DestinationRule')))).not.toMatch(/ISTIO_MUTUAL|"tls"|\*/);
});

test('a policy for a whole namespace is not written into the root namespace (E100)', () => {
  expect(refusal(() => new MeshTls(emptyChart(), 'Mtls', { namespaces: ['istio-system'] }))).toMatchObject({ prop: 'namespace', value: 'istio-system' });
  expect(refusal(() => new MeshTls(emptyChart(), 'Mtls', { namespaces: ['mesh'], rootNamespace: 'mesh' }))).toMatchObject({ prop: 'namespace', value: 'mesh' });
  const made = edge();
  made.addRoute('A', { target: RouteTarget.workload(new Workload({ serviceName: 'a', namespace: 'istio-system', port: 80 })) });
  expect(synthesized(made, 'PeerAuthentication')).toEqual([]);
});

test('a policy about mutual TLS has one mode and no ports (E102)', () => {
  each(EDGES, made => made.only('PeerAuthentication').spec, () => ({ mtls: { mode: 'STRICT' } }));
  const made = edge({ mtls: { mode: MtlsMode.PERMISSIVE } });
  made.addRoute('A', { target });
  expect(theOnly(made, 'PeerAuthentication').spec).toEqual({ mtls: { mode: 'PERMISSIVE' } });
});

test('a host has one DestinationRule in an app, and no wildcard has any (E126)', () => {
  const app = new App();
  for (const id of ['a', 'b']) {
    const made = new AlbIstioEdge(app, id, { hosts: ['a.b'], edgeName: id, gateway: { credentialName: 'tls' } });
    made.addRoute('A', { target: RouteTarget.subset(CART.subset('v1')) });
  }
  expect(synthesized(app, 'DestinationRule').map(({ spec }) => spec.host)).toEqual(['cart.shop.svc.cluster.local']);
  new Subsets(app.node.findChild('b') as AlbIstioEdge, 'Declared', { workload: CART });
  expect(synthesized(app, 'DestinationRule').map(({ spec }) => spec.host)).toEqual(['cart.shop.svc.cluster.local']);
  expect(refusal(() => new Subsets(app.node.findChild('b') as AlbIstioEdge, 'Again', { workload: CART }))).toMatchObject({ prop: 'workload' });
  expect(refusal(() => new Workload({ serviceName: '*', namespace: 'shop', port: 80 }))).toMatchObject({ prop: 'serviceName' });
});

test('a host has one VirtualService at a gateway, with its routes in the order written (E125)', () => {
  const made = edge({ hosts: ['shop.example.com', '*.example.com'] });
  made.addRoute('A', { hosts: ['*.example.com'], headers: [HeaderMatch.present('x-a')], target });
  made.addRoute('B', { hosts: ['shop.example.com'], headers: [HeaderMatch.present('x-b')], target });
  made.addRoute('C', { target });
  expect(synthesized(made, 'VirtualService').map(({ spec }) => [spec.hosts, spec.http.map(({ name }: { name: string }) => name)]))
    .toEqual([[['*.example.com'], ['A', 'C']], [['shop.example.com'], ['A', 'B', 'C']]]);
  expect(refusal(() => made.addRoute('D', { target }))).toMatchObject({ prop: 'paths' });
  const team = new Chart(made.node.root, 'team', { namespace: 'team' });
  expect(refusal(() => new Route(team, 'E', { gateway: made.gateway, hosts: ['shop.example.com'], target }))).toMatchObject({ prop: 'hosts[0]' });
});

test('all objects of Istio are of version v1 (E145)', () => {
  const versions = EDGES.flatMap(({ all }) => all).map(({ apiVersion }) => apiVersion).filter(version => version.includes('istio.io'));
  expect(new Set(versions)).toEqual(new Set(['networking.istio.io/v1', 'security.istio.io/v1']));
});

test('proxy settings are only on pod templates (E148)', () => {
  const misplaced = EDGES.flatMap(({ all }) => all).filter(({ metadata }) => Object.keys({ ...metadata.annotations, ...metadata.labels }).some(key => /istio\.io\//.test(key)));
  expect(misplaced).toEqual([]);
});
