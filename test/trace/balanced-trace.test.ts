// Traces that enter by a load balancer: which one, and what targets get from it.
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../mesh/small-mesh';
import { GATEWAY_PODS, MESH, SECURE_GATEWAY, endOf, endsOf, ingress, manifests, networkService, path, routes, to, traceOf, yaml } from './small-edge';
import { describeEnds } from '../../src/trace/expectation';
import { trace } from '../../src/trace/trace';

const REST = [SECURE_GATEWAY, routes(`{${to('s1')}}`), app('s1'), app('s2')];
const A = 'GET https://a.example.com/';

describe('several load balancers', () => {
  const other = ingress({ 'backend-protocol': 'HTTP' }, [{ host: 'b.example.com', http: { paths: [path('/', 's2', 80)] } }], 'shop/other');

  test('the one whose rules name the host is chosen', () => {
    expect(endsOf([ingress(), other, ...MESH], A)).toBe('s1.shop:80');
    expect(endsOf([ingress(), other, ...MESH], 'GET https://b.example.com/')).toBe('s2.shop:80');
  });

  test('one whose rules take any host comes after one that names it', () => {
    const any = ingress({ 'backend-protocol': 'HTTP' }, [{ http: { paths: [path('/', 's2', 80)] } }], 'shop/any');
    expect(endsOf([any, ingress(), ...MESH], A)).toBe('s1.shop:80');
    expect(endsOf([any, ingress(), ...MESH], 'GET https://c.example.com/')).toBe('s2.shop:80');
  });

  test('of two that take any host, the one is chosen behind which the host is served', () => {
    const any = [{ http: { paths: [path('/', 'gw')] } }];
    const pods = EDGE.replaceAll('gw', 'gw2');
    const gateway = istio('Gateway', 'gw2', '{selector: {app: gw2}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [b.example.com], '
      + 'tls: {mode: SIMPLE, credentialName: tls}}]}', 'edge');
    const objects = [ingress({}, any), ingress({}, [{ http: { paths: [path('/', 'gw2')] } }], 'edge/other'), pods, gateway, ...MESH];
    expect(endsOf(objects, A)).toBe('s1.shop:80');
  });

  test('a hostname for ExternalDNS names the load balancer', () => {
    const any = (name: string, service: string, hostname: string) => ingress({ 'backend-protocol': 'HTTP', 'external-dns.alpha.kubernetes.io/hostname': hostname },
      [{ http: { paths: [path('/', service, 80)] } }], name);
    const objects = [any('shop/one', 's1', 'one.example.com, uno.example.com'), any('shop/two', 's2', 'two.example.com'), ...MESH];
    expect(endsOf(objects, 'GET https://uno.example.com/')).toBe('s1.shop:80');
    expect(endsOf(objects, 'GET https://two.example.com/')).toBe('s2.shop:80');
  });

  test('where nothing tells them apart, the request names one', () => {
    const objects = [ingress(), ingress({ scheme: 'internet-facing', 'backend-protocol': 'HTTP' }, undefined, 'edge/public'), ...MESH];
    expect(endOf(objects, A)).toMatchObject({ reason: 'several-load-balancers', fix: 'Name one with via=load-balancer:edge/edge.' });
    expect(endsOf(objects, `${A} via=load-balancer:edge/edge`)).toBe('s1.shop:80');
    expect(endsOf(objects, `${A} via=load-balancer:edge/public`)).toBe('502 plaintext to TLS');
    expect(endOf(objects, `${A} via=load-balancer:edge/none`)).toMatchObject({ to: 'closed no load balancer edge/none', fix: 'Use one of edge/edge, edge/public.' });
  });

  test('a refused load balancer is named with the reason', () => {
    const end = endOf([ingress({ 'group.order': 'x' }), ...MESH], A);
    expect(end).toMatchObject({ reason: 'load-balancer-refused', to: 'closed the controller refuses load balancer edge/edge', by: { manifest: { object: { kind: 'Ingress' } } } });
    expect(end.fix).toMatch(/^Correct annotation alb\.ingress\.kubernetes\.io\/group\.order of Ingress edge\/edge: it must be .*\.$/);
    const part = endOf([ingress({ 'mutual-authentication': '[{"port":443,"mode":"verify"}]' }), ...MESH], A);
    expect(part.fix).toMatch(/^Correct annotation \S+\/mutual-authentication of Ingress edge\/edge: \[0\]\.trustStore must be the ARN or name of a trust store/);
  });

  test('an object that the API server refuses never reaches the controller', () => {
    const untyped = ingress().replace('pathType: Prefix', '').replace(/"pathType":"Prefix",?/, '');
    const end = endOf([untyped, ...MESH], A);
    expect(end).toMatchObject({ reason: 'load-balancer-refused', to: 'closed the API server refuses Ingress edge/edge' });
    expect(end.fix).toBe('Correct spec.rules.0.http.paths.0.pathType of Ingress edge/edge: it is required: one of Exact, Prefix, ImplementationSpecific.');
  });
});

describe('the client address', () => {
  const trusting = (count: number) => GATEWAY_PODS.replace('annotations: {', `annotations: {proxy.istio.io/config: "{gatewayTopology: {numTrustedProxies: ${count}}}", `);
  const service = EDGE.slice(0, EDGE.indexOf('---') + 4);
  const only = security('AuthorizationPolicy', 'ap', '{rules: [{from: [{source: {remoteIpBlocks: [192.0.2.0/24]}}]}]}', 'edge');
  const objects = (count: number, annotations = {}) => [ingress(annotations), service, trusting(count), ...REST, only];

  test('a gateway that trusts one proxy sees the address that the load balancer appends', () => {
    expect(endsOf(objects(1), `${A} from=192.0.2.7`)).toBe('s1.shop:80');
    expect(endsOf(objects(1), `${A} from=198.51.100.7`)).toBe('403 not allowed');
    expect(endsOf(objects(1), `${A} from=198.51.100.7 x-forwarded-for=192.0.2.7`)).toBe('403 not allowed');
  });

  test('the security group of the load balancer lets in what inbound-cidrs say', () => {
    const only = [ingress({ 'ip-address-type': 'dualstack', 'inbound-cidrs': '203.0.113.0/24,2001:db8::/32' }), ...MESH];
    expect(endOf(only, `${A} from=198.51.100.7`)).toMatchObject({
      to: 'closed 198.51.100.7 not let in', fix: 'Add the address to inbound-cidrs (203.0.113.0/24), or send the request from one of them.',
    });
    expect(['203.0.113.9', '2001:db8::1'].map(from => endsOf(only, `${A} from=${from}`))).toEqual(['s1.shop:80', 's1.shop:80']);
    expect(endsOf(only, `${A} from=2001:db9::1`)).toBe('closed 2001:db9::1 not let in');
    expect(endsOf(only, A)).toBe('s1.shop:80');
  });

  test('one that trusts two believes what the client says of itself', () => {
    expect(endsOf(objects(2), `${A} from=198.51.100.7 x-forwarded-for=192.0.2.7`)).toBe('s1.shop:80');
  });

  test('without from=, or without a trusted proxy, the policy is undecided', () => {
    expect(endOf(objects(1), A)).toMatchObject({ kind: 'unsupported', to: 'unsupported: s1.shop:80', fix: expect.stringContaining('AuthorizationPolicy edge/ap') });
    expect(endOf(objects(0), `${A} from=192.0.2.7`)).toMatchObject({ kind: 'unsupported' });
  });

  test('a load balancer that removes or preserves x-forwarded-for appends nothing', () => {
    const mode = (value: string) => ({ 'load-balancer-attributes': `routing.http.xff_header_processing.mode=${value}` });
    expect(endsOf(objects(1, mode('preserve')), `${A} from=198.51.100.7 x-forwarded-for=192.0.2.7`)).toBe('s1.shop:80');
    expect(endOf(objects(1, mode('remove')), `${A} from=192.0.2.7`)).toMatchObject({ kind: 'unsupported' });
  });

  test('an address with a port is none, so that the gateway takes that of the load balancer, which is not known', () => {
    const withPort = { 'load-balancer-attributes': 'routing.http.xff_client_port.enabled=true' };
    expect(endOf(objects(1, withPort), `${A} from=192.0.2.7`)).toMatchObject({
      kind: 'unsupported', fix: expect.stringContaining('the address that the Application Load Balancer connects from'),
    });
  });
});

test('x-forwarded-proto of the load balancer reaches a gateway that trusts it, so httpsRedirect loops with HTTP behind the load balancer otherwise', () => {
  const redirecting = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"], tls: {httpsRedirect: true}}]}', 'edge');
  const objects = (pods: string) => [ingress({ 'backend-protocol': 'HTTP' }, [{ http: { paths: [path('/', 'gw', 80)] } }]), EDGE.slice(0, EDGE.indexOf('---') + 4), pods, redirecting,
    routes(`{${to('s1')}}`), app('s1')];
  const trusting = GATEWAY_PODS.replace('annotations: {', 'annotations: {proxy.istio.io/config: "{gatewayTopology: {numTrustedProxies: 1}}", ');
  expect(endsOf(objects(GATEWAY_PODS), A)).toBe('301 redirect loop: https://a.example.com/ → https://a.example.com/');
  expect(endsOf(objects(trusting), A)).toBe('s1.shop:80');
  expect(describeEnds(trace(manifests(...objects(GATEWAY_PODS)), A, { follow: true }).ends)).toBe(`closed redirect loop: ${A.slice(4)} → ${A.slice(4)}`);
  expect(endsOf(objects(trusting), 'GET http://a.example.com/')).toBe('301 https://a.example.com/');
  expect(traceOf(objects(GATEWAY_PODS), A).ends[0].fix).toContain('numTrustedProxies');
  const moved = routes('{match: [{uri: {prefix: /api}}], redirect: {uri: /api}}');
  const { to: end, fix } = traceOf([ingress(), EDGE, SECURE_GATEWAY, moved], `${A}api`).ends[0];
  expect([end, fix]).toEqual([
    '301 redirect loop: https://a.example.com/api → https://a.example.com/api', 'Remove the redirect, or let its route or rule match only requests that are not yet where it leads.',
  ]);
});

test('a gateway that demands client certificates gets none from a load balancer: 502', () => {
  const mutual = SECURE_GATEWAY.replace('SIMPLE', 'MUTUAL');
  const objects = [ingress(), EDGE, mutual, routes(`{${to('s1')}}`), app('s1')];
  expect(endsOf(objects, `${A} cert`)).toBe('502 no client certificate');
  expect(traceOf(objects, `${A} cert`).ends[0].fix).toMatch(/^Give the server of the gateway tls\.mode SIMPLE: /);
  expect(endsOf(objects, `${A} cert via=gateway:443`)).toBe('s1.shop:80');
  expect(endsOf(objects, `${A} via=gateway:443`)).toBe('closed no client certificate');
});

test('pods behind the load balancer that demand mTLS close the connection: 502', () => {
  const strict = security('PeerAuthentication', 'strict', '{mtls: {mode: STRICT}}');
  const objects = (protocol: string) => [ingress({ 'backend-protocol': protocol }, [{ http: { paths: [path('/', 's1', 80)] } }], 'shop/edge'), app('s1', 'shop', { sidecar: true }), strict];
  expect(endOf(objects('HTTP'), A)).toMatchObject({ to: '502 mTLS', status: 502, by: { manifest: { object: { metadata: { name: 'strict' } } } } });
  expect(endsOf(objects('HTTPS'), A)).toBe('502 mTLS');
});

test('TLS to pods fails where their port declares HTTP', () => {
  const objects = (port: string) => [ingress({}, [{ http: { paths: [path('/', 's1', 80)] } }], 'shop/edge'), app('s1', 'shop', { port })];
  expect(endsOf(objects('{name: http, port: 80, targetPort: 8080}'), A)).toBe('502 TLS to a plaintext port');
  expect(endsOf(objects('{name: https, port: 80, targetPort: 8080}'), A)).toBe('s1.shop:80');
});

test('pods of several workloads share the requests by their number', () => {
  const more = app('s1').replace('kind: Deployment\nmetadata: {name: s1,', 'kind: Deployment\nmetadata: {name: s1-canary,').replace('spec:\n  template', 'spec:\n  replicas: 3\n  template');
  const [, deployment] = more.split('---');
  const strict = security('PeerAuthentication', 'strict', '{mtls: {mode: STRICT}}');
  const objects = [ingress({ 'backend-protocol': 'HTTP' }, [{ http: { paths: [path('/', 's1', 80)] } }], 'shop/edge'), app('s1'), deployment.replace('inject: "false"', 'inject: "true"'), strict];
  expect(endsOf(objects, A)).toBe('25% s1.shop:80, 75% 502 mTLS');
});

describe('Network Load Balancer', () => {
  const PORTS = [{ name: 'https', port: 443, targetPort: 8443 }, { name: 'http', port: 80, targetPort: 8080 }];
  const both = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [a.example.com], tls: {mode: SIMPLE, credentialName: tls}}, '
    + '{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}', 'edge');
  const objects = (annotations = {}) => [networkService(annotations, PORTS), GATEWAY_PODS, both, routes(`{${to('s1')}}`), app('s1')];
  const TERMINATING = { 'ssl-cert': 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000', 'ssl-ports': '443' };

  test('TCP passes on TLS with its server name, and plaintext', () => {
    expect(endsOf(objects(), A)).toBe('s1.shop:80');
    expect(endsOf(objects(), `${A} sni=b.example.com`)).toBe('closed no filter chain');
    expect(endsOf(objects(), 'GET http://a.example.com/')).toBe('s1.shop:80');
    expect(endsOf(objects(), 'GET http://a.example.com:443/')).toBe('closed no filter chain');
    expect(endsOf(objects(), 'GET http://a.example.com:81/')).toBe('closed no listener on port 81');
  });

  test('TLS is terminated, and the targets get plaintext, or TLS without server name', () => {
    expect(endsOf(objects(TERMINATING), A)).toBe('closed no filter chain');
    expect(endsOf(objects({ ...TERMINATING, 'backend-protocol': 'ssl' }), A)).toBe('closed no filter chain');
    expect(endsOf(objects(TERMINATING), 'GET http://a.example.com:443/')).toBe('closed plain HTTP sent to a TLS listener');
    const any = [networkService({ ...TERMINATING, 'backend-protocol': 'ssl' }, PORTS), GATEWAY_PODS, ...REST];
    expect(endsOf(any, A)).toBe('s1.shop:80');
  });

  test('client certificates pass with TCP, and are lost where TLS is terminated', () => {
    const mutual = (annotations = {}) => [networkService(annotations, PORTS), GATEWAY_PODS, SECURE_GATEWAY.replace('SIMPLE', 'MUTUAL'), routes(`{${to('s1')}}`), app('s1')];
    expect(endsOf(mutual(), `${A} cert`)).toBe('s1.shop:80');
    expect(endsOf(mutual({ ...TERMINATING, 'backend-protocol': 'ssl' }), `${A} cert`)).toBe('closed no client certificate');
  });

  test('client addresses are kept for target type instance, and for ip on request', () => {
    const only = security('AuthorizationPolicy', 'ap', '{rules: [{from: [{source: {ipBlocks: [192.0.2.0/24]}}]}]}', 'edge');
    const ends = (annotations: object) => endsOf([...objects(annotations), only], `${A} from=198.51.100.7`);
    expect(ends({ 'nlb-target-type': 'instance' })).toBe('403 not allowed');
    expect(ends({ 'nlb-target-type': 'ip' })).toBe('unsupported: s1.shop:80');
    expect(ends({ 'nlb-target-type': 'ip', 'target-group-attributes': 'preserve_client_ip.enabled=true' })).toBe('403 not allowed');
  });

  test('the PROXY protocol is not modeled', () => {
    expect(endOf(objects({ 'proxy-protocol': '*' }), A)).toMatchObject({ kind: 'unsupported', fix: expect.stringContaining('PROXY protocol') });
  });

  test('a listener for UDP takes no request', () => {
    const udp = [networkService({}, [{ name: 'quic', port: 443, targetPort: 8443, protocol: 'UDP' }]), GATEWAY_PODS, ...REST];
    expect(endsOf(udp, A)).toBe('closed no listener on port 443');
  });

  test('one in front of an Application Load Balancer passes connections to its listeners', () => {
    const { hops, ends } = traceOf([ingress({ 'enable-frontend-nlb': 'true', 'frontend-nlb-listener-port-mapping': '8443=443' }), ...MESH], 'GET https://a.example.com:8443/');
    expect(ends).toMatchObject([{ to: 's1.shop:80' }]);
    expect(hops.slice(0, 2).map(({ detail }) => detail)).toEqual(['TCP:8443 of Network Load Balancer edge/edge', 'HTTPS:443 of load balancer edge/edge']);
    expect(endsOf([ingress({ 'enable-frontend-nlb': 'true' }), ...MESH], A)).toBe('s1.shop:80');
  });
});

test('a Service whose pods have no replica has no targets', () => {
  const none = yaml({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 's3', namespace: 'shop' },
    spec: { replicas: 0, template: { metadata: { labels: { app: 's3' } }, spec: { containers: [{ name: 'app' }] } } } });
  const service = yaml({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's3', namespace: 'shop' }, spec: { selector: { app: 's3' }, ports: [{ port: 80 }] } });
  const end = endOf([ingress({}, [{ http: { paths: [path('/', 's3', 80)] } }], 'shop/edge'), service, none], A);
  expect(end).toMatchObject({ to: '503 no targets', reason: 'no-targets', status: 503, by: { manifest: { object: { kind: 'Service' } } } });
});

test('a gateway of plaintext behind plaintext', () => {
  const objects = [ingress({ 'backend-protocol': 'HTTP' }, [{ http: { paths: [path('/', 'gw', 80)] } }]), EDGE, PLAIN_GATEWAY, routes(`{${to('s1')}}`), app('s1')];
  expect(endsOf(objects, A)).toBe('s1.shop:80');
});
