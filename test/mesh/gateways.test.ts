// Servers of Gateways that meet on one port. Numbers are those of the rules in Istio's own code, pilot/pkg/model/gateway.go.
import { EDGE, app, endsOf, istio, meshFrom, request } from './small-mesh';

const ROUTE = '{hosts: ["*.example.com"], gateways: [edge/gw, edge/other], http: [{route: [{destination: {host: s1}}]}], '
  + 'tcp: [{route: [{destination: {host: s1, port: {number: 80}}}]}], tls: [{match: [{sniHosts: [tls.example.com]}], route: [{destination: {host: s1, port: {number: 80}}}]}]}';
const gateway = (servers: string, name = 'gw', created = '') => istio('Gateway', name, `{selector: {app: gw}, servers: [${servers}]}`, 'edge', created);
const mesh = (...gateways: readonly string[]) => meshFrom(EDGE, app('s1'), istio('VirtualService', 'vs', ROUTE), ...gateways);
const skipped = (...gateways: readonly string[]) => {
  const own = mesh(...gateways);
  return own.gateway(own.gatewayWorkloads()[0]).merged.skipped.map(({ server, why }) => `${server.portName} ${why}`);
};

const HTTP = '{port: {number: 80, name: http, protocol: HTTP}, hosts: [a.example.com]}';
const TCP = '{port: {number: 80, name: tcp, protocol: TCP}, hosts: [a.example.com]}';
const HTTPS = '{port: {number: 80, name: https, protocol: HTTPS}, hosts: [a.example.com], tls: {mode: SIMPLE, credentialName: c}}';

test('a plaintext server blocks later servers of another kind on its port', () => {
  expect(skipped(gateway([HTTP, TCP].join()))).toEqual(['tcp conflicting-protocol']);
  expect(skipped(gateway([TCP, HTTP].join()))).toEqual(['http conflicting-protocol']);
  expect(skipped(gateway([HTTP, HTTPS].join()))).toEqual(['https conflicting-protocol']);
});

test('behind a TLS server, a plaintext server is still accepted', () => {
  expect(skipped(gateway([HTTPS, HTTP].join()))).toEqual([]);
});

test('hosts of servers with a tls block may not repeat, those of servers with httpsRedirect included', () => {
  const redirecting = (name: string) => `{port: {number: 80, name: ${name}, protocol: HTTP}, hosts: ["*"], tls: {httpsRedirect: true}}`;
  expect(skipped(gateway([redirecting('one'), redirecting('two')].join()))).toEqual(['two duplicate-hosts']);
});

test('the older Gateway comes first, whatever its name', () => {
  expect(skipped(gateway(HTTP, 'gw', '2025-02-01T00:00:00Z'), gateway(TCP, 'other', '2025-01-01T00:00:00Z'))).toEqual(['http conflicting-protocol']);
});

test('a declared port is the port of the Service, and the listener has the port of the pods', () => {
  const own = mesh(gateway(HTTP));
  expect(own.gateway(own.gatewayWorkloads()[0]).listeners(8080).map(({ name }) => name)).toEqual(['0.0.0.0_8080']);
  expect(endsOf(own, 'GET http://a.example.com/')).toEqual(['outbound|80||s1.shop.svc.cluster.local']);
});

test('servers declared as port and as target port share one route table', () => {
  const both = mesh(gateway([HTTP, '{port: {number: 8080, name: http-b, protocol: HTTP}, hosts: [b.example.com]}'].join()));
  expect(endsOf(both, 'GET http://b.example.com/')).toEqual(['outbound|80||s1.shop.svc.cluster.local']);
});

test('a Gateway without selector applies to every gateway', () => {
  const own = meshFrom(EDGE, app('s1'), istio('VirtualService', 'vs', ROUTE), istio('Gateway', 'gw', `{servers: [${HTTP}]}`, 'edge'));
  expect(endsOf(own, 'GET http://a.example.com/')).toEqual(['outbound|80||s1.shop.svc.cluster.local']);
});

test('a server of passthrough routes by server name, and has no listener without a route', () => {
  const passthrough = (host: string) => `{port: {number: 443, name: tls, protocol: TLS}, hosts: ["${host}"], tls: {mode: PASSTHROUGH}}`;
  const tls = (serverName: string) => request('GET https://any.example.com/', { serverName });
  expect(endsOf(mesh(gateway(passthrough('*.example.com'))), tls('tls.example.com'))).toEqual(['outbound|80||s1.shop.svc.cluster.local']);
  expect(endsOf(mesh(gateway(passthrough('*.example.com'))), tls('other.example.com'))).toEqual(['no-filter-chain']);
  expect(endsOf(mesh(gateway(passthrough('*.example.org'))), tls('tls.example.com'))).toEqual(['no-listener']);
});

test('a tls block without mode is passthrough: its certificate and HTTP routes are not used', () => {
  const server = '{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], tls: {credentialName: c}}';
  expect(endsOf(mesh(gateway(server)), request('GET https://a.example.com/'))).toEqual(['no-filter-chain']);
});

test('a TCP server takes the first tcp route', () => {
  const own = mesh(gateway('{port: {number: 9000, name: tcp, protocol: TCP}, hosts: ["*"]}'));
  expect(endsOf(own, request('GET http://a.example.com/', { port: 9000 }))).toEqual(['outbound|80||s1.shop.svc.cluster.local']);
});

test('TLS that the proxy decrypts before a tcp route', () => {
  const own = mesh(gateway('{port: {number: 443, name: tls, protocol: TLS}, hosts: ["*.example.com"], tls: {mode: SIMPLE, credentialName: c}}'));
  expect(endsOf(own, request('GET https://a.example.com/'))).toEqual(['outbound|80||s1.shop.svc.cluster.local']);
  expect(endsOf(own, request('GET https://a.example.org/'))).toEqual(['no-filter-chain']);
});

test('a gateway whose pods are not in the input is assumed where its Service, Istio or the Gateway says', () => {
  const assumed = (selector: string, ...objects: readonly string[]) => meshFrom(app('s1'), istio('VirtualService', 'vs', ROUTE), ...objects,
    istio('Gateway', 'gw', `{selector: ${selector}, servers: [${HTTP}]}`, 'edge')).gatewayWorkloads().map(({ namespace, isAssumed }) => `${namespace} ${isAssumed}`);
  const service = EDGE.slice(0, EDGE.indexOf('---')).replace('namespace: edge', 'namespace: infra');
  expect(assumed('{app: gw}')).toEqual(['edge true']);
  expect(assumed('{istio: ingressgateway}')).toEqual(['istio-system true']);
  expect(assumed('{app: gw}', `${service}---`)).toEqual(['infra true']);
  expect(assumed('{app: gw}', EDGE)).toEqual(['edge undefined']);
  expect(endsOf(meshFrom(app('s1'), istio('VirtualService', 'vs', ROUTE), gateway(HTTP)), 'GET http://a.example.com/')).toEqual(['outbound|80||s1.shop.svc.cluster.local']);
});

test('an assumed gateway has the further labels that the only Service of its pods selects by', () => {
  const labelsFor = (...selectors: readonly string[]) => meshFrom(app('s1'), ...selectors.map((selector, index) => `
apiVersion: v1
kind: Service
metadata: {name: gw-${index}, namespace: infra}
spec: {selector: ${selector}, ports: [{name: http, port: 80, targetPort: 8080}]}
---`), istio('Gateway', 'gw', `{selector: {istio: ingress}, servers: [${HTTP}]}`, 'edge')).gatewayWorkloads().map(({ namespace, labels }) => [namespace, Object.fromEntries(labels)]);
  expect(labelsFor('{app: gw, istio: ingress}')).toEqual([['infra', { app: 'gw', istio: 'ingress' }]]);
  expect(labelsFor('{app: gw, istio: ingress}', '{app: other, istio: ingress}')).toEqual([['edge', { istio: 'ingress' }]]);
  expect(labelsFor('{app: gw, istio: other}')).toEqual([['edge', { istio: 'ingress' }]]);
});
