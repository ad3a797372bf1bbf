// `alb-istio mesh` as text.
import { readYaml } from '../../src/manifests/yaml';
import { type MeshOptions, meshOf } from '../../src/mesh/mesh';
import { EDGE, PLAIN_GATEWAY, app, istio, meshFrom, security } from '../mesh/small-mesh';
import { renderMeshJson } from '../../src/output/mesh-json';
import { renderMeshText } from '../../src/output/mesh-text';

const SERVER = '{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: tls }, hosts: ["*/shop.example.com"] }';

const SHOP = `${EDGE}${istio('Gateway', 'gateway', `{ selector: { app: gw }, servers: [${SERVER}] }`, 'edge')}
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [edge/gateway]
  http:
    - name: old
      match: [{ uri: { prefix: /old/ }, headers: { x-beta: { exact: "1" } } }]
      redirect: { uri: /new, redirectCode: 302 }
    - name: canary
      route:
        - { destination: { host: web, subset: v1 }, weight: 90 }
        - { destination: { host: web, subset: v2 }, weight: 10 }
`;

test('a gateway is a list of listeners, filter chains, virtual hosts and routes, each with the object that it comes from', () => {
  expect(renderMeshText(meshOf(readYaml(SHOP, 'shop.yaml')))).toBe(`\
Gateway edge/gw
  Listener 0.0.0.0_8443
    SNI shop.example.com, TLS, by Gateway edge/gateway
      shop.example.com
        path /old/*, header x-beta 1 → redirect to path /new (302)  [VirtualService shop/web, old]
        path /* → 90 % outbound|80|v1|web.shop.svc.cluster.local (no such subset: 503), 10 % outbound|80|v2|web.shop.svc.cluster.local (no such subset: 503)  [VirtualService shop/web, canary]
  Certificate: Secret edge/tls is not in the input: unless the cluster has it, TLS handshakes fail  [Gateway edge/gateway /spec/servers/0/tls]
`);
});

test('what the webhook of Istio refuses is named, because the cluster will not have it', () => {
  const text = renderMeshText(meshOf(readYaml(SHOP.replace('weight: 90', 'weight: -1'), 'shop.yaml')));
  expect(text).toMatch(/\nVirtualService shop\/web: refused by Istio's webhook: /);
});

test('a route table that Envoy refuses is named, with the condition that makes it refuse it', () => {
  const text = renderMeshText(meshOf(readYaml(SHOP.replace('headers: { x-beta: { exact: "1" } }', 'headers: { "@request.auth.claims.sub": {} }'), 'shop.yaml')));
  expect(text).toContain('  Not modeled: VirtualService shop/web /spec/http/0/match/0: Envoy refuses the whole route table because of its invalid condition on a claim, '
    + 'and keeps the table that it had\n');
});

test('an input without gateways says so', () => {
  expect(renderMeshText(meshOf([]))).toBe('No gateway: no Gateway here selects pods.\n');
});

const CLIENT = [
  app('a', 'shop', { sidecar: true }), app('b', 'shop', { sidecar: true, port: '{name: tls, port: 443, targetPort: 8443}' }), app('old'),
  istio('VirtualService', 'b', '{hosts: [b, b.example.com], tls: [{match: [{sniHosts: [b.example.com]}], route: [{destination: {host: b, subset: v1}}]}]}'),
  istio('DestinationRule', 'a', '{host: a, subsets: [{name: v1}]}'),
  security('PeerAuthentication', 'a', '{selector: {matchLabels: {app: a}}, mtls: {mode: STRICT}, portLevelMtls: {"9090": {mode: DISABLE}}}'),
  security('RequestAuthentication', 'a', '{selector: {matchLabels: {app: a}}, jwtRules: [{issuer: iss, audiences: [x]}]}'),
  security('AuthorizationPolicy', 'deny', '{action: DENY, rules: [{to: [{operation: {notPaths: [/healthz]}}], when: [{key: "request.auth.claims[a][b]", values: [c]}]}]}'),
  security('AuthorizationPolicy', 'allow', '{rules: [{from: [{source: {principals: [p, q], namespaces: [shop]}}, {source: {ipBlocks: [10.0.0.0/8]}}]}]}'),
  security('AuthorizationPolicy', 'ask', '{action: CUSTOM, provider: {name: login}, rules: [{}]}'),
  istio('EnvoyFilter', 'ef', '{workloadSelector: {labels: {app: a}}, configPatches: [{}]}'),
];

test('a workload is what its sidecar is programmed with: listeners, clusters, and what it demands in evaluation order', () => {
  const mesh = meshFrom(...CLIENT);
  expect(renderMeshText(mesh, mesh.workloads.find('shop', 'a'))).toBe(`\
Deployment shop/a, sidecar
  Outbound; what no listener matches passes through
  Listener 0.0.0.0_80
      a.shop.svc.cluster.local, a.shop.svc.cluster.local., a, a.shop.svc, a.shop
        path /* → outbound|80||a.shop.svc.cluster.local
      old.shop.svc.cluster.local, old.shop.svc.cluster.local., old, old.shop.svc, old.shop
        path /* → outbound|80||old.shop.svc.cluster.local
      *
        path /* → where the client dialed
  Listener (address of b.shop.svc.cluster.local)_443, b.shop.svc.cluster.local
      SNI b.example.com → outbound|443|v1|b.shop.svc.cluster.local (no such subset: 503)
  Clusters
    outbound|80||a.shop.svc.cluster.local  [DestinationRule shop/a]
      1 × Deployment shop/a port 8080, mTLS of the mesh
    outbound|80||old.shop.svc.cluster.local
      1 × Deployment shop/old port 8080, plaintext
    outbound|443|v1|b.shop.svc.cluster.local  no such subset: 503
  Inbound
    port 8080: mTLS STRICT  [PeerAuthentication shop/a]  (a.shop.svc.cluster.local:80 http)
    port 9090: mTLS DISABLE  [PeerAuthentication shop/a]
    other ports: mTLS STRICT  [PeerAuthentication shop/a]
    token of iss for x, in header authorization or query access_token  [RequestAuthentication shop/a]
    CUSTOM by login  [AuthorizationPolicy shop/ask]
      any request
    DENY  [AuthorizationPolicy shop/deny]
      to request.path not /healthz, when request.auth.claims[a][b] c
    ALLOW  [AuthorizationPolicy shop/allow]
      from source.principal p | q and source.namespace shop or source.ip 10.0.0.0/8
    what no ALLOW policy allows: 403
  Not modeled: EnvoyFilter shop/ef /spec
`);
});

test('a workload without sidecar demands nothing', () => {
  const mesh = meshFrom(...CLIENT);
  expect(renderMeshText(mesh, mesh.workloads.find('shop', 'old'))).toBe(`\
Deployment shop/old, no sidecar
  Outbound: Istio decides nothing about what it sends
  Inbound: no sidecar, so no mTLS, no tokens and no authorization
`);
});

test('a gateway that is chosen by name is shown with its clusters and policies', () => {
  const mesh = meshFrom(EDGE, PLAIN_GATEWAY, app('a'), istio('VirtualService', 'a', '{hosts: ["*"], gateways: [edge/gw], http: [{route: [{destination: {host: a}}]}]}'));
  expect(renderMeshText(mesh, mesh.workloads.find('edge', 'gw'))).toBe(`\
Gateway edge/gw
  Listener 0.0.0.0_8080
    plaintext, by Gateway edge/gw
      *
        path /* → outbound|80||a.shop.svc.cluster.local  [VirtualService shop/a]
  Clusters
    outbound|80||a.shop.svc.cluster.local
      1 × Deployment shop/a port 8080, plaintext
  Inbound
    no authorization: everything is allowed
`);
});

test('JSON has for each gateway the listeners, route tables and clusters, with the object and pointer that each comes from', () => {
  const { schemaVersion, gateways: [gateway], workloads, refusals } = JSON.parse(renderMeshJson(meshOf(readYaml(SHOP, 'shop.yaml'))));
  expect({ schemaVersion, workloads, refusals, name: gateway.workload }).toEqual({ schemaVersion: 1, workloads: [], refusals: [], name: 'edge/gw' });
  expect(gateway.listeners).toEqual([{
    name: '0.0.0.0_8443', port: 8443, filterChains: [{
      serverNames: ['shop.example.com'], tls: 'terminate', clientCertificate: 'none', credentialNames: ['tls'], routeConfig: 'https.443.https.gateway.edge',
      from: {
        object: { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', namespace: 'edge', name: 'gateway' }, pointer: '/spec/servers/0',
        origin: { file: 'shop.yaml', document: 3, line: 15 },
      },
    }],
  }]);
  const [{ virtualHosts: [{ routes: [old, canary] }] }] = gateway.routeConfigs;
  expect(old.match).toEqual({
    path: { prefix: '/old/' }, ignoresCase: false, headers: [{ name: 'x-beta', exact: '1' }], withoutHeaders: [], queryParams: [], claims: [],
  });
  expect(canary.action.clusters).toEqual([
    { cluster: 'outbound|80|v1|web.shop.svc.cluster.local', weight: 90 }, { cluster: 'outbound|80|v2|web.shop.svc.cluster.local', weight: 10 },
  ]);
  expect(gateway.clusters[0]).toEqual({ name: 'outbound|80|v1|web.shop.svc.cluster.local', host: 'web.shop.svc.cluster.local', port: 80, subset: 'v1', missing: 'subset' });
});

test('JSON of a workload has what it sends and what it demands', () => {
  const mesh = meshFrom(...CLIENT);
  const { gateways, workloads: [{ outbound, inbound, unmodelled }] } = JSON.parse(renderMeshJson([{ mesh, workload: mesh.workloads.find('shop', 'a') }]));
  expect(gateways).toEqual([]);
  expect(outbound.listeners.map(({ name, routeConfig, filterChains }: any) => [name, routeConfig, filterChains])).toEqual([
    ['0.0.0.0_80', '80', []],
    ['(address of b.shop.svc.cluster.local)_443', undefined, [{ serverNames: ['b.example.com'], clusters: [{ cluster: 'outbound|443|v1|b.shop.svc.cluster.local', weight: 100 }] }]],
  ]);
  expect(inbound.ports.map(({ port, mtls }: any) => [port, mtls.mode, mtls.from.pointer])).toEqual([[8080, 'STRICT', '/spec/mtls'], [9090, 'DISABLE', '/spec/portLevelMtls/9090']]);
  expect(inbound.authorization.map(({ action }: any) => action)).toEqual(['CUSTOM', 'DENY', 'ALLOW']);
  expect(inbound.tokens).toMatchObject([{ issuer: 'iss', headers: [{ name: 'authorization', prefix: 'Bearer ' }], from: { pointer: '/spec/jwtRules/0' } }]);
  expect(unmodelled).toMatchObject([{ kind: 'EnvoyFilter.networking.istio.io' }]);
});

const CHANGES = `
  http:
    - match: [{ uri: { prefix: /api } }]
      rewrite: { uri: /, authority: old.example.com }
      timeout: 5s
      retries: { attempts: 2, retryOn: 5xx, perTryTimeout: 1s }
      fault: { abort: { percentage: { value: 50 }, httpStatus: 503 }, delay: { percentage: { value: 10 }, fixedDelay: 2s } }
      mirrors: [{ destination: { host: lost, port: { number: 80 } }, percentage: { value: 20 } }]
      corsPolicy: { allowOrigins: [{ exact: https://a.example.com }], allowMethods: [GET], allowCredentials: true }
      headers: { request: { set: { x-a: b }, remove: [x-c] }, response: { add: { x-d: e } } }
      route: [{ destination: { host: web }, headers: { response: { remove: [server] } } }]
`;

test('what changes on the way is below the route', () => {
  const yaml = SHOP.slice(0, SHOP.lastIndexOf('  http:')) + CHANGES.slice(1);
  expect(renderMeshText(meshOf(readYaml(yaml, 'shop.yaml'))).split('\n').slice(4, -2)).toEqual([
    '        path /api* → outbound|80||web.shop.svc.cluster.local  [VirtualService shop/web]',
    '          delays 10 % by 2s',
    '          aborts 50 % with 503',
    '          rewrites the matched path to /',
    '          rewrites the host to old.example.com',
    '          mirrors 20 % to outbound|80||lost.shop.svc.cluster.local (503 unless the cluster has this Service)',
    '          timeout 5s',
    '          2 retries on 5xx, 1s each',
    '          removes response header server, for outbound|80||web.shop.svc.cluster.local',
    '          sets request header x-a: b',
    '          removes request header x-c',
    '          adds response header x-d: e',
    '          CORS for origins https://a.example.com, methods GET, with credentials',
  ]);
});

test('an HTTP server that redirects to HTTPS is plaintext', () => {
  const yaml = SHOP.replace(SERVER, '{ port: { number: 443, name: http, protocol: HTTP }, tls: { httpsRedirect: true }, hosts: ["*/shop.example.com"] }');
  expect(renderMeshText(meshOf(readYaml(yaml, 'shop.yaml')))).toContain('    plaintext, by Gateway edge/gateway\n');
});

test('an endpoint that refuses what the client sends is marked', () => {
  const mesh = meshFrom(
    app('a', 'shop', { sidecar: true }), app('b', 'shop', { sidecar: true }),
    security('PeerAuthentication', 'a', '{mtls: {mode: STRICT}}'), istio('DestinationRule', 'b', '{host: b, trafficPolicy: {tls: {mode: DISABLE}}}'),
  );
  const text = renderMeshText(mesh, mesh.workloads.find('shop', 'a'));
  expect(text).toContain('1 × Deployment shop/b port 8080, plaintext, but the port demands mTLS: requests fail\n');
  expect(text).toContain('1 × Deployment shop/a port 8080, mTLS of the mesh\n');
});

test('objects that the API server refuses are listed, and the errors of the webhook have a line each', () => {
  const text = renderMeshText(meshOf(readYaml(SHOP.replace('hosts: [shop.example.com]', 'host: [shop.example.com]') + CHANGES_OF_GATEWAY, 'shop.yaml')));
  expect(text).toContain('VirtualService shop/web: refused by the API server: /spec/host: /spec has no field host; its fields: ');
  expect(text).toContain("Gateway edge/none: refused by Istio's webhook: 2 errors occurred:\n  * server config must contain at least one host\n  * port name must be set\n");
});

test('objects that the cluster has are admitted, whatever the API server and the webhook would say of them now', () => {
  const manifests = readYaml(SHOP.replace('hosts: [shop.example.com]', 'hosts: [shop.example.com]\n  more: 1') + CHANGES_OF_GATEWAY, 'shop.yaml');
  const refusedBy = (options?: MeshOptions) => meshOf(manifests, options).refusals.map(({ manifest, pointer, by }) => [manifest.object.kind, pointer, by]);
  expect(refusedBy()).toEqual([['VirtualService', '/spec/more', 'schema'], ['Gateway', '', 'webhook']]);
  expect(refusedBy({ admitted: true })).toEqual([]);
  expect(renderMeshText(meshOf(manifests))).toContain('        no routes: 404\n');
  expect(renderMeshText(meshOf(manifests, { admitted: true }))).toContain('    shop.example.com\n        path /old/*');
});

const CHANGES_OF_GATEWAY = `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: none, namespace: edge }
spec: { servers: [{ port: { number: 80, name: "", protocol: HTTP }, hosts: [] }] }
`;

const unusedBy = (change: (yaml: string) => string) => renderMeshText(meshOf(readYaml(change(SHOP), 'shop.yaml'))).split('\n').filter(line => line.includes('no gateway uses it'));

test.each<[string, (yaml: string) => string, string]>([
  ['a Gateway that does not exist', yaml => yaml.replace('[edge/gateway]', '[gateway]'), 'there is no Gateway shop/gateway'],
  ['exportTo', yaml => yaml.replace('gateways: [edge/gateway]', 'gateways: [edge/gateway]\n  exportTo: ["."]'), 'exportTo . keeps it from the pods of Gateway edge/gateway'],
  ['another host', yaml => yaml.replace('hosts: [shop.', 'hosts: [lost.'), 'no server of Gateway edge/gateway accepts a host of it from its namespace'],
  ['another namespace', yaml => yaml.replace('*/shop', 'other/shop'), 'no server of Gateway edge/gateway accepts a host of it from its namespace'],
  ['routes for another port', yaml => yaml.replace(/ {2}http:[^]*/, '  http: [{ match: [{ port: 81 }], redirect: { uri: / } }]\n'),
    'it has no route for the servers of Gateway edge/gateway: http is for HTTP and terminated TLS, tls for TLS that passes through, tcp for the rest'],
])('a VirtualService that no gateway uses is listed with the reason: %s', (_, change, reason) => {
  expect(unusedBy(change)).toEqual([`VirtualService shop/web: no gateway uses it, because ${reason}`]);
});

test('a VirtualService that a gateway uses, or that is for sidecars, is not listed', () => {
  expect(unusedBy(yaml => yaml)).toEqual([]);
  expect(unusedBy(yaml => yaml.replace('  gateways: [edge/gateway]\n', ''))).toEqual([]);
});

test('JSON has the VirtualServices that no gateway uses', () => {
  const mesh = meshOf(readYaml(SHOP.replace('[edge/gateway]', '[gateway, mesh]'), 'shop.yaml'));
  expect(JSON.parse(renderMeshJson(mesh)).unusedVirtualServices).toMatchObject([{ object: { name: 'web' }, reason: 'no-gateway', gateway: 'shop/gateway' }]);
});

test('objects of the Gateway API are listed, whatever their namespace', () => {
  const route = '{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: web, namespace: shop}, spec: {}}';
  expect(renderMeshText(meshOf(readYaml(route, 'a.yaml'))))
    .toBe('No gateway: no Gateway here selects pods.\n\nHTTPRoute shop/web: not modeled, because it belongs to the Gateway API\n');
});
