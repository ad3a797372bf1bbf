// Every way to die, as the client of the load balancer sees it.
import { type Death } from '../../src/trace/hops/trace-end';
import { trace } from '../../src/trace/trace';
import { describeEnds } from '../../src/trace/expectation';
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../mesh/small-mesh';
import { MESH, SECURE_GATEWAY, endOf, endsOf, ingress, manifests, path, routes, to, yaml } from './small-edge';

const OIDC = '{"issuer":"https://id.example.com","authorizationEndpoint":"https://id.example.com/authorize","tokenEndpoint":"https://id.example.com/token",'
  + '"userInfoEndpoint":"https://id.example.com/me","secretName":"oidc"}';
const JWT = '{"jwksEndpoint":"https://id.example.com/jwks","issuer":"https://id.example.com"}';
const server = (own: string) => istio('Gateway', 'gw', `{selector: {app: gw}, servers: [${own}]}`, 'edge');
const HTTPS = 'port: {number: 443, name: https, protocol: HTTPS}';
const behind = (...objects: readonly string[]) => [ingress(), EDGE, SECURE_GATEWAY, app('s1'), app('s2'), ...objects];
const mesh = (http: string, ...more: readonly string[]) => behind(routes(http), ...more);
const meshWithSidecar = (...more: readonly string[]) => [ingress(), EDGE, SECURE_GATEWAY, app('s1', 'shop', { sidecar: true }), routes(`{${to('s1')}}`), ...more];
const TOKENS = security('RequestAuthentication', 'jwt', '{jwtRules: [{issuer: "https://id.example.com", audiences: [shop]}]}', 'edge');
const policy = (spec: string) => security('AuthorizationPolicy', 'ap', spec, 'edge');
const withoutPods = yaml({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's3', namespace: 'shop' }, spec: { selector: { app: 's3' }, ports: [{ port: 80, name: 'http' }] } });
const A = 'GET https://a.example.com/cart';

/** Objects and a request that dies so, and how the end reads. */
const CASES: Readonly<Record<Death, readonly [objects: readonly string[], line: string, end: string]>> = {
  'no-load-balancer': [MESH, A, 'closed no load balancer'],
  'several-load-balancers': [[ingress(), ingress({ scheme: 'internet-facing' }, undefined, 'edge/other'), ...MESH], A,
    'closed several load balancers may serve a.example.com: edge/edge, edge/other'],
  'load-balancer-refused': [[ingress({ 'group.order': 'x' }), ...MESH], A, 'closed the controller refuses load balancer edge/edge'],
  'no-alb-listener': [[ingress(), ...MESH], 'GET https://a.example.com:8443/', 'closed no listener on port 8443'],
  'wrong-scheme': [[ingress(), ...MESH], 'GET http://a.example.com:443/', '400 plain HTTP sent to an HTTPS listener'],
  'no-rule': [[ingress(), ...MESH], 'GET https://b.example.com/', '404 no rule'],
  'no-client-certificate': [[ingress({ 'mutual-authentication': '[{"port":443,"mode":"verify","trustStore":"arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/ts/0123456789abcdef"}]' }),
    ...MESH], A, 'closed no client certificate'],
  'login': [[ingress({ 'auth-type': 'oidc', 'auth-idp-oidc': OIDC, 'auth-on-unauthenticated-request': 'deny' }), ...MESH], A, '401 login required'],
  'invalid-token': [[ingress({ 'jwt-validation': JWT }), ...MESH], A, '401 invalid token'],
  'wrong-audience': [mesh(`{${to('s1')}}`, TOKENS), `${A} claims={"iss":"https://id.example.com","aud":"other"}`, '403 wrong audience'],
  'protocol-version': [[ingress({ 'backend-protocol-version': 'GRPC' }), ...MESH], A, '464 GET to a target group for gRPC'],
  'no-targets': [[ingress({}, [{ http: { paths: [path('/', 's3', 80)] } }], 'shop/edge'), withoutPods], A, '503 no targets'],
  'no-gateway': [MESH, `${A} via=gateway:edge/other:443`, 'closed no gateway'],
  'no-listener': [behind().map(one => (one === SECURE_GATEWAY ? PLAIN_GATEWAY : one)), A, '502 no listener'],
  'no-filter-chain': [[ingress(), EDGE, server(`{${HTTPS}, hosts: [a.example.com], tls: {mode: SIMPLE, credentialName: tls}}`)], A, '502 no filter chain'],
  'no-certificate': [[ingress(), ...MESH], A, '502 no certificate'],
  'plaintext-to-tls': [[ingress({ 'backend-protocol': 'HTTP' }), ...MESH], A, '502 plaintext to TLS'],
  'tls-to-plaintext': [[ingress(), EDGE, server('{port: {number: 443, name: http, protocol: HTTP}, hosts: ["*"]}')], A, '502 TLS to plaintext'],
  'codec-error': [[ingress(), ...MESH], 'TRACE https://a.example.com/', '405 TRACE'],
  'low-version': [MESH, `${A} via=gateway:443 http=1.0`, '426 HTTP/1.0'],
  'no-virtual-host': [[ingress(), EDGE, SECURE_GATEWAY], A, '404 no virtual host'],
  'no-route': [mesh(`{match: [{uri: {exact: /other}}], ${to('s1')}}`), A, '404 no route'],
  'unsupported-action': [mesh('{redirect: {uri: /new, redirectCode: 304}}'), A, '404 unknown redirect code'],
  'no-cluster': [mesh(`{${to('s1.shop')}}`), A, '503 no cluster'],
  'no-endpoint': [mesh(`{${to('s3')}}`, withoutPods), A, '503 no endpoint'],
  'mtls': [meshWithSidecar(security('PeerAuthentication', 'strict', '{mtls: {mode: STRICT}}'), istio('DestinationRule', 's1', '{host: s1, trafficPolicy: {tls: {mode: DISABLE}}}')),
    A, '503 mTLS'],
  'upstream-tls': [mesh(`{${to('s1')}}`, istio('DestinationRule', 's1', '{host: s1, trafficPolicy: {tls: {mode: SIMPLE}}}')), A, '503 TLS to a plaintext port'],
  'denied': [mesh(`{${to('s1')}}`, policy('{action: DENY, rules: [{to: [{operation: {paths: ["/cart*"]}}]}]}')), A, '403 denied'],
  'not-allowed': [mesh(`{${to('s1')}}`, policy('{rules: [{to: [{operation: {paths: [/other]}}]}]}')), A, '403 not allowed'],
  'redirect-loop': [mesh('{redirect: {uri: /cart}}'), A, 'closed redirect loop: https://a.example.com/cart → https://a.example.com/cart'],
};

test.each(Object.entries(CASES))('%s', (reason, [objects, line, text]) => {
  const { ends } = trace(manifests(...objects), line, { follow: reason === 'redirect-loop', complete: reason === 'no-certificate' });
  expect(describeEnds(ends)).toBe(text);
  expect(ends).toMatchObject([{ kind: 'refused', reason, probability: 1, fix: expect.stringMatching(/^[A-Z].*\.$/s) }]);
  const [{ status }] = ends;
  expect(text.startsWith(status === undefined ? 'closed ' : `${status} `)).toBe(true);
});

test('the same deaths without a load balancer close the connection, where a load balancer makes 502 of them', () => {
  for (const reason of ['no-listener', 'tls-to-plaintext', 'no-filter-chain'] as const) {
    const [objects, line] = CASES[reason];
    expect(endsOf(objects, `${line} via=gateway:443`)).toMatch(/^closed /);
  }
});

test('a token of an issuer that the gateway does not trust is 401, and the policy that refuses it is named', () => {
  const end = endOf(mesh(`{${to('s1')}}`, TOKENS), `${A} claims={"iss":"https://other.example.com"}`);
  expect(end).toMatchObject({ to: '401 invalid token', status: 401, by: { manifest: { object: { metadata: { name: 'jwt' } } } } });
});

test('deaths at the sidecar of a workload name its policy', () => {
  const ofWorkload = (spec: string) => security('AuthorizationPolicy', 'own', spec);
  const denied = endOf(meshWithSidecar(ofWorkload('{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}')), A);
  expect(denied).toMatchObject({ to: '403 denied', reason: 'denied', host: 's1.shop.svc.cluster.local', by: { manifest: { object: { metadata: { name: 'own' } } } } });
  expect(endsOf(meshWithSidecar(ofWorkload('{}')), A)).toBe('403 not allowed');
});
