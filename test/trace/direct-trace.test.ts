// Requests of pods: with a sidecar its routes decide, without one DNS and kube-proxy.
import { app, istio, security } from '../mesh/small-mesh';
import { endOf, endsOf, traceOf, yaml } from './small-edge';

const client = (sidecar: boolean) => app('client', 'shop', { sidecar });
const routes = istio('VirtualService', 'vs', '{hosts: [s1], http: [{route: [{destination: {host: s2}}]}]}');
const objects = (sidecar: boolean, ...more: readonly string[]) => [client(sidecar), app('s1'), app('s2'), routes, ...more];
const call = (url: string, more = '') => `GET ${url} via=pod:shop/client${more}`;

test('VirtualServices of the mesh decide for a sidecar, and not for a pod without one', () => {
  expect(endsOf(objects(true), call('http://s1/'))).toBe('s2.shop:80');
  expect(endsOf(objects(false), call('http://s1/'))).toBe('s1.shop:80');
});

test('the hops of a pod without sidecar say so', () => {
  const { hops, ends } = traceOf(objects(false), call('http://s1/x?y'));
  expect(hops.map(({ at, detail }) => `${at}: ${detail}`)).toEqual([
    'cluster: shop/client has no sidecar; s1.shop.svc.cluster.local, without routes of VirtualServices', 'workload: Deployment shop/s1, port 8080, 1 pod',
  ]);
  expect(ends).toMatchObject([{ kind: 'workload', host: 's1.shop.svc.cluster.local', port: 80, path: '/x?y', authority: 's1' }]);
});

test.each([
  ['http://s1.shop/', 's1.shop:80'],
  ['http://S1.shop.svc./', 's1.shop:80'],
  ['http://s1.shop.svc.cluster.local:80/', 's1.shop:80'],
  ['http://s1:81/', 'closed no port 81'],
  ['http://s9/', 'unsupported: closed no Service s9'],
  ['http://s9.shop.svc.cluster.local/', 'unsupported: closed no Service s9.shop.svc.cluster.local'],
  ['https://api.example.com/', 'api.example.com:443'],
  ['https://s1:80/', 'closed TLS to a plaintext port'],
])('a pod without sidecar that calls %s ends at %s', (url, end) => {
  expect(endsOf(objects(false), call(url))).toBe(end);
});

test('STRICT pods close the connection of a pod without sidecar', () => {
  const strict = security('PeerAuthentication', 'strict', '{mtls: {mode: STRICT}}');
  const [, , ...rest] = objects(false, strict);
  expect(endsOf([client(false), app('s1', 'shop', { sidecar: true }), ...rest], call('http://s1/'))).toBe('closed mTLS');
  expect(endsOf([client(true), app('s2', 'shop', { sidecar: true }), app('s1'), routes, strict], call('http://s1/'))).toBe('s2.shop:80');
});

test('policies of pods see no identity of a pod without sidecar', () => {
  const only = security('AuthorizationPolicy', 'ap', '{selector: {matchLabels: {app: s2}}, rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/client"]}}]}]}');
  const with2 = (sidecar: boolean) => [client(sidecar), app('s1'), app('s2', 'shop', { sidecar: true }), routes, only];
  expect(endsOf(with2(true), call('http://s1/'))).toBe('s2.shop:80');
  expect(endsOf(with2(false), call('http://s2/'))).toBe('403 not allowed');
});

test('Services without pods or without selector', () => {
  const service = (spec: object) => yaml({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's3', namespace: 'shop' }, spec });
  expect(endsOf(objects(false, service({ selector: { app: 's3' }, ports: [{ port: 80 }] })), call('http://s3/'))).toBe('closed no endpoint');
  expect(endOf(objects(false, service({ ports: [{ port: 80 }] })), call('http://s3/')))
    .toMatchObject({ kind: 'unsupported', fix: 'Service shop/s3 has no selector: its endpoints are not in the input.' });
});

test('a workload that the input lacks', () => {
  expect(endOf(objects(true), 'GET http://s1/ via=pod:shop/other'))
    .toMatchObject({ to: 'closed no workload shop/other', reason: 'no-gateway', fix: 'Add the workload shop/other to the input, or correct the name in via.' });
});

describe('a sidecar', () => {
  const registryOnly = istio('Sidecar', 'default', '{egress: [{hosts: ["./*"]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}');

  test.each([
    ['https://s1:80/', 'closed TLS to plaintext'],
    ['http://unknown.example.com/', 'unknown.example.com:80'],
    ['https://unknown.example.com/', 'unknown.example.com:443'],
  ])('calls %s and ends at %s', (url, end) => {
    expect(endsOf(objects(true), call(url))).toBe(end);
  });

  test('that lets only known hosts pass answers 502, or closes the connection', () => {
    const blocked = endOf(objects(true, registryOnly), call('http://unknown.example.com/'));
    expect(blocked).toMatchObject({ kind: 'refused', to: '502 outside of the mesh', reason: 'no-virtual-host', fix: expect.stringContaining('ServiceEntry') });
    expect(endOf(objects(true, registryOnly), call('https://unknown.example.com/')))
      .toMatchObject({ kind: 'refused', to: 'closed outside of the mesh', fix: expect.stringContaining('ServiceEntry') });
  });

  test('passes TLS on to a port that is not declared as HTTP', () => {
    const own = app('s3', 'shop', { port: '{port: 8443, targetPort: 8443}' });
    expect(endsOf(objects(true, own), call('https://s3:8443/'))).toBe('s3.shop:8443');
  });
});

test('the host of the URL is dialed, whatever the Host header says', () => {
  expect(endsOf(objects(false), call('http://s1/', ' host=x.example.com'))).toBe('s1.shop:80');
  expect(endOf(objects(false), call('http://s1/', ' host=x.example.com'))).toMatchObject({ authority: 'x.example.com' });
});

test('a port that annotations exclude passes by the sidecar of the client', () => {
  const excluding = client(true).replace('sidecar.istio.io/inject: "true"}', 'sidecar.istio.io/inject: "true"}, annotations: {traffic.sidecar.istio.io/excludeOutboundPorts: "80, 81"}');
  const strict = security('PeerAuthentication', 'strict', '{mtls: {mode: STRICT}}');
  const line = call('http://s2/');
  expect(endsOf([excluding, app('s2', 'shop', { sidecar: true }), strict], line)).toBe('closed mTLS');
  expect(traceOf([excluding, app('s2')], line).hops[0].detail).toContain('shop/client sends port 80 past its sidecar');
  expect(endsOf([excluding, app('s2', 'shop', { sidecar: true, port: '{name: http, port: 82, targetPort: 8080}' }), strict], call('http://s2:82/'))).toBe('s2.shop:82');
});

test.each(['localhost', '127.0.0.1', '[::1]'])('the sidecar does not see what a pod sends to itself: %s', host => {
  const registryOnly = istio('Sidecar', 'default', '{egress: [{hosts: ["./*"]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}');
  expect(endsOf(objects(true, registryOnly), call(`http://${host}:8080/`))).toBe(`${host}:8080`);
});

test('the resolver follows a Service of type ExternalName', () => {
  const alias = (name: string) => yaml({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'alias', namespace: 'shop' }, spec: { type: 'ExternalName', externalName: name } });
  expect(endsOf(objects(false, alias('s1.shop.svc.cluster.local')), call('http://alias/'))).toBe('s1.shop:80');
  expect(endsOf(objects(false, alias('api.example.org')), call('http://alias/'))).toBe('alias:80');
  expect(endsOf(objects(false, alias('alias.shop.svc.cluster.local')), call('http://alias/'))).toBe('unsupported: closed no Service alias');
  expect(endsOf(objects(false, alias('gone.shop.svc.cluster.local')), call('http://alias/'))).toBe('unsupported: closed no Service alias');
});

test('endpoints that are objects of the cluster are not known', () => {
  const service = yaml({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's3', namespace: 'shop' }, spec: { ports: [{ name: 'http', port: 80 }] } });
  expect(endOf(objects(true, service), call('http://s3/'))).toMatchObject({ kind: 'unsupported', fix: 'Service shop/s3 has no selector: its endpoints are not in the input.' });
});

test('a headless Service may lead to any port of its pods, and has names for those of a StatefulSet', () => {
  const headless = app('s4').replace('spec: {selector', 'spec: {clusterIP: None, selector').replace('targetPort: 8080', 'targetPort: 80');
  expect(['s4-0.s4', 's4-0.s4.shop.svc.cluster.local'].map(host => endsOf(objects(false, headless), call(`http://${host}/`)))).toEqual(['s4.shop:80', 's4.shop:80']);
  expect(endOf(objects(false, headless), call('http://s4:81/'))).toMatchObject({ kind: 'unsupported', fix: expect.stringContaining('is headless and has no port 81') });
});
