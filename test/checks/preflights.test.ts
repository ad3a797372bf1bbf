// Preflights that AuthorizationPolicies of a gateway refuse, and what keeps them from being known.
import { check } from '../../src/checks/runner';
import { readYaml } from '../../src/manifests/yaml';
import { EDGE, PLAIN_GATEWAY, istio, security } from '../mesh/small-mesh';

const CORS = 'corsPolicy: {allowOrigins: [{exact: "https://app.example.com"}], allowHeaders: [authorization]}';
const DENY = '{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ["*"]}}]}]}';

function routes(http: string, host = 'a.example.com'): string {
  return istio('VirtualService', 'vs', `{hosts: ["${host}"], gateways: [edge/gw], http: [${http}]}`);
}

function to(match: string, rest = CORS): string {
  return `{match: [${match}], ${rest}, route: [{destination: {host: s1}}]}`;
}

/** The paths of preflights that are found to be refused. */
function refused(policy: string, http = to('{uri: {prefix: /api}}'), ...more: readonly string[]): string[] {
  const objects = [EDGE, PLAIN_GATEWAY, routes(http), security('AuthorizationPolicy', 'ap', policy, 'edge'), ...more];
  return check(readYaml(objects.join('\n'), 'input')).findings.filter(({ id }) => id === 'preflight-refused-by-policy').map(({ message }) => /OPTIONS (\S+)/.exec(message)![1]);
}

test.each([
  ['a policy demands a principal', DENY],
  ['an ALLOW policy demands a claim', '{rules: [{when: [{key: "request.auth.claims[role]", values: [admin]}]}]}'],
  ['an ALLOW policy demands the header of a token', '{rules: [{when: [{key: "request.headers[authorization]", values: ["Bearer *"]}]}]}'],
  ['an ALLOW policy lists methods', '{rules: [{to: [{operation: {methods: [GET]}}]}]}'],
])('a preflight is refused where %s', (_, policy) => {
  expect(refused(policy)).toEqual(['/api']);
});

test.each([
  ['nothing is demanded', '{rules: [{}]}'],
  ['requests with a token are refused as well', '{action: DENY, rules: [{to: [{operation: {paths: ["/api*"]}}]}]}'],
  ['a header decides that a load balancer or a CDN may add', '{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ["*"]}}], '
    + 'when: [{key: "request.headers[x-origin-verify]", notValues: [secret]}]}]}'],
  ['the server name decides', '{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ["*"]}}], when: [{key: connection.sni, values: [a.example.com]}]}]}'],
  ['the address of the client decides', '{rules: [{from: [{source: {remoteIpBlocks: [203.0.113.0/24]}}]}]}'],
])('nothing is known where %s', (_, policy) => {
  expect(refused(policy)).toEqual([]);
});

test('paths of a policy count where a route with a corsPolicy matches them', () => {
  const admin = '{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ["*"]}}], to: [{operation: {paths: ["/api/admin/*"]}}]}]}';
  expect(refused(admin)).toEqual(['/api/admin/x']);
  expect(refused(admin, `{match: [{uri: {prefix: /api/admin}}], route: [{destination: {host: s1}}]}, ${to('{uri: {prefix: /api}}')}`)).toEqual([]);
  expect(refused(admin, to('{uri: {prefix: /shop}}'))).toEqual([]);
});

test.each([
  ['a header', to('{headers: {x-user: {exact: a}}}')],
  ['the absence of a header', to('{withoutHeaders: {x-user: {exact: a}}}')],
  ['a query parameter', to('{queryParams: {q: {exact: a}}}')],
  ['another method, so that it is not for preflights', to('{method: {exact: PUT}}')],
  ['a regular expression, of which no path is known', to('{uri: {regex: "/v[0-9]+/.*"}}')],
])('a route with a condition on %s is silence', (_, http) => {
  expect(refused(DENY, http)).toEqual([]);
});

test('browsers send no preflight for requests with a simple method and no further headers', () => {
  const cors = (rest: string) => to('{uri: {prefix: /api}}', `corsPolicy: {allowOrigins: [{exact: "https://app.example.com"}], ${rest}}`);
  expect(refused(DENY, cors('allowMethods: [GET, POST]'))).toEqual([]);
  expect(refused(DENY, cors('allowMethods: [GET, DELETE]'))).toEqual(['/api']);
  expect(refused(DENY, cors('allowMethods: ["*"]'))).toEqual(['/api']);
  expect(refused(DENY, cors('allowMethods: [OPTIONS], allowHeaders: [x-a]'))).toEqual([]);
});

test('a provider and a filter that is not modeled may answer preflights themselves', () => {
  expect(refused(DENY, undefined, security('AuthorizationPolicy', 'asking', '{action: CUSTOM, provider: {name: oauth}, rules: [{}]}', 'edge'))).toEqual([]);
  expect(refused(DENY, undefined, istio('EnvoyFilter', 'cors', '{configPatches: [{applyTo: HTTP_FILTER}]}', 'edge'))).toEqual([]);
  expect(refused(DENY, undefined, security('AuthorizationPolicy', 'asking', '{action: CUSTOM, provider: {name: oauth}, rules: [{to: [{operation: {paths: [/login]}}]}]}', 'edge')))
    .toEqual(['/api']);
});

test('the labels of pods that are not in the input are unknown, and so are their policies', () => {
  const objects = [PLAIN_GATEWAY, routes(to('{uri: {prefix: /api}}')), security('AuthorizationPolicy', 'ap', DENY, 'edge')];
  expect(check(readYaml(objects.join('\n'), 'input')).findings.filter(({ id }) => id === 'preflight-refused-by-policy')).toEqual([]);
});

test('a policy for hosts decides nothing about a host that is not known', () => {
  const policy = '{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ["*"]}}], to: [{operation: {hosts: [a.example.com]}}]}]}';
  expect(refused(policy)).toEqual(['/api']);
  const objects = [EDGE, PLAIN_GATEWAY, routes(to('{uri: {prefix: /api}}'), '*.example.com'), security('AuthorizationPolicy', 'ap', policy, 'edge')];
  expect(check(readYaml(objects.join('\n'), 'input')).findings.filter(({ id }) => id === 'preflight-refused-by-policy')).toEqual([]);
});

describe('the preflights of a route that demands another method', () => {
  const CORS = 'corsPolicy: {allowOrigins: [{exact: "https://app.example.com"}], allowMethods: [PUT]}';
  const found = (routes: string, more = '') => check(readYaml(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: edge}
spec:
  hosts: [shop.example.com]
  gateways: [edge]
  http: [${routes}]
${more}`, 'input')).findings.filter(({ id }) => id === 'preflight-without-route').map(({ object, pointer }) => `${object.name} ${pointer}`);
  const to = 'route: [{destination: {host: cart.shop.svc.cluster.local}}]';

  test.each([
    ['{uri: {prefix: /b}}', ['shop /spec/http/0/corsPolicy']],
    ['{uri: {exact: /}}', ['shop /spec/http/0/corsPolicy']],
    ['{uri: {exact: /a/b}}', []],
    ['{uri: {prefix: /}}', []],
    ['{uri: {prefix: /A}, ignoreUriCase: true}', []],
    ['{uri: {regex: "/.*"}}', []],
    ['{}', []],
    ['{uri: {prefix: /a}, method: {exact: GET}}', ['shop /spec/http/0/corsPolicy', 'shop /spec/http/1/corsPolicy']],
  ])('get the policy of another route with the match %s only if a path may meet both', (match, expected) => {
    expect(found(`{match: [{uri: {prefix: /a}, method: {exact: PUT}}], ${CORS}, ${to}}, {match: [${match}], ${CORS}, ${to}}`)).toEqual(expected);
  });

  test('get none where a delegate demands the method, and its root has the policy', () => {
    const delegate = (other: string) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: team, namespace: shop}
spec: {http: [{match: [{uri: {prefix: /a/x}, method: {exact: PUT}}], ${to}}, {match: [{uri: {prefix: ${other}}}], ${to}}]}`;
    const root = `{match: [{uri: {prefix: /a}}], ${CORS}, delegate: {name: team, namespace: shop}}`;
    expect(found(root, delegate('/a/y'))).toEqual(['team /spec/http/0/corsPolicy']);
    expect(found(root, delegate('/a'))).toEqual([]);
  });
});
