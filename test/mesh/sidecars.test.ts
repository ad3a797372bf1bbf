// What a workload's own sidecar does with what the workload sends.
import { type MeshRequest } from '../../src/trace/request';
import { EDGE, app, endsOf, istio, meshFrom, meshWith, request } from './small-mesh';

const CLIENT = app('client', 'blog', { sidecar: true });
const from = (line: string, more: Partial<MeshRequest> = {}) => request(line, { entry: { namespace: 'blog', workload: 'client' }, ...more });
const vs = (name: string, hosts: string, to: string, namespace = 'shop') =>
  istio('VirtualService', name, `{hosts: ${hosts}, http: [{name: ${name}, route: [{destination: {host: ${to}}}]}]}`, namespace);
const S1 = 'outbound|80||s1.shop.svc.cluster.local';
const S2 = 'outbound|80||s2.shop.svc.cluster.local';

test('a Service answers to its names, the bare one only in its own namespace', () => {
  const mesh = meshFrom(app('s1'), CLIENT, app('own', 'blog'));
  expect(['s1.shop', 's1.shop.svc', 's1.shop.svc.cluster.local', 's1.shop.svc.cluster.local.', 's1.shop:80'].map(host => endsOf(mesh, from(`GET http://${host}/`))))
    .toEqual(Array(5).fill([S1]));
  expect(endsOf(mesh, from('GET http://s1/'))).toEqual(['passthrough']);
  expect(endsOf(mesh, from('GET http://own/'))).toEqual(['outbound|80||own.blog.svc.cluster.local']);
});

test('the VirtualService with the most specific host applies to a Service', () => {
  const mesh = meshFrom(app('s1'), app('s2'), app('s3'), CLIENT, vs('wild', '["*.shop.svc.cluster.local"]', 's2'), vs('exact', '[s1.shop.svc.cluster.local]', 's3'));
  expect(endsOf(mesh, from('GET http://s1.shop/'))).toEqual(['outbound|80||s3.shop.svc.cluster.local']);
  expect(endsOf(mesh, from('GET http://s3.shop/'))).toEqual([S2]);
});

test('a host that is no Service is known on port 80 alone', () => {
  const mesh = meshFrom(app('s1', 'shop', { port: '{name: http, port: 80}, {name: http-admin, port: 9090}' }), CLIENT, vs('virtual', '[nowhere.example.com]', 's1.shop.svc.cluster.local'));
  expect(endsOf(mesh, from('GET http://nowhere.example.com/'))).toEqual([S1]);
  expect(endsOf(mesh, from('GET http://nowhere.example.com/', { port: 9090 }))).toEqual(['passthrough']);
});

test('unknown hosts pass through, or get 502 where only the registry is allowed', () => {
  expect(endsOf(meshFrom(app('s1'), CLIENT), from('GET http://unknown.example.com/'))).toEqual(['passthrough']);
  expect(endsOf(meshWith({ outboundPolicy: 'REGISTRY_ONLY' }, app('s1'), CLIENT), from('GET http://unknown.example.com/'))).toEqual(['502 block-all']);
  expect(endsOf(meshWith({ outboundPolicy: 'REGISTRY_ONLY' }, CLIENT), from('GET http://unknown.example.com/', { port: 81 }))).toEqual(['no-filter-chain']);
});

test('a port without protocol has a route table of its own, for any authority', () => {
  const mesh = meshFrom(app('s1', 'shop', { port: '{name: any, port: 80}' }), app('s2', 'shop', { port: '{name: any, port: 80}' }), CLIENT);
  expect(endsOf(mesh, from('GET http://s1.shop/'))).toEqual([S1]);
});

test('a TCP port forwards without routes', () => {
  expect(endsOf(meshFrom(app('s1', 'shop', { port: '{name: tcp, port: 80}' }), CLIENT, vs('no', '[s1.shop.svc.cluster.local]', 's2')), from('GET http://s1.shop/'))).toEqual([S1]);
});

test('a Sidecar limits the Services that its workloads know, and what its VirtualServices need is known besides', () => {
  const sidecar = istio('Sidecar', 'default', '{egress: [{hosts: ["./*", "shop/s1.shop.svc.cluster.local"]}]}', 'blog');
  const mesh = meshFrom(app('s1'), app('s2'), CLIENT, sidecar, vs('to-s2', '[s1.shop.svc.cluster.local]', 's2'));
  expect(endsOf(mesh, from('GET http://s2.shop/'))).toEqual(['passthrough']);
  expect(endsOf(mesh, from('GET http://s1.shop/'))).toEqual([S2]);
});

test('a Sidecar that selects the workload comes before one of the namespace, and that one before the root namespace', () => {
  const none = (name: string, namespace: string, selector = '') => istio('Sidecar', name, `{${selector}egress: [{hosts: ["~/*"]}]}`, namespace);
  const all = istio('Sidecar', 'all', '{egress: [{hosts: ["*/*"]}]}', 'blog');
  expect(endsOf(meshFrom(app('s1'), CLIENT, none('root', 'istio-system')), from('GET http://s1.shop/'))).toEqual(['passthrough']);
  expect(endsOf(meshFrom(app('s1'), CLIENT, none('root', 'istio-system'), all), from('GET http://s1.shop/'))).toEqual([S1]);
  expect(endsOf(meshFrom(app('s1'), CLIENT, all, none('own', 'blog', 'workloadSelector: {labels: {app: client}}, ')), from('GET http://s1.shop/'))).toEqual(['passthrough']);
});

test('an ExternalName Service leads to the host that it names', () => {
  const alias = `
apiVersion: v1
kind: Service
metadata: {name: alias, namespace: shop}
spec: {type: ExternalName, externalName: s1.shop.svc.cluster.local, ports: [{name: http, port: 80}]}
---`;
  const route = istio('VirtualService', 'vs', '{hosts: [a.example.com], gateways: [edge/gw], http: [{route: [{destination: {host: alias}}]}]}');
  const gateway = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}', 'edge');
  expect(endsOf(meshFrom(EDGE, gateway, app('s1'), alias, route), 'GET http://a.example.com/')).toEqual([S1]);
});

test('TCP routes of the mesh need all of their conditions, and TLS routes the server name', () => {
  const tcp = app('s1', 'shop', { port: '{name: tcp, port: 80}' });
  const route = (match: string) => istio('VirtualService', 'tcp', `{hosts: [s1.shop.svc.cluster.local], tcp: [{match: [${match}], route: [{destination: {host: s2}}]}]}`);
  expect(endsOf(meshFrom(tcp, app('s2'), CLIENT, route('{port: 80, sourceLabels: {app: client}, sourceNamespace: blog}')), from('GET http://s1.shop/'))).toEqual([S2]);
  expect(endsOf(meshFrom(tcp, app('s2'), CLIENT, route('{gateways: [mesh], sourceNamespace: shop}')), from('GET http://s1.shop/'))).toEqual([S1]);
  const tls = [app('s1', 'shop', { port: '{name: https, port: 443}' }), app('s2'), CLIENT,
    istio('VirtualService', 'tls', '{hosts: [s1.shop.svc.cluster.local], tls: [{match: [{sniHosts: [s1.shop.svc.cluster.local]}], route: [{destination: {host: s2, port: {number: 80}}}]}]}')];
  const secure = (serverName: string) => endsOf(meshFrom(...tls), from('GET https://s1.shop/', { serverName }));
  expect(secure('s1.shop.svc.cluster.local')).toEqual([S2]);
  expect(secure('other.test')).toEqual(['passthrough']);
  expect(endsOf(meshFrom(...tls.slice(0, 3)), from('GET https://s1.shop/', { serverName: 'other.test' }))).toEqual(['outbound|443||s1.shop.svc.cluster.local']);
});
