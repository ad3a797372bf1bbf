// Requests that go to the address that the client dialed, not to an endpoint that a proxy chooses.
import { EDGE, PLAIN_GATEWAY, app, istio } from '../mesh/small-mesh';
import { endOf, endsOf, traceOf } from './small-edge';

const CLIENT = app('client', 'shop', { sidecar: true });
const PASSTHROUGH = istio('DestinationRule', 'dr', '{host: s1, trafficPolicy: {loadBalancer: {simple: PASSTHROUGH}}, subsets: [{name: v2, labels: {version: v2}}]}');
const via = 'via=pod:shop/client';
const headless = (targetPort: number) => [CLIENT, app('s1', 'shop', { port: `{name: http, port: 80, targetPort: ${targetPort}}` }).replace('spec: {selector', 'spec: {clusterIP: None, selector')];

test('clients of a headless Service dial its pods at the port of the Service', () => {
  expect(endsOf(headless(80), `GET http://s1/ ${via}`)).toBe('s1.shop:80');
  expect(endOf(headless(8080), `GET http://s1/ ${via}`)).toMatchObject({
    to: '503 no endpoint',
    fix: 'Give s1.shop.svc.cluster.local pods that listen on port 80: clients of a headless Service dial its pods at the port of the Service, not at targetPort.',
  });
});

test('a gateway chooses among the pods of a headless Service, at targetPort', () => {
  const route = istio('VirtualService', 'vs', '{hosts: ["*"], gateways: [edge/gw], http: [{route: [{destination: {host: s1}}]}]}');
  expect(endsOf([EDGE, PLAIN_GATEWAY, ...headless(8080), route], 'GET http://a.example.com/ via=gateway:80')).toBe('s1.shop:80');
});

test('the balancer PASSTHROUGH needs an address that a client dialed: a gateway has none, and subsets do not count', () => {
  const route = istio('VirtualService', 'vs', '{hosts: [s1, a.example.com], gateways: [edge/gw, mesh], http: [{route: [{destination: {host: s1, subset: v2}}]}]}');
  const objects = [EDGE, PLAIN_GATEWAY, CLIENT, app('s1'), PASSTHROUGH, route];
  expect(endOf(objects, 'GET http://a.example.com/ via=gateway:80')).toMatchObject({
    to: '503 no endpoint', fix: 'Remove the load balancer PASSTHROUGH of s1.shop.svc.cluster.local: it needs the address that a client dialed, which a gateway does not have.',
  });
  expect(endsOf(objects, `GET http://s1/ ${via}`)).toBe('s1.shop:80@v2');
});

test('hosts of a ServiceEntry without resolution, and unknown hosts, get a normalized path', () => {
  const entry = istio('ServiceEntry', 'se', '{hosts: [a.example.org], resolution: NONE, ports: [{number: 80, name: http, protocol: HTTP}]}');
  expect(endOf([CLIENT, app('s1'), entry], `GET http://a.example.org/a/../b?q ${via}`)).toMatchObject({ to: 'a.example.org:80', path: '/b?q' });
  expect(endOf([CLIENT, app('s1')], `GET http://b.example.org/a/../b?q ${via}`)).toMatchObject({ to: 'b.example.org:80', path: '/b?q' });
});

test('a connection that no proxy reads as HTTP keeps its path, up to a sidecar of the pods that does', () => {
  expect(endOf([CLIENT, app('s1')], `GET http://b.example.org:7000/a/../b ${via}`)).toMatchObject({ to: 'b.example.org:7000', path: '/a/../b' });
  const gateway = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 9000, name: tcp, protocol: TCP}, hosts: ["*"]}]}', 'edge');
  const route = istio('VirtualService', 'vs', '{hosts: ["*"], gateways: [edge/gw], tcp: [{route: [{destination: {host: s1}}]}]}');
  const pathAt = (sidecar: boolean) => endOf([EDGE, gateway, app('s1', 'shop', { sidecar }), route], 'GET http://a.example.com/a/../b via=gateway:9000').path;
  expect([pathAt(true), pathAt(false)]).toEqual(['/b', '/a/../b']);
});

test('TLS that a gateway passes on ends at a sidecar whose port declares HTTP, inside of mTLS or not', () => {
  const gateway = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 443, name: tls, protocol: TLS}, hosts: ["*"], tls: {mode: PASSTHROUGH}}]}', 'edge');
  const route = istio('VirtualService', 'vs', '{hosts: [a.example.com], gateways: [edge/gw], tls: [{match: [{sniHosts: [a.example.com]}], route: [{destination: {host: s1}}]}]}');
  const endAt = (sidecar: boolean, name: string, ...more: readonly string[]) => endsOf([
    EDGE, gateway, app('s1', 'shop', { sidecar, port: `{name: ${name}, port: 80, targetPort: 8080}` }), route, ...more,
  ], 'GET https://a.example.com/ via=gateway:443 sni=a.example.com');
  const plaintext = istio('DestinationRule', 'dr', '{host: s1, trafficPolicy: {tls: {mode: DISABLE}}}');
  expect([endAt(true, 'http'), endAt(true, 'http', plaintext)]).toEqual(['closed TLS to a plaintext port', 'closed mTLS']);
  expect([endAt(true, 'tls'), endAt(true, 'tls', plaintext), endAt(false, 'http')]).toEqual(['s1.shop:80', 's1.shop:80', 's1.shop:80']);
});

test('the port of an ExternalName that declares no protocol shares the listener of all HTTP Services', () => {
  const named = 'apiVersion: v1\nkind: Service\nmetadata: {name: named, namespace: shop}\nspec: {type: ExternalName, externalName: ext.example.org, ports: [{port: 80}]}\n---\n';
  expect(endOf([CLIENT, app('s1'), named], `GET http://named/a/../b ${via}`)).toMatchObject({ to: 'named:80', path: '/b' });
});

describe('what no listener and no route of a sidecar matches', () => {
  test('a port that the Service lacks has nobody who listens', () => {
    expect(endOf([CLIENT, app('s1')], `GET http://s1:81/ ${via}`)).toMatchObject({
      kind: 'refused', to: 'closed no port 81 at s1.shop', reason: 'no-endpoint', host: 's1.shop.svc.cluster.local', port: 81,
      by: { manifest: { object: { kind: 'Service' } } }, fix: 'Use a port that the Service has: 80.',
    });
    // Another Service has a listener for HTTP on the port.
    const other = app('s2', 'shop', { port: '{name: http, port: 81}' });
    expect(endsOf([CLIENT, app('s1'), other], `GET http://s1.shop:81/ ${via}`)).toBe('503 no port 81 at s1.shop');
    expect(endsOf([CLIENT, app('s1'), other], `GET http://s2.shop:81/ ${via}`)).toBe('s2.shop:81');
  });

  test('a port that a headless Service lacks may be one of its pods', () => {
    expect(endOf(headless(80), `GET http://s1:81/ ${via}`)).toMatchObject({
      to: 'unsupported', fix: 'Service shop/s1 is headless and has no port 81 (80): whether its pods listen there is not in the input.',
    });
  });

  test.each(['lost', 'lost.shop.svc', 'lost.shop.svc.cluster.local'])('a Service that the input lacks is not known: %s', host => {
    expect(endOf([CLIENT, app('s1')], `GET http://${host}/ ${via}`)).toMatchObject({
      to: `unsupported: closed no Service ${host}`,
      fix: 'Service shop/lost is not in the input: add it, correct the host of the request, or pass complete if the input is all there is.',
    });
    expect(traceOf([CLIENT, app('s1')], `GET http://${host}/ ${via}`, { complete: true }).ends)
      .toMatchObject([{ reason: 'no-cluster', to: `closed no Service ${host}`, host: 'lost.shop.svc.cluster.local' }]);
  });

  test.each(['api.example.org', 'localhost', '10.0.0.7', '[::1]'])('another host is where it was dialed: %s', host => {
    expect(endsOf([CLIENT, app('s1')], `GET http://${host}/ ${via}`)).toBe(`${host}:80`);
  });
});
