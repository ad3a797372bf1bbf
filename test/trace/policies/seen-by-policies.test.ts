// What policies see of a request: normalized paths, pseudo headers, and tokens as Envoy reads them.
import { readYaml } from '../../../src/manifests/yaml';
import { prepareTrace } from '../../../src/trace/models';
import { trace } from '../../../src/trace/trace';
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../../mesh/small-mesh';

const GATEWAY = ['edge', 'gw'] as const;
const POD = ['shop', 's1'] as const;
const PLACES = [GATEWAY, POD];

const routes = (http: string) => istio('VirtualService', 'vs', `{hosts: ["*"], gateways: [edge/gw], http: [${http}]}`);
const TO_S1 = '{route: [{destination: {host: s1}}]}';

function endOf(line: string, objects: readonly string[], http = TO_S1, mesh: object = {}): string {
  const manifests = readYaml([EDGE, PLAIN_GATEWAY, routes(http), app('s1', 'shop', { sidecar: true }), ...objects].join('\n---\n'), 'edge.yaml');
  return trace(prepareTrace(manifests, { mesh }), `${line} via=gateway:80`).ends.map(({ to }) => to).join(', ');
}

const policy = (kind: 'AuthorizationPolicy' | 'RequestAuthentication', [namespace, selected]: readonly [string, string], spec: string) => (
  security(kind, 'policy', `{selector: {matchLabels: {app: ${selected}}}, ${spec}}`, namespace));
const deny = (place: readonly [string, string], rule: string) => policy('AuthorizationPolicy', place, `action: DENY, rules: [${rule}]`);
const allow = (place: readonly [string, string], rule: string) => policy('AuthorizationPolicy', place, `rules: [${rule}]`);
const paths = (...list: string[]) => `{to: [{operation: {paths: ${JSON.stringify(list)}}}]}`;
const when = (key: string, ...values: string[]) => `{when: [{key: "${key}", values: ${JSON.stringify(values)}}]}`;

test('a sidecar normalizes the path that a gateway has rewritten, before its policies see it', () => {
  const rewriting = '{match: [{uri: {prefix: /foo}}], rewrite: {uri: /}, route: [{destination: {host: s1}}]}';
  const line = 'GET http://a.example.com/foo/bar';
  expect(endOf(line, [deny(POD, paths('/bar'))], rewriting, { pathNormalization: 'MERGE_SLASHES' })).toBe('403 denied');
  expect(endOf(line, [deny(POD, paths('/bar'))], rewriting)).toBe('s1.shop:80');
  expect(endOf(line, [deny(POD, paths('//bar'))], rewriting)).toBe('403 denied');
});

describe.each(PLACES)('in %s', (...place) => {
  test.each([
    ['request.headers[:authority]', 'a.example.com'], ['request.headers[host]', 'a.example.com'], ['request.headers[Host]', 'a.example.com'],
    ['request.headers[:method]', 'GET'], ['request.headers[:path]', '/x?y=1'],
  ])('%s is the pseudo header', (key, value) => {
    expect(endOf('GET http://a.example.com/x?y=1', [deny(place, when(key, value))])).toBe('403 denied');
    expect(endOf('GET http://a.example.com/x?y=1', [deny(place, when(key, 'other'))])).toBe('s1.shop:80');
    expect(endOf('GET http://a.example.com/x?y=1', [allow(place, when(key, value))])).toBe('s1.shop:80');
  });

  test('audiences are compared without scheme and last slash', () => {
    const login = policy('RequestAuthentication', place, 'jwtRules: [{issuer: one, audiences: ["https://x/api"]}]');
    const ends = (aud: unknown) => endOf(`GET http://a.example.com/ claims=${JSON.stringify({ iss: 'one', aud })}`, [login]);
    expect(['https://x/api/', 'http://x/api', 'x/api', ['y', 'x/api/']].map(ends)).toEqual(Array(4).fill('s1.shop:80'));
    expect(['x/api//', 'ftp://x/api', 'x/API'].map(ends)).toEqual(Array(3).fill('403 wrong audience'));
  });

  test('a rule without an issuer takes the tokens of any', () => {
    const login = policy('RequestAuthentication', place, 'jwtRules: [{jwksUri: "https://id.example.com/jwks"}]');
    expect(endOf('GET http://a.example.com/ claims={"iss":"any"}', [login])).toBe('s1.shop:80');
    expect(endOf('GET http://a.example.com/ claims={}', [login])).toBe('s1.shop:80');
  });

  test('claims that are separated by spaces are lists: scope, permission and those of the rule', () => {
    const login = policy('RequestAuthentication', place, 'jwtRules: [{issuer: one, spaceDelimitedClaims: [roles]}]');
    const ends = (claim: string, text: string) => endOf(`GET http://a.example.com/ claims=${JSON.stringify({ iss: 'one', [claim]: text })}`, [
      login, allow(place, when(`request.auth.claims[${claim}]`, 'admin')),
    ]);
    expect(['scope', 'permission', 'roles'].map(claim => ends(claim, 'user  admin'))).toEqual(Array(3).fill('s1.shop:80'));
    expect([ends('groups', 'user admin'), ends('roles', 'administrator')]).toEqual(['403 not allowed', '403 not allowed']);
  });

  test('a CORS preflight needs no valid token', () => {
    const login = policy('RequestAuthentication', place, 'jwtRules: [{issuer: one}]');
    expect(endOf('OPTIONS http://a.example.com/ origin=https://a access-control-request-method=GET authorization="Bearer x"', [login])).toBe('s1.shop:80');
    expect(endOf('OPTIONS http://a.example.com/ origin=https://a authorization="Bearer x"', [login])).toBe('401 invalid token');
  });
});

test('a route reads a claim that is separated by spaces as a list', () => {
  const login = policy('RequestAuthentication', GATEWAY, 'jwtRules: [{issuer: one}]');
  const answers = (claim: string, value: string, status: number) => `{match: [{headers: {"${claim}": {exact: "${value}"}}}], directResponse: {status: ${status}}}`;
  const http = `${answers('@request.auth.claims.scope', 'read write', 202)}, ${answers('@request.auth.claims.scope', 'read', 201)}, ${TO_S1}`;
  expect(endOf('GET http://a.example.com/ claims={"iss":"one","scope":"read write"}', [login], http)).toBe('201');
  expect(endOf('GET http://a.example.com/ claims={"iss":"one","scope":"write"}', [login], http)).toBe('s1.shop:80');
});

test('a header gets the claim as the token has it', () => {
  const login = policy('RequestAuthentication', POD, 'jwtRules: [{issuer: one, outputClaimToHeaders: [{header: x-scope, claim: scope}]}]');
  expect(endOf('GET http://a.example.com/ claims={"iss":"one","scope":"read write"}', [login, deny(POD, when('request.headers[x-scope]', 'read write'))])).toBe('403 denied');
});
