// Ends that the Gateway API or ambient mode may change.
import { EDGE, PLAIN_GATEWAY, app, istio } from '../mesh/small-mesh';
import { MESH, endOf, ingress, routes, to } from './small-edge';

const api = (kind: string, name: string, spec: string, namespace = 'edge') => (
  istio(kind, name, spec, namespace).replace('networking.istio.io', 'gateway.networking.k8s.io'));
const namespace = (name: string, labels: string) => `\napiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}\n---`;
const LINE = 'GET https://a.example.com/';

describe('the Gateway API', () => {
  const OWN = api('Gateway', 'own', '{gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}');
  const route = (hosts: string) => api('HTTPRoute', 'web', `{parentRefs: [{name: own}], hostnames: [${hosts}]}`);

  test('without a load balancer for the host, its Gateways may have one', () => {
    expect(endOf([OWN, app('s1')], LINE)).toMatchObject({
      to: 'unsupported', by: { pointer: '/spec' }, fix: 'Gateway edge/own of the Gateway API may decide where the request goes, and is not modeled.',
    });
    expect(endOf([OWN, app('s1')], `${LINE} via=gateway:80`).kind).toBe('unsupported');
    expect(endOf([app('s1')], LINE).to).toBe('closed no load balancer');
    expect(endOf([api('Gateway', 'waypoint', '{gatewayClassName: istio-waypoint}')], LINE).to).toBe('closed no load balancer');
  });

  test('a host that the load balancer does not have, and a route names, is not known', () => {
    const line = 'GET https://b.example.com/';
    expect(endOf([ingress(), ...MESH, OWN, route('"*.example.com"')], line)).toMatchObject({ to: 'unsupported: 404 no rule', fix: expect.stringContaining('HTTPRoute edge/web') });
    expect(endOf([ingress(), ...MESH, OWN, route('c.example.com')], line).to).toBe('404 no rule');
  });

  test('a host that the load balancer has is as before', () => {
    expect(endOf([ingress(), ...MESH, OWN, route('a.example.com')], LINE).to).toBe('s1.shop:80');
  });

  test('a route for a Service counts where a sidecar calls it, and not at a gateway', () => {
    const producer = api('HTTPRoute', 'split', '{parentRefs: [{group: "", kind: Service, name: s1}], rules: []}', 'shop');
    const consumer = api('HTTPRoute', 'split', '{parentRefs: [{group: "", kind: Service, name: s1, namespace: shop}], rules: []}', 'web');
    const objects = [EDGE, PLAIN_GATEWAY, routes(`{${to('s1')}}`), app('s1', 'shop', { sidecar: true }), app('c', 'web', { sidecar: true }), app('d', 'other', { sidecar: true })];
    const end = (line: string, ...more: readonly string[]) => endOf([...objects, ...more], line).to;
    expect(end('GET http://s1.shop/ via=pod:web/c', producer)).toBe('unsupported: s1.shop:80');
    expect(end('GET http://s1.shop/ via=pod:web/c', consumer)).toBe('unsupported: s1.shop:80');
    expect(end('GET http://s1.shop/ via=pod:other/d', producer)).toBe('unsupported: s1.shop:80');
    expect(end('GET http://s1.shop/ via=pod:other/d', consumer)).toBe('s1.shop:80');
    expect(end('GET http://c.web/ via=pod:web/c', producer)).toBe('c.web:80');
    expect(end('GET http://a.example.com/ via=gateway:80', producer)).toBe('s1.shop:80');
  });
});

describe('ambient mode', () => {
  const AMBIENT = 'istio.io/dataplane-mode: ambient';
  const objects = (...more: readonly string[]) => [ingress(), ...MESH, ...more];

  test('an end at pods of a namespace in ambient mode is not known', () => {
    expect(endOf(objects(namespace('shop', AMBIENT)), LINE)).toMatchObject({
      to: 'unsupported: s1.shop:80', fix: 'Namespace shop puts the pods into ambient mode or behind a waypoint, which is not modeled.',
    });
    expect(endOf(objects(namespace('shop', 'istio.io/dataplane-mode: none')), LINE).to).toBe('s1.shop:80');
    expect(endOf(objects(namespace('other', AMBIENT)), LINE).to).toBe('s1.shop:80');
  });

  test('a waypoint of the namespace or of the Service counts', () => {
    expect(endOf(objects(namespace('shop', 'istio.io/use-waypoint: w')), LINE).kind).toBe('unsupported');
    expect(endOf(objects(namespace('shop', 'istio.io/use-waypoint: none')), LINE).kind).toBe('workload');
    const labelled = MESH.map(text => text.replace('metadata: {name: s1, namespace: shop}', 'metadata: {name: s1, namespace: shop, labels: {istio.io/use-waypoint: w}}'));
    expect(endOf([ingress(), ...labelled], LINE)).toMatchObject({ kind: 'unsupported', fix: expect.stringMatching(/^(Service|Deployment) shop\/s1 puts/) });
  });

  test('the label of a pod comes before that of its namespace', () => {
    const labelled = (value: string) => MESH.map(text => text.replace('labels: {app: s1, ', `labels: {app: s1, istio.io/dataplane-mode: ${value}, `));
    expect(endOf([ingress(), ...labelled('ambient')], LINE)).toMatchObject({ kind: 'unsupported', fix: expect.stringContaining('Deployment shop/s1 puts') });
    expect(endOf([ingress(), ...labelled('none'), namespace('shop', AMBIENT)], LINE).to).toBe('s1.shop:80');
  });

  test('a pod in ambient mode sends by way of its node, whose part is not known', () => {
    const inside = [...MESH, app('c', 'web'), namespace('web', AMBIENT)];
    expect(endOf(inside, 'GET http://s1.shop/ via=pod:web/c').to).toBe('unsupported: s1.shop:80');
    expect(endOf([...MESH, app('c', 'web')], 'GET http://s1.shop/ via=pod:web/c').to).toBe('s1.shop:80');
  });
});

test('an EnvoyFilter may change anything, unless it has no patches', () => {
  const filter = (patches: string) => istio('EnvoyFilter', 'filter', `{configPatches: ${patches}}`, 'istio-system');
  const end = (patches: string) => endOf([ingress(), ...MESH, filter(patches)], LINE).to;
  expect(end('[{applyTo: HTTP_FILTER, match: {context: GATEWAY}, patch: {operation: REMOVE}}]')).toBe('unsupported: s1.shop:80');
  expect(end('[]')).toBe('s1.shop:80');
});
