// Redirects, rewrites and header operations, as Envoy performs them.
import { type MeshRequest } from '../../src/trace/request';
import { walk } from '../../src/trace/walk';
import { UNKNOWN_VALUE } from '../../src/trace/policies/unknown-values';
import { EDGE, PLAIN_GATEWAY, app, endsOf, istio, meshFrom, request } from '../mesh/small-mesh';

const vs = (route: string, name = 'vs', created = '') => istio('VirtualService', name, `{hosts: [a.example.com], gateways: [edge/gw, edge/secure], http: [${route}]}`, 'shop', created);
const SECURE = istio('Gateway', 'secure', '{selector: {app: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], tls: {mode: SIMPLE, credentialName: c}}]}', 'edge');
const mesh = (...routes: readonly string[]) => meshFrom(EDGE, PLAIN_GATEWAY, SECURE, app('s1'), app('s2'), ...routes);
const sent = (route: string, line: string, more: Partial<MeshRequest> = {}) => {
  const [end] = walk(mesh(vs(route)), request(line, more)).ends;
  return end.is === 'cluster' ? end.request! : undefined;
};

test.each([
  ['{uri: /new}', 'GET http://a.example.com/old?q=1', '301 http://a.example.com/new?q=1'],
  ['{uri: "/new?x=2"}', 'GET http://a.example.com/old?q=1', '301 http://a.example.com/new?x=2'],
  ['{authority: b.example.com, redirectCode: 308}', 'GET http://a.example.com:80/old', '308 http://b.example.com/old'],
  ['{scheme: https}', 'GET http://a.example.com:80/old', '301 https://a.example.com/old'],
  ['{scheme: https}', 'GET http://a.example.com:8080/old', '301 https://a.example.com:8080/old'],
  ['{port: 8443, scheme: https}', 'GET http://a.example.com:80/old', '301 https://a.example.com:8443/old'],
  ['{port: 443, scheme: https}', 'GET http://a.example.com/old', '301 https://a.example.com/old'],
  ['{derivePort: FROM_REQUEST_PORT}', 'GET http://a.example.com:8080/old', '301 http://a.example.com:8080/old'],
  ['{authority: a.example.com, redirectCode: 302}', 'GET https://a.example.com/old', '302 https://a.example.com/old'],
  ['{scheme: http, redirectCode: 304}', 'GET http://a.example.com/old', '404 unsupported-action'],
])('redirect %s of %s', (redirect, line, expected) => {
  expect(endsOf(mesh(vs(`{redirect: ${redirect}}`)), line)).toEqual([expected]);
});

test('header operations: remove, then set, then add', () => {
  const { headers } = sent('{headers: {request: {remove: [x-a], set: {x-b: "1"}, add: {x-b: "2", x-c: "3"}}}, route: [{destination: {host: s1}}]}',
    'GET http://a.example.com/', { headers: { 'X-A': '0', 'x-b': '0', 'x-c': '0' } })!;
  expect(Object.fromEntries(headers)).toEqual({ 'x-b': '1,2', 'x-c': '0,3', 'x-forwarded-proto': 'http', 'x-request-id': UNKNOWN_VALUE });
});

test('of a set on the route and on the destination, the destination wins if it is alone, and the route if it is not', () => {
  const own = (more: string) => sent(`{headers: {request: {set: {x: route}}}, route: [{destination: {host: s1}, weight: 1, headers: {request: {set: {x: own, host: own}}}}${more}]}`,
    'GET http://a.example.com/')!;
  expect(own('').headers.get('x')).toBe('own');
  expect(own(', {destination: {host: s2}, weight: 1}').headers.get('x')).toBe('route');
  expect(own('').authority).toBe('own');
  expect(own(', {destination: {host: s2}, weight: 1}').authority).toBe('own');
});

test('the authority of a rewrite or of a header; the webhook admits one of them', () => {
  const route = (more: string) => `{${more}, route: [{destination: {host: s1}}]}`;
  expect(sent(route('rewrite: {authority: x}'), 'GET http://a.example.com/')!.authority).toBe('x');
  expect(sent(route('headers: {request: {set: {host: "y"}}}'), 'GET http://a.example.com/')!.authority).toBe('y');
  expect(sent(route('rewrite: {authority: x}, headers: {request: {set: {host: "y"}}}'), 'GET http://a.example.com/')).toBeUndefined();
});

test('uriRegexRewrite replaces every occurrence', () => {
  const rewrite = '{uriRegexRewrite: {match: "/v([0-9])", rewrite: "/\\\\1v"}}';
  expect(sent(`{rewrite: ${rewrite}, route: [{destination: {host: s1}}]}`, 'GET http://a.example.com/v1/v2/x?q=/v3')!.target).toBe('/1v/2v/x?q=/v3');
});

test('a fault for a part of the requests leaves the rest to the destinations', () => {
  expect(endsOf(mesh(vs('{fault: {abort: {httpStatus: 503, percentage: {value: 50}}}, route: [{destination: {host: s1}, weight: 1}, {destination: {host: s2}, weight: 3}]}')), 'GET http://a.example.com/'))
    .toEqual(['503 fault 50%', 'outbound|80||s1.shop.svc.cluster.local 12.5%', 'outbound|80||s2.shop.svc.cluster.local 37.5%']);
});

test('routes of VirtualServices whose age is unknown are reported where their order decides', () => {
  const two = (created: string) => walk(mesh(vs('{name: one, match: [{uri: {prefix: /a}}], route: [{destination: {host: s1}}]}', 'aa', created),
    vs('{name: two, match: [{uri: {prefix: /a/b}}], route: [{destination: {host: s2}}]}', 'bb', created)), request('GET http://a.example.com/a/b'));
  expect(two('').undefinedOrder!.map(({ route }) => route.name)).toEqual(['two']);
  expect(two('2025-01-01T00:00:00Z').undefinedOrder).toBeUndefined();
  expect(walk(mesh(vs('{name: one, match: [{uri: {prefix: /a}}], route: [{destination: {host: s1}}]}', 'aa'), vs('{name: all, route: [{destination: {host: s2}}]}', 'bb')),
    request('GET http://a.example.com/a')).undefinedOrder).toBeUndefined();
});

test('a token that a gateway validates is not forwarded unless the rule says so', () => {
  const jwt = (more: string) => istio('RequestAuthentication', 'jwt', `{jwtRules: [{issuer: iss${more}}]}`, 'edge').replace('networking', 'security');
  const token = { claims: { iss: 'iss' }, isValid: true };
  const forwarded = (...objects: readonly string[]) => {
    const [end] = walk(mesh(vs('{route: [{destination: {host: s1}}]}'), ...objects), request('GET http://a.example.com/', { token })).ends;
    return end.is === 'cluster' && end.request!.token !== undefined;
  };
  expect([forwarded(), forwarded(jwt('')), forwarded(jwt(', forwardOriginalToken: true'))]).toEqual([true, false, true]);
});
