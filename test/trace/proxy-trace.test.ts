// What a trace cannot tell: the age of objects, what the request does not say, and what is not modeled.
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../mesh/small-mesh';
import { MESH, SECURE_GATEWAY, endOf, endsOf, ingress, routes, to, traceOf } from './small-edge';

const A = 'GET https://a.example.com/cart';
const edge = (...objects: readonly string[]) => [ingress(), EDGE, SECURE_GATEWAY, app('s1'), app('s2'), ...objects];
const policy = (spec: string) => security('AuthorizationPolicy', 'ap', spec, 'edge');
const other = (kind: string, group: string, namespace = 'edge', spec = '{configPatches: [{}]}') => istio(kind, 'own', spec, namespace).replace('networking.istio.io', group);

describe('undefined', () => {
  const first = (created = '') => routes(`{match: [{uri: {prefix: /cart}}], ${to('s1')}}`, 'aa', created);
  const second = (created = '', http = `{match: [{uri: {prefix: /ca}}], ${to('s2')}}`) => routes(http, 'bb', created);

  test('two VirtualServices of unknown age that claim a request for different ends', () => {
    const end = endOf(edge(first(), second()), A);
    expect(end).toMatchObject({ probability: 1, kind: 'undefined', to: 'undefined: s1.shop:80 or s2.shop:80', fix: expect.stringContaining('the oldest in the cluster wins') });
    expect(end.candidates).toMatchObject([{ to: 's1.shop:80' }, { to: 's2.shop:80' }]);
  });

  test('their ages decide', () => {
    expect(endsOf(edge(first('2025-01-01T00:00:00Z'), second('2025-01-02T00:00:00Z')), A)).toBe('s1.shop:80');
    expect(endsOf(edge(first('2025-01-02T00:00:00Z'), second('2025-01-01T00:00:00Z')), A)).toBe('s2.shop:80');
  });

  test('a request that one alone claims, and two that agree, are defined', () => {
    expect(endsOf(edge(first(), second()), 'GET https://a.example.com/cat')).toBe('s2.shop:80');
    expect(endsOf(edge(first(), second('', `{match: [{uri: {prefix: /ca}}], ${to('s1')}}`)), A)).toBe('s1.shop:80');
  });

  test('other shares, and another path at the same workload, are other ends', () => {
    const split = (s1: number) => `route: [{destination: {host: s1}, weight: ${s1}}, {destination: {host: s2}, weight: ${100 - s1}}]`;
    const both = (http: string, more: string) => edge(routes(`{match: [{uri: {prefix: /cart}}], ${http}}`, 'aa'), second('', `{match: [{uri: {prefix: /ca}}], ${more}}`));
    expect(endOf(both(split(50), split(80)), A).kind).toBe('undefined');
    expect(endOf(both(split(50), to('s1')), A).kind).toBe('undefined');
    expect(endOf(both(to('s1'), `rewrite: {uri: /}, ${to('s1')}`), A).kind).toBe('undefined');
  });
});

describe('unsupported', () => {
  test.each([
    ['EnvoyFilter', 'networking.istio.io', 'edge', 'unsupported: s1.shop:80'],
    ['WasmPlugin', 'extensions.istio.io', 'edge', 'unsupported: s1.shop:80'],
    ['EnvoyFilter', 'networking.istio.io', 'istio-system', 'unsupported: s1.shop:80'],
    ['EnvoyFilter', 'networking.istio.io', 'elsewhere', 's1.shop:80'],
    ['Telemetry', 'telemetry.istio.io', 'edge', 's1.shop:80'],
  ])('%s.%s in %s: %s', (kind, group, namespace, end) => {
    expect(endsOf([ingress(), ...MESH, other(kind, group, namespace)], A)).toBe(end);
  });

  test('the object is named, with the end apart from it', () => {
    const end = endOf([ingress(), ...MESH, other('EnvoyFilter', 'networking.istio.io')], A);
    expect(end).toMatchObject({
      fix: 'EnvoyFilter edge/own may change what the proxy does, and is not modeled.', by: { manifest: { object: { kind: 'EnvoyFilter' } } }, candidates: [{ to: 's1.shop:80' }],
    });
  });

  test('at the pods, it is those with a sidecar alone', () => {
    const filter = other('EnvoyFilter', 'networking.istio.io', 'shop');
    const objects = (sidecar: boolean) => [ingress(), EDGE, SECURE_GATEWAY, routes(`{${to('s1')}}`), app('s1', 'shop', { sidecar }), filter];
    expect(endsOf(objects(true), A)).toBe('unsupported: s1.shop:80');
    expect(endsOf(objects(false), A)).toBe('s1.shop:80');
  });

  test('deaths behind a load balancer are 502 among the candidates, too', () => {
    const objects = [ingress({ 'backend-protocol': 'HTTP' }), ...MESH, other('EnvoyFilter', 'networking.istio.io')];
    expect(endsOf(objects, A)).toBe('unsupported: 502 plaintext to TLS');
  });
});

test('a route without destination, which the webhook refuses, is unsupported in an input that is taken as admitted', () => {
  const objects = [EDGE, PLAIN_GATEWAY, routes('{name: nowhere}')];
  expect(endsOf(objects, 'GET http://a.example.com/ via=gateway:80')).toBe('404 no virtual host');
  expect(traceOf(objects, 'GET http://a.example.com/ via=gateway:80', { complete: true, admitted: true }).ends)
    .toMatchObject([{ probability: 1, kind: 'unsupported', fix: 'The route has no destination, which Istio\'s webhook refuses.' }]);
});

describe('policies that cannot decide', () => {
  test('by the address of the client, which from= gives', () => {
    const only = policy('{action: DENY, rules: [{from: [{source: {ipBlocks: [192.0.2.0/24]}}]}]}');
    expect(endOf(edge(routes(`{${to('s1')}}`), only), `${A} via=gateway:443`))
      .toMatchObject({ kind: 'unsupported', to: 'unsupported: s1.shop:80', fix: expect.stringMatching(/^AuthorizationPolicy edge\/ap decides by .*: add from=ADDRESS/) });
    expect(endsOf(edge(routes(`{${to('s1')}}`), only), `${A} via=gateway:443 from=192.0.2.7`)).toBe('403 denied');
    expect(endsOf(edge(routes(`{${to('s1')}}`), only), `${A} via=gateway:443 from=198.51.100.7`)).toBe('s1.shop:80');
  });

  test('CUSTOM asks its provider, for the requests that its rules are about', () => {
    const custom = policy('{action: CUSTOM, provider: {name: ext}, rules: [{to: [{operation: {paths: ["/cart*"]}}]}]}');
    expect(endOf(edge(routes(`{${to('s1')}}`), custom), A)).toMatchObject({ kind: 'unsupported', fix: 'AuthorizationPolicy edge/ap asks ext, whose answer is not in the input.' });
    expect(endsOf(edge(routes(`{${to('s1')}}`), custom), 'GET https://a.example.com/')).toBe('s1.shop:80');
  });
});

describe('hops of the gateway', () => {
  const details = (objects: readonly string[], line: string) => traceOf(objects, line).hops.map(({ at, detail }) => `${at}: ${detail}`);

  test('filter chain, virtual host, route with what it changes, cluster and pods', () => {
    const http = `{match: [{uri: {prefix: /cart}, headers: {x-user: {exact: ann}}}], rewrite: {uri: /basket}, timeout: 3s, ${to('s1')}}`;
    expect(details(edge(routes(http)), `${A} x-user=ann via=gateway:443`)).toEqual([
      'gateway-listener: 0.0.0.0_8443 of gateway edge/gw, port 443 of the Service',
      'filter-chain: TLS without server name: any server name, terminates TLS (SIMPLE)',
      'virtual-host: a.example.com:443',
      'route: path /cart*, header x-user ann → outbound|80||s1.shop.svc.cluster.local; rewrites the matched path to /basket; timeout 3s',
      'cluster: outbound|80||s1.shop.svc.cluster.local, LEAST_REQUEST',
      'workload: Deployment shop/s1, port 8080, 1 pod',
    ]);
  });

  test('routes that were passed over are named with the condition that the request does not meet', () => {
    const http = `{name: ann, match: [{headers: {x-user: {exact: ann}}}], ${to('s1')}}, {match: [{uri: {exact: /x}}], ${to('s1')}}, {${to('s2')}}`;
    const route = traceOf(edge(routes(http)), A).hops.find(({ at }) => at === 'route')!;
    expect(route.passedOver.map(({ what, why }) => `${what}: ${why}`)).toEqual(['route ann: it wants header x-user ann', 'route 2: it wants path /x']);
  });

  test('shares of splits', () => {
    const { hops } = traceOf(edge(routes('{route: [{destination: {host: s1}, weight: 80}, {destination: {host: s2}, weight: 20}]}')), A);
    expect(hops.filter(({ at }) => at === 'workload').map(({ detail, probability }) => [detail, probability])).toEqual([
      ['Deployment shop/s1, port 8080, 1 pod', 0.8], ['Deployment shop/s2, port 8080, 1 pod', 0.2],
    ]);
  });

  test('mTLS and policies of the sidecar', () => {
    const objects = [ingress(), EDGE, SECURE_GATEWAY, routes(`{${to('s1')}}`), app('s1', 'shop', { sidecar: true }), security('PeerAuthentication', 'strict', '{mtls: {mode: STRICT}}'),
      security('AuthorizationPolicy', 'own', '{rules: [{to: [{operation: {methods: [GET]}}]}]}')];
    expect(details(objects, A).slice(-3)).toEqual([
      'sidecar: gets mTLS of the mesh on port 8080, demands STRICT: accepted', 'authorization: allowed', 'workload: Deployment shop/s1, port 8080, 1 pod',
    ]);
  });
});
