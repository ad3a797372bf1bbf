// Gateways that pods of the mesh or other gateways call: the request goes on at the gateway.
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../mesh/small-mesh';
import { endOf, endsOf, routes, traceOf } from './small-edge';

const CALL = 'GET http://gw.edge/a via=pod:shop/client';
const ROUTE = istio('VirtualService', 'vs', '{hosts: ["*"], gateways: [edge/gw], http: [{match: [{uri: {prefix: /a}}], route: [{destination: {host: s1}}]}]}');
const inner = (sidecar: boolean, ...more: readonly string[]) => [app('client', 'shop', { sidecar }), EDGE, PLAIN_GATEWAY, app('s1'), ROUTE, ...more];

/** An egress gateway: sidecars send the host to it in mTLS of the mesh, and it sends TLS to the host. */
const EGRESS = [
  app('client', 'shop', { sidecar: true }), app('other', 'shop', { sidecar: true }), EDGE,
  istio('ServiceEntry', 'ext', '{hosts: [api.example.org], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}'),
  istio('Gateway', 'egress', '{selector: {app: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [api.example.org], tls: {mode: ISTIO_MUTUAL}}]}', 'edge'),
  istio('DestinationRule', 'egress', '{host: gw.edge.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: api.example.org}}}'),
  istio('VirtualService', 'egress', '{hosts: [api.example.org], gateways: [mesh, edge/egress], http: ['
    + '{match: [{gateways: [mesh], port: 80}], route: [{destination: {host: gw.edge.svc.cluster.local, port: {number: 443}}}]}, '
    + '{match: [{gateways: [edge/egress]}], rewrite: {authority: b.example.org}, route: [{destination: {host: api.example.org, port: {number: 80}}}]}]}'),
];
const egress = (...more: readonly string[]) => (workload: string) => endsOf([...EGRESS, ...more], `GET http://api.example.org/v1 via=pod:shop/${workload}`);

test.each([true, false])('the routes of the gateway decide for a pod that calls it: with a sidecar %s', sidecar => {
  expect(endsOf(inner(sidecar), CALL)).toBe('s1.shop:80');
  expect(endsOf(inner(sidecar), 'GET http://gw.edge/b via=pod:shop/client')).toBe('404 no route');
});

test('its hops follow those of the pod', () => {
  expect(traceOf(inner(false), CALL).hops.map(({ at, detail }) => `${at}: ${detail}`)).toEqual([
    'cluster: shop/client has no sidecar; gw.edge.svc.cluster.local, without routes of VirtualServices',
    'gateway-listener: 0.0.0.0_8080 of gateway edge/gw, port 80 of the Service', 'filter-chain: plaintext: any server name, plaintext',
    'virtual-host: *:80', 'route: path /a* → outbound|80||s1.shop.svc.cluster.local', 'cluster: outbound|80||s1.shop.svc.cluster.local, LEAST_REQUEST',
    'workload: Deployment shop/s1, port 8080, 1 pod',
  ]);
});

test('a gateway that does not listen closes the connection', () => {
  const end = (sidecar: boolean) => endsOf(inner(sidecar), 'GET http://gw.edge:443/a via=pod:shop/client');
  expect([end(true), end(false)]).toEqual(['closed no listener', 'closed no listener']);
});

test('an egress gateway gets mTLS of the mesh with the name of the rule, and its policies know who calls', () => {
  expect(egress()('client')).toBe('api.example.org:80');
  expect(endOf(EGRESS, 'GET http://api.example.org/v1 via=pod:shop/client')).toMatchObject({ path: '/v1', authority: 'b.example.org' });
  const only = egress(security('AuthorizationPolicy', 'ap', '{selector: {matchLabels: {app: gw}}, rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/client"]}}]}]}', 'edge'));
  expect([only('client'), only('other')]).toEqual(['api.example.org:80', '403 not allowed']);
});

test('without its DestinationRule the egress gateway gets plaintext, for which it has no filter chain', () => {
  expect(endsOf(EGRESS.filter(own => !own.includes('DestinationRule')), 'GET http://api.example.org/v1 via=pod:shop/client')).toBe('503 no filter chain');
});

test('a gateway that sends to itself has no certain end', () => {
  expect(endOf([EDGE, PLAIN_GATEWAY, routes('{route: [{destination: {host: gw.edge.svc.cluster.local, port: {number: 80}}}]}')],
    'GET http://a.example.com/ via=gateway:80'))
    .toMatchObject({ to: 'unsupported', fix: 'The request passes more than 4 gateways.' });
});

test('requests are shared between a gateway and other pods of its Service', () => {
  const pods = EDGE.replaceAll('app: gw,', 'app: gw, tier: web,').replaceAll('selector: {app: gw}', 'selector: {tier: web}');
  const other = app('old', 'edge').replace('labels: {app: old', 'labels: {app: old, tier: web');
  const objects = [app('client', 'shop', { sidecar: true }), pods, other, PLAIN_GATEWAY, app('s1'), ROUTE];
  expect(endsOf(objects, CALL)).toBe('50% s1.shop:80, 50% gw.edge:80');
});

test('a Service that the sidecar does not know gets plaintext, which STRICT pods refuse', () => {
  const hidden = istio('Sidecar', 'default', '{egress: [{hosts: ["./*", "istio-system/*"]}]}');
  const objects = (mode: string) => [
    app('client', 'shop', { sidecar: true }), app('s3', 'other', { sidecar: true }), hidden, security('PeerAuthentication', 'mode', `{mtls: {mode: ${mode}}}`, 'other'),
  ];
  const line = 'GET http://s3.other/ via=pod:shop/client';
  expect(endsOf(objects('PERMISSIVE'), line)).toBe('s3.other:80');
  expect(endOf(objects('STRICT'), line)).toMatchObject({
    to: '503 mTLS', by: { manifest: { object: { kind: 'PeerAuthentication' } } },
    fix: 'Let the client\'s sidecar know the Service, so that it uses mTLS of the mesh: exportTo of the Service, and egress.hosts of the Sidecar. '
      + 'Or let a PeerAuthentication for the pods accept plaintext on the port (portLevelMtls of port 8080, mode PERMISSIVE).',
  });
});

test('a pod without sidecar dials the pods of a headless Service at the port of the Service', () => {
  const headless = (targetPort: number) => [app('client'), app('s1', 'shop', { port: `{name: http, port: 80, targetPort: ${targetPort}}` }).replace('spec: {selector', 'spec: {clusterIP: None, selector')];
  expect(endsOf(headless(80), 'GET http://s1/ via=pod:shop/client')).toBe('s1.shop:80');
  expect(endOf(headless(8080), 'GET http://s1/ via=pod:shop/client')).toMatchObject({
    to: 'closed no endpoint',
    fix: 'Give s1.shop.svc.cluster.local pods that listen on port 80: clients of a headless Service dial its pods at the port of the Service, not at targetPort.',
  });
});

test('a gateway that shows its own certificate refuses mTLS of the mesh', () => {
  const own = EGRESS.map(object => object.replace('tls: {mode: ISTIO_MUTUAL}}', 'tls: {mode: SIMPLE, credentialName: tls}}'));
  expect(endOf(own, 'GET http://api.example.org/v1 via=pod:shop/client')).toMatchObject({ to: '503 no certificate of the mesh', by: { manifest: { object: { kind: 'Gateway' } } } });
});

test('a gateway with a written proxy, which is not injected, gets plaintext', () => {
  const written = EDGE.replace('sidecar.istio.io/inject: "true"', 'sidecar.istio.io/inject: "false"').replace('image: auto', 'image: proxyv2');
  expect(endsOf([app('client', 'shop', { sidecar: true }), written, PLAIN_GATEWAY, app('s1'), ROUTE], CALL)).toBe('s1.shop:80');
});

test('of a client, a second gateway knows what the first one appends', () => {
  const gateways = [EDGE, EDGE.replaceAll('gw', 'gw2').replace('annotations: {', 'annotations: {proxy.istio.io/config: "{gatewayTopology: {numTrustedProxies: 1}}", ')];
  const second = istio('Gateway', 'gw2', '{selector: {app: gw2}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}', 'edge');
  const routesOf = [
    istio('VirtualService', 'first', '{hosts: ["*"], gateways: [edge/gw], http: [{route: [{destination: {host: gw2.edge.svc.cluster.local, port: {number: 80}}}]}]}'),
    istio('VirtualService', 'second', '{hosts: ["*"], gateways: [edge/gw2], http: [{route: [{destination: {host: s1}}]}]}'),
  ];
  const only = security('AuthorizationPolicy', 'ap', '{selector: {matchLabels: {app: gw2}}, rules: [{from: [{source: {remoteIpBlocks: [192.0.2.0/24]}}]}]}', 'edge');
  const end = (more: string) => endsOf([...gateways, PLAIN_GATEWAY, second, ...routesOf, app('s1'), only], `GET http://a.example.com/ via=gateway:edge/gw:80${more}`);
  expect([end(' from=192.0.2.7'), end(' from=198.51.100.7 x-forwarded-for=192.0.2.7'), end(' x-forwarded-for=192.0.2.7')])
    .toEqual(['s1.shop:80', '403 not allowed', 'unsupported: s1.shop:80']);
});
