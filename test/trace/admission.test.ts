// The gateway's own policies: tokens, DENY and ALLOW, before any route.
import { readYaml } from '../../src/manifests/yaml';
import { parseRequest } from '../../src/trace/client-request';
import { type MeshRequest } from '../../src/trace/request';
import { trace } from '../../src/trace/trace';
import { matchesTemplate } from '../../src/trace/policies/path-template';
import { walk } from '../../src/trace/walk';
import { UNKNOWN_VALUE } from '../../src/trace/policies/unknown-values';
import { EDGE, PLAIN_GATEWAY, app, endsOf, istio, meshFrom, request, security } from '../mesh/small-mesh';

const ROUTE = istio('VirtualService', 'vs', '{hosts: [a.example.com], gateways: [edge/gw], http: [{name: admin, match: [{headers: {"@request.auth.claims.groups": {exact: admin}}}], '
  + 'route: [{destination: {host: s2}}]}, {name: rest, route: [{destination: {host: s1}}]}]}');
const S1 = 'outbound|80||s1.shop.svc.cluster.local';
const mesh = (...objects: readonly string[]) => meshFrom(EDGE, PLAIN_GATEWAY, app('s1'), app('s2'), ROUTE, ...objects);
const policy = (spec: string, namespace = 'edge') => security('AuthorizationPolicy', `ap-${spec.length}`, spec, namespace);
const ends = (spec: string, more: Partial<MeshRequest> = {}, line = 'GET http://a.example.com/p?q=1') => endsOf(mesh(policy(spec)), request(line, more));
const SELECT = 'selector: {matchLabels: {app: gw}}, ';

test.each<[string, string, Partial<MeshRequest>, string[]]>([
  ['path without query', `{${SELECT}action: DENY, rules: [{to: [{operation: {paths: [/p]}}]}]}`, {}, ['403 denied']],
  ['path by prefix', `{${SELECT}rules: [{to: [{operation: {paths: ["/p*"]}}]}]}`, {}, [S1]],
  ['another method', `{${SELECT}rules: [{to: [{operation: {methods: [POST]}}]}]}`, {}, ['403 not-allowed']],
  ['host in another letter case', `{${SELECT}rules: [{to: [{operation: {hosts: [A.Example.com]}}]}]}`, {}, [S1]],
  ['host with a port that the policy does not know', `{${SELECT}rules: [{to: [{operation: {hosts: [a.example.com]}}]}]}`, { authority: 'a.example.com:80' }, ['403 not-allowed']],
  ['port of the listener', `{${SELECT}rules: [{to: [{operation: {ports: ["8080"]}}]}]}`, {}, [S1]],
  ['declared port', `{${SELECT}rules: [{to: [{operation: {ports: ["80"]}}]}]}`, {}, ['403 not-allowed']],
  ['a header that is missing', `{${SELECT}action: DENY, rules: [{when: [{key: "request.headers[x-a]", notValues: [b]}]}]}`, {}, ['403 denied']],
  ['a header', `{${SELECT}rules: [{when: [{key: "request.headers[X-A]", values: [b]}]}]}`, { headers: { 'x-a': 'b' } }, [S1]],
  ['address of the peer', `{${SELECT}rules: [{from: [{source: {ipBlocks: [10.0.0.0/8]}}]}]}`, { from: '10.1.2.3' }, [S1]],
  ['address of another peer', `{${SELECT}rules: [{from: [{source: {remoteIpBlocks: [10.0.0.0/8]}}]}]}`, { from: '192.0.2.1' }, ['403 not-allowed']],
  ['a client without certificate', `{${SELECT}action: DENY, rules: [{from: [{source: {notPrincipals: ["*"]}}]}]}`, {}, ['403 denied']],
  ['a request without token', `{${SELECT}action: DENY, rules: [{from: [{source: {notRequestPrincipals: ["*"]}}]}]}`, {}, ['403 denied']],
  ['a rule with a key that Istio does not know is skipped', `{${SELECT}action: DENY, rules: [{when: [{key: source.unknown, values: [x]}]}]}`, {}, [S1]],
  ['all of source, operation and conditions', `{${SELECT}action: DENY, rules: [{to: [{operation: {methods: [GET]}}], when: [{key: "request.headers[x-a]", values: [b]}]}]}`, {}, [S1]],
  ['DENY without rules', `{${SELECT}action: DENY}`, {}, [S1]],
  ['a policy for other pods', '{selector: {matchLabels: {app: other}}}', {}, [S1]],
  ['a policy for a gateway of the Gateway API', '{targetRefs: [{kind: Gateway, name: gw}]}', {}, [S1]],
])('%s', (_, spec, more, expected) => {
  expect(ends(spec, more)).toEqual(expected);
});

test('a policy of the root namespace applies to gateways in all namespaces', () => {
  expect(endsOf(mesh(policy('{action: DENY, rules: [{}]}', 'istio-system')), 'GET http://a.example.com/')).toEqual(['403 denied']);
  expect(endsOf(mesh(policy('{action: DENY, rules: [{}]}', 'shop')), 'GET http://a.example.com/')).toEqual([S1]);
});

test('a denial comes before redirects and before 404', () => {
  expect(ends('{action: DENY, rules: [{}]}', {}, 'GET http://unknown.example.com/')).toEqual(['403 denied']);
});

test.each<[string, string, string[]]>([
  ['a DENY rule loses its path and closes every connection', '{action: DENY, rules: [{to: [{operation: {paths: [/admin]}}]}]}', ['denied']],
  ['an ALLOW rule with a path allows no connection', '{rules: [{to: [{operation: {paths: [/]}}]}]}', ['not-allowed']],
  ['a rule by port', '{action: DENY, rules: [{to: [{operation: {ports: ["8443"]}}]}]}', ['denied']],
  ['a rule by another server name', '{action: DENY, rules: [{when: [{key: connection.sni, values: [b.example.com]}]}]}', [S1]],
  ['no policy for it', '{selector: {matchLabels: {app: other}}, action: DENY, rules: [{}]}', [S1]],
])('TLS that the gateway passes on: %s', (_, spec, expected) => {
  const pass = [
    istio('Gateway', 'pass', '{selector: {app: gw}, servers: [{port: {number: 443, name: tls, protocol: TLS}, hosts: [a.example.com], tls: {mode: PASSTHROUGH}}]}', 'edge'),
    istio('VirtualService', 'pass', '{hosts: [a.example.com], gateways: [edge/pass], tls: [{match: [{sniHosts: [a.example.com]}], route: [{destination: {host: s1, port: {number: 80}}}]}]}'),
  ];
  expect(endsOf(meshFrom(EDGE, app('s1'), ...pass, policy(spec)), request('GET https://a.example.com/', { serverName: 'a.example.com' }))).toEqual(expected);
});

test('TLS to a server without TLS is no request', () => {
  const plain = istio('Gateway', 'plain', '{selector: {app: gw}, servers: [{port: {number: 443, name: http, protocol: HTTP}, hosts: [a.example.com]}]}', 'edge');
  expect(endsOf(meshFrom(EDGE, app('s1'), plain), request('GET https://a.example.com/', { serverName: 'a.example.com' }))).toEqual(['tls-to-plaintext']);
});

test('a dry run decides nothing', () => {
  const dry = policy('{action: DENY, rules: [{}]}').replace('namespace: edge', 'namespace: edge, annotations: {istio.io/dry-run: "true"}');
  expect(endsOf(mesh(dry), 'GET http://a.example.com/')).toEqual([S1]);
});

test('what the request does not say is reported and not guessed', () => {
  const found = walk(mesh(policy(`{${SELECT}action: DENY, rules: [{from: [{source: {ipBlocks: [10.0.0.0/8]}}]}]}`)), request('GET http://a.example.com/'));
  expect(found.uncertain!.map(({ policy }) => policy?.config.name)).toHaveLength(1);
  expect(walk(mesh(policy(`{${SELECT}action: CUSTOM, provider: {name: ext}, rules: [{}]}`)), request('GET http://a.example.com/')).uncertain![0].policy?.provider).toBe('ext');
});

const JWT = security('RequestAuthentication', 'jwt', '{selector: {matchLabels: {app: gw}}, jwtRules: [{issuer: iss, audiences: [web]}]}', 'edge');
const token = (claims: Record<string, unknown>, isValid = true) => ({ token: { claims: { iss: 'iss', sub: 'ann', aud: 'web', ...claims }, isValid } });

test.each<[string, Partial<MeshRequest>, string[]]>([
  ['no token', {}, [S1]],
  ['a valid token', token({}), [S1]],
  ['a claim that a route wants', token({ groups: ['dev', 'admin'] }), ['outbound|80||s2.shop.svc.cluster.local']],
  ['an invalid token', token({}, false), ['401 invalid-token']],
  ['an unknown issuer', token({ iss: 'other' }), ['401 invalid-token']],
  ['another audience', token({ aud: 'app' }), ['403 wrong-audience']],
])('%s', (_, more, expected) => {
  expect(endsOf(mesh(JWT), request('GET http://a.example.com/', more))).toEqual(expected);
});

test.each<[string, string, string, string[]]>([
  ['a client without certificate has no identity', '{rules: [{from: [{source: {principals: ["*"]}}]}]}', '', ['not-allowed']],
  ['so that a rule for all others holds', '{action: DENY, rules: [{from: [{source: {notPrincipals: ["*"]}}]}]}', '', ['denied']],
  ['what a certificate says is not in the request', '{rules: [{from: [{source: {principals: ["*"]}}]}]}', ' cert', ['unsupported']],
])('a gateway that accepts certificates: %s', (_, spec, cert, expected) => {
  const optional = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], '
    + 'tls: {mode: OPTIONAL_MUTUAL, credentialName: tls}}]}', 'edge');
  const input = readYaml([EDGE, optional, app('s1'), app('s2'), ROUTE, policy(spec)].join('\n---\n'), 'a.yaml');
  expect(trace(input, parseRequest(`GET https://a.example.com/ via=gateway:443${cert}`)).ends.map(({ kind, reason }) => reason ?? kind)).toEqual(expected);
});

test('request principals and claims', () => {
  const allow = (rule: string) => endsOf(mesh(JWT, policy(`{${SELECT}rules: [${rule}]}`)), request('GET http://a.example.com/', token({ scope: 'read write' })));
  expect(allow('{from: [{source: {requestPrincipals: [iss/ann]}}]}')).toEqual([S1]);
  expect(allow('{from: [{source: {requestPrincipals: ["iss/*"]}}]}')).toEqual([S1]);
  expect(allow('{when: [{key: "request.auth.claims[scope]", values: [write]}]}')).toEqual([S1]);
  expect(allow('{when: [{key: "request.auth.claims[scope]", values: [admin]}]}')).toEqual(['403 not-allowed']);
});

test('path templates', () => {
  expect(['/a/', '/a/b', '/a/b/c', '/a'].map(path => matchesTemplate('/a/{**}', path))).toEqual([true, true, true, false]);
  expect(['/s//c', '/s/x/y/c', '/s/c'].map(path => matchesTemplate('/s/{**}/c', path))).toEqual([true, true, false]);
  expect(['/u/1/x', '/u//x', '/u/1/2/x'].map(path => matchesTemplate('/u/{*}/x', path))).toEqual([true, false, false]);
});

test('the client address behind trusted proxies is the entry that the last trusted one wrote', () => {
  const behind = (proxies: number, forwardedFor: string, block: string) => {
    const own = meshFrom(EDGE.replace('inject.istio.io/templates: gateway', `inject.istio.io/templates: gateway, proxy.istio.io/config: "{gatewayTopology: {numTrustedProxies: ${proxies}}}"`),
      PLAIN_GATEWAY, app('s1'), app('s2'), ROUTE, policy(`{${SELECT}rules: [{from: [{source: {remoteIpBlocks: [${block}]}}]}]}`));
    return endsOf(own, request('GET http://a.example.com/', { from: '10.0.0.1', headers: { 'X-Forwarded-For': forwardedFor } }));
  };
  const chain = '56.5.6.7, 72.9.5.6, 98.1.2.3';
  expect([behind(0, chain, '10.0.0.1'), behind(1, chain, '98.1.2.3'), behind(2, chain, '72.9.5.6'), behind(4, chain, '10.0.0.1')]).toEqual(Array(4).fill([S1]));
  expect(behind(2, chain, '98.1.2.3')).toEqual(['403 not-allowed']);
});

test('what the workload sees of the way: the peer of the gateway is appended', () => {
  const [end] = walk(mesh(), request('GET http://a.example.com/', { from: '10.0.0.1', headers: { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' } })).ends;
  expect(end.is === 'cluster' && Object.fromEntries(end.request!.headers)).toEqual({ 'x-forwarded-for': '1.2.3.4,10.0.0.1', 'x-forwarded-proto': 'http', 'x-request-id': UNKNOWN_VALUE });
});
