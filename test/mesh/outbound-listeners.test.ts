// The listeners and filter chains of a sidecar for what is no HTTP: by the address that the client dials, then by the server name.
import { type MeshRequest } from '../../src/trace/request';
import { app, endsOf, istio, meshWith, request } from './small-mesh';

const CLIENT = app('client', 'blog', { sidecar: true });
const from = (line: string, more: Partial<MeshRequest> = {}) => request(line, { entry: { namespace: 'blog', workload: 'client' }, ...more });
const entry = (name: string, hosts: string, more: string, port = '{number: 443, name: tls, protocol: TLS}') => (
  istio('ServiceEntry', name, `{hosts: ${hosts}, ports: [${port}], ${more}}`));
/** Without the endpoints, which do not matter here. */
const ends = (objects: readonly string[], line: string, more: Partial<MeshRequest> = {}) => (
  endsOf(meshWith({ outboundPolicy: 'REGISTRY_ONLY' }, CLIENT, ...objects), from(line, more)).join().replace(' no pods', ''));
const secure = (objects: readonly string[], host: string, serverName = host) => ends(objects, `GET https://${host}/`, { serverName });
const BLOCKED = 'no-filter-chain';

test('TLS to hosts without addresses goes by the server name, whatever host is dialed', () => {
  const objects = [entry('ab', '[a.example.com, b.example.com]', 'resolution: DNS'), entry('wild', '["*.example.org"]', 'resolution: NONE')];
  expect(secure(objects, 'a.example.com')).toBe('outbound|443||a.example.com');
  expect(secure(objects, 'a.example.com', 'b.example.com')).toBe('outbound|443||b.example.com');
  expect(secure(objects, 'x.example.org')).toBe('outbound|443||*.example.org');
  expect(['zzz.test', ''].map(name => secure(objects, 'a.example.com', name))).toEqual([BLOCKED, BLOCKED]);
  expect(ends(objects, 'GET http://a.example.com/', { port: 443 })).toBe(BLOCKED);
});

test('TLS routes of a VirtualService with a wildcard replace the own cluster of the hosts', () => {
  const route = istio('VirtualService', 'vs', '{hosts: ["*.example.org"], tls: [{match: [{port: 443, sniHosts: ["*.example.org"]}], route: [{destination: {host: s1}}]}]}');
  const objects = [entry('wild', '["*.example.org"]', 'resolution: NONE'), route, app('s1')];
  expect([secure(objects, 'x.example.org'), secure(objects, 'x.example.org', 'zzz.test')]).toEqual(['outbound|80||s1.shop.svc.cluster.local', BLOCKED]);
});

test('an address has a listener of its own, which needs no server name', () => {
  const objects = [entry('vip', '[c.example.com]', 'addresses: [10.9.0.1, 10.9.0.2/32], resolution: NONE'), entry('a', '[a.example.com]', 'resolution: DNS')];
  expect(['c.example.com', '10.9.0.1', '10.9.0.2'].map(host => secure(objects, host, 'a.example.com'))).toEqual(Array(3).fill('outbound|443||c.example.com'));
  expect(secure(objects, '10.9.0.3', 'a.example.com')).toBe('outbound|443||a.example.com');
});

test('the cluster IP of a Service is dialed like its host', () => {
  const service = app('db', 'shop', { port: '{name: tcp-x, port: 9000}, {name: any, port: 9001}, {name: http, port: 9002}' }).replace('spec: {selector', 'spec: {clusterIP: 10.1.2.3, selector');
  expect([9000, 9001, 9002].map(port => ends([service], `GET http://10.1.2.3:${port}/`, { port })))
    .toEqual([9000, 9001, 9002].map(port => `outbound|${port}||db.shop.svc.cluster.local`));
  expect(ends([service], 'GET http://10.1.2.4:9000/', { port: 9000 })).toBe(BLOCKED);
});

test('the longest CIDR block that has the address decides before the server name', () => {
  const objects = [
    entry('wide', '[wide.example.com]', 'addresses: [10.8.0.0/16]'), entry('narrow', '[narrow.example.com]', 'addresses: [10.8.5.0/24]'), entry('a', '[a.example.com]', 'resolution: DNS'),
    entry('tcp', '[tcp.example.com]', 'addresses: [10.8.0.0/16, "fd00::/64"]', '{number: 9000, name: tcp, protocol: TCP}'),
  ];
  expect([secure(objects, 'wide.example.com'), secure(objects, '10.8.1.1', 'wide.example.com')]).toEqual(Array(2).fill('outbound|443||wide.example.com'));
  expect(secure(objects, '10.8.5.1', 'narrow.example.com')).toBe('outbound|443||narrow.example.com');
  expect([secure(objects, '10.8.5.1', 'wide.example.com'), secure(objects, '10.8.1.1', 'a.example.com')]).toEqual([BLOCKED, BLOCKED]);
  const tcp = (host: string) => ends(objects, `GET http://${host}/`, { port: 9000 });
  expect(['tcp.example.com', '10.8.1.1', '[fd00::1]', '10.7.0.1'].map(tcp)).toEqual([...Array(3).fill('outbound|9000||tcp.example.com') as string[], BLOCKED]);
});

test('TCP without an address gets what no server name chooses, and HTTP keeps its routes', () => {
  const tcp = entry('tcp', '[tcp.example.com]', 'resolution: DNS', '{number: 9000, name: tcp, protocol: TCP}');
  const http = entry('http', '[http.example.com]', 'resolution: DNS', '{number: 9000, name: http, protocol: HTTP}');
  const tls = entry('tls', '[tls.example.com]', 'resolution: DNS', '{number: 9000, name: tls, protocol: TLS}');
  const at = (line: string, serverName = '') => ends([tcp, http, tls], line, { port: 9000, serverName });
  expect([at('GET https://tls.example.com/', 'tls.example.com'), at('GET https://tls.example.com/', 'zzz.test'), at('GET http://http.example.com:9000/')])
    .toEqual(['outbound|9000||tls.example.com', 'outbound|9000||tcp.example.com', 'outbound|9000||http.example.com']);
  expect(ends([tcp], 'GET http://zzz.test/', { port: 9000 })).toBe('outbound|9000||tcp.example.com');
});

test('an ExternalName is a further server name of the host that it stands for', () => {
  const alias = 'apiVersion: v1\nkind: Service\nmetadata: {name: alias, namespace: blog}\nspec: {type: ExternalName, externalName: a.example.com, ports: [{port: 443}]}\n---\n';
  const objects = [entry('a', '[a.example.com]', 'resolution: DNS'), alias];
  expect(['alias', 'alias.blog', 'alias.blog.svc.cluster.local', 'other'].map(name => secure(objects, 'a.example.com', name)))
    .toEqual([...Array(3).fill('outbound|443||a.example.com') as string[], BLOCKED]);
});
