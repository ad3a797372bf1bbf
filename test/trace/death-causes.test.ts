// What ends say about causes that the objects show, in place of the usual fix.
import { EDGE, app, istio, security } from '../mesh/small-mesh';
import { SECURE_GATEWAY, endOf, endsOf, ingress, path, routes, to, traceOf, yaml } from './small-edge';
import { ingress as ingressObject } from '../manifests';
import { type TraceEnd } from '../../src/trace/hops/trace-end';

const A = 'GET https://a.example.com/cart';
const behind = (...objects: readonly string[]) => [ingress(), EDGE, SECURE_GATEWAY, app('s1'), ...objects];
const STRICT = security('PeerAuthentication', 'strict', '{mtls: {mode: STRICT}}');

/** What decided and what to do. */
function causeOf({ to: end, by, fix }: TraceEnd): string {
  const name = (by?.manifest.object.metadata as { name?: string } | undefined)?.name;
  return `${end} by ${name}${by?.pointer}: ${fix}`;
}

describe('a VirtualService that has the host but no route at the gateway is named', () => {
  const dropped = (http: string, ...more: readonly string[]) => causeOf(endOf(behind(routes(http), ...more), A));
  const CHANGE = 'Change VirtualService shop/vs, which has the host but no route for the gateway:';

  test.each([
    ['port: 80', 'port 80 of a match is not port 443 of the server'],
    ['gateways: [mesh]', 'gateways of a match (mesh) do not include edge/gw'],
    ['sourceLabels: {app: web}', 'the gateway\'s pods do not have the sourceLabels of a match (app=web)'],
    ['sourceNamespace: web', 'sourceNamespace web of a match is not namespace edge of the gateway\'s pods'],
  ])('for %s', (match, why) => {
    expect(dropped(`{match: [{${match}}], ${to('s1')}}`)).toBe(`404 no virtual host by vs/spec/http/0/match/0: ${CHANGE} ${why}.`);
  });

  test('for a delegate that adds no route', () => {
    expect(dropped('{delegate: {name: d}}')).toMatch(/^404 no virtual host by vs\/spec\/http\/0\/delegate: Change .* gateway: its delegate shop\/d must exist, /);
  });

  test('but not one for another host, or of another gateway', () => {
    const other = istio('VirtualService', 'other', `{hosts: [b.example.com], gateways: [edge/gw], http: [{match: [{port: 80}], ${to('s1')}}]}`);
    const elsewhere = istio('VirtualService', 'vs', `{hosts: [a.example.com], gateways: [mesh], http: [{${to('s1')}}]}`);
    for (const object of [other, elsewhere]) {
      expect(endOf(behind(object), A).fix).toBe('Add the host to a server of the Gateway and to a VirtualService that is bound to it.');
    }
  });
});

test('a server that has no routes of its kind does not listen, however many others there are', () => {
  const server = (own: string) => istio('Gateway', 'gw', `{selector: {app: gw}, servers: [{port: {number: 443, name: https, ${own}}]}`, 'edge');
  const ending = (own: string) => causeOf(endOf([ingress(), EDGE, server(own), routes(`{${to('s1')}}`), app('s1')], A));
  expect(ending('protocol: HTTPS}, hosts: ["*"], tls: {mode: PASSTHROUGH}')).toBe('502 no listener by gw/spec/servers/0: Write tls routes for the server of '
    + 'Gateway edge/gw with tls mode PASSTHROUGH, where http routes have no effect, or let the gateway terminate TLS (mode SIMPLE).');
  expect(ending('protocol: TCP}, hosts: ["*"]')).toBe('502 no listener by gw/spec/servers/0: Write tcp routes for the server of '
    + 'Gateway edge/gw with protocol TCP, where http routes have no effect, or give the server protocol HTTP.');
});

test('a load balancer that sends plaintext straight to pods cannot be helped by a DestinationRule', () => {
  const direct = ingress({ 'backend-protocol': 'HTTP' }, [{ http: { paths: [path('/', 's1', 80)] } }], 'shop/edge');
  expect(endOf([direct, app('s1', 'shop', { sidecar: true }), STRICT], A).fix).toBe('Send the requests through the gateway: the client does not speak mTLS of '
    + 'the mesh, and no DestinationRule changes that. Or let a PeerAuthentication for the pods accept plaintext on the port (portLevelMtls of port 8080, mode PERMISSIVE).');
  const disabled = istio('DestinationRule', 's1', '{host: s1, trafficPolicy: {tls: {mode: DISABLE}}}');
  expect(endOf([ingress(), EDGE, SECURE_GATEWAY, app('s1', 'shop', { sidecar: true }), routes(`{${to('s1')}}`), STRICT, disabled], A).fix)
    .toContain('ISTIO_MUTUAL for STRICT');
});

test('pods that cannot read mTLS of the mesh lack a sidecar for a reason', () => {
  const rule = istio('DestinationRule', 's1', '{host: s1, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}');
  const deployment = (metadata: object, spec: object = {}) => [
    yaml({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's1', namespace: 'shop' }, spec: { selector: { app: 's1' }, ports: [{ port: 80, name: 'http' }] } }),
    yaml({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 's1', namespace: 'shop' }, spec: { template: { metadata, spec } } }),
  ];
  const fix = (metadata: object, spec?: object, ...more: readonly string[]) => (
    endOf([ingress(), EDGE, SECURE_GATEWAY, routes(`{${to('s1')}}`), rule, ...deployment(metadata, spec), ...more], A).fix);
  const namespace = (injection: string) => yaml({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': injection } } });
  const because = (why: string) => `Give the pods of shop/s1 a sidecar, which they lack because ${why}, or remove tls from the DestinationRule.`;
  const labels = { app: 's1' };
  expect(fix({ labels })).toBe(because('they have no label for injection, and the input has no Namespace shop'));
  const unlabeled = yaml({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  expect(fix({ labels }, {}, unlabeled)).toBe(because('neither they nor namespace shop have a label for injection (istio-injection: enabled)'));
  expect(fix({ labels: { ...labels, 'sidecar.istio.io/inject': 'false' } }, {}, namespace('enabled'))).toBe(because('sidecar.istio.io/inject is false'));
  expect(fix({ labels: { ...labels, 'sidecar.istio.io/inject': 'true' } }, {}, namespace('disabled'))).toBe(because('namespace shop disables injection'));
  expect(fix({ labels }, { hostNetwork: true }, namespace('enabled'))).toBe(because('they use the network of the node'));
});

test('a PeerAuthentication that disables mTLS is named where a DestinationRule demands it', () => {
  const rule = istio('DestinationRule', 's1', '{host: s1, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}');
  const behindMesh = (...more: readonly string[]) => [ingress(), EDGE, SECURE_GATEWAY, app('s1', 'shop', { sidecar: true }), routes(`{${to('s1')}}`), rule, ...more];
  expect(causeOf(endOf(behindMesh(security('PeerAuthentication', 'plain', '{mtls: {mode: DISABLE}}')), A))).toBe('503 TLS to a plaintext port by plain/spec/mtls: '
    + 'Remove mode DISABLE from PeerAuthentication shop/plain, with which the sidecar of the pods accepts only plaintext, or remove tls from the DestinationRule.');
  expect(endsOf(behindMesh(security('PeerAuthentication', 'both', '{mtls: {mode: PERMISSIVE}}')), A)).toBe('s1.shop:80');
});

describe('for a subset without a cluster', () => {
  const fix = (...more: readonly string[]) => endOf(behind(routes('{route: [{destination: {host: s1, subset: v1}}]}'), ...more), A).fix;
  const rule = (spec: string, namespace = 'shop') => istio('DestinationRule', 'versions', spec, namespace);
  const WRITE = 'Write a DestinationRule for s1.shop.svc.cluster.local with the subset v1: the proxy uses none for this host.';

  test('the DestinationRule that the proxy uses is named', () => {
    expect(fix(rule('{host: s1, subsets: [{name: v2}]}'))).toBe('Add the subset v1 to DestinationRule shop/versions.');
    expect(fix(rule('{host: "*.shop.svc.cluster.local"}', 'edge'))).toBe('Add the subset v1 to DestinationRule edge/versions.');
  });

  test('one is to be written where the proxy uses none', () => {
    expect(fix()).toBe(WRITE);
    expect(fix(rule('{host: s2, subsets: [{name: v1}]}'))).toBe(WRITE);
    expect(fix(rule('{host: s1.shop.svc.cluster.local, subsets: [{name: v1}]}', 'other'))).toBe(WRITE);
  });
});

test('a targetPort that no container has is the fault of the Service', () => {
  const cart = (name: string) => [
    yaml({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart', namespace: 'shop' }, spec: { selector: { app: 'cart' }, ports: [{ port: 80, name: 'http', targetPort: 'web' }] } }),
    yaml({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cart', namespace: 'shop' }, spec: {
      template: { metadata: { labels: { app: 'cart' } }, spec: { containers: [{ name: 'cart', ports: [{ name, containerPort: 8080 }] }] } },
    } }),
  ];
  const fix = 'Correct targetPort web of Service shop/cart: no container of shop/cart has a port with this name; the names are http.';
  expect(causeOf(endOf(behind(routes(`{${to('cart')}}`), ...cart('http')), A))).toBe(`503 no endpoint by cart/spec/ports/0/targetPort: ${fix}`);
  expect(endsOf(behind(routes(`{${to('cart')}}`), ...cart('web')), A)).toBe('cart.shop:80');
  const direct = ingress({ 'backend-protocol': 'HTTP' }, [{ http: { paths: [path('/', 'cart', 80)] } }], 'shop/edge');
  expect(causeOf(endOf([direct, ...cart('http')], A))).toBe(`503 no targets by cart/spec/ports/0/targetPort: ${fix}`);
});

describe('an Ingress for the host that gets no load balancer is named', () => {
  const own = (spec: object, host = 'a.example.com') => yaml(ingressObject('edge/edge', { 'alb.ingress.kubernetes.io/scheme': 'internal' }, { ...spec, rules: [{ host, http: { paths: [path('/', 'gw')] } }] }));

  test('with its class, or because it has none', () => {
    expect(causeOf(endOf([own({ ingressClassName: 'nginx' }), EDGE], A)))
      .toBe('closed no load balancer by edge/spec/ingressClassName: Ingress edge/edge has no class of the AWS Load Balancer Controller, but class nginx.');
    expect(endOf([own({}), EDGE], A).fix).toMatch(/^Ingress edge\/edge .*\.$/);
  });

  test('with the annotation that the controller refuses', () => {
    const refused = yaml(ingressObject('edge/edge', { 'alb.ingress.kubernetes.io/group.name': 'Public_LB' }, {
      ingressClassName: 'alb', rules: [{ host: 'a.example.com', http: { paths: [path('/', 'gw')] } }],
    }));
    expect(causeOf(endOf([refused, EDGE], A))).toContain('closed no load balancer by edge/metadata/annotations/alb.ingress.kubernetes.io~1group.name: '
      + 'Ingress edge/edge gets no load balancer: alb.ingress.kubernetes.io/group.name must be ');
  });

  test('but not one for another host', () => {
    expect(endOf([own({ ingressClassName: 'nginx' }, 'b.example.com'), EDGE], A).fix).toMatch(/^Add the Ingress /);
  });
});

test('the hop at a gateway says that its pods are not in the input', () => {
  const details = (...objects: readonly string[]) => traceOf([SECURE_GATEWAY, routes(`{${to('s1')}}`), app('s1'), ...objects], `${A} via=gateway:443`).hops[0].detail;
  expect(details()).toBe('0.0.0.0_443 of gateway edge/gw (assumed: its pods are not in the input), port 443 of the Service');
  expect(details(EDGE)).toBe('0.0.0.0_8443 of gateway edge/gw, port 443 of the Service');
});
