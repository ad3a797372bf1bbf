// Tokens of clients: which ones are valid, and the requirement to send one.
import { Duration } from 'cdk8s';
import type { JwtRule } from '../../../src/edge/security/jwt-rule';
import { registerLayer4Gateway } from '../../../src/edge/gateway-workload/layer4-gateway';
import { GatewayEntry } from '../../../src/edge/gateway-workload/service';
import { PolicyScope } from '../../../src/edge/security/policy-scope';
import { RequestAuthentication, type RequestAuthenticationProps } from '../../../src/edge/security/request-authentication';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { gatewayPods, service } from '../stubs';

const ISSUER = 'https://id.example.com/';
const KEY = { kty: 'RSA', e: 'AQAB', n: 'xAE7eB6qugXyCAG3yhh7pkDkT65pHymX', kid: 'a' };

function login(props: Partial<RequestAuthenticationProps> = {}): RequestAuthentication {
  return new RequestAuthentication(emptyChart(), 'WebLogin', { scope: PolicyScope.gateway(gatewayPods()), jwtRules: [{ issuer: ISSUER }], ...props });
}

function written(rule: Partial<JwtRule>): object {
  return theOnly(login({ jwtRules: [{ issuer: ISSUER, ...rule }] }), 'RequestAuthentication').spec.jwtRules[0];
}

test('validates tokens at the gateway and requires one', () => {
  const made = login();
  expect(synthesized(made)).toEqual([
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      metadata: { name: 'web-login', namespace: 'front', labels: labels('web-login', 'security') },
      spec: { selector: { matchLabels: { app: 'door' } }, jwtRules: [{ issuer: ISSUER }] },
    },
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'web-login-required', namespace: 'front', labels: labels('web-login', 'security') },
      spec: { action: 'DENY', selector: { matchLabels: { app: 'door' } }, rules: [{ from: [{ source: { notRequestPrincipals: ['*'] } }] }] },
    },
  ]);
});

test('requireToken: false lets requests without a token pass', () => {
  expect(synthesized(login({ requireToken: false })).map(({ kind }) => kind)).toEqual(['RequestAuthentication']);
});

test('public paths, methods, hosts and ports need no token', () => {
  const made = login({ publicPaths: ['/healthz', '/public/*'], publicMethods: ['OPTIONS'], tokenHosts: ['shop.example.com'], tokenPorts: [8443] });
  expect(theOnly(made, 'AuthorizationPolicy').spec.rules).toEqual([{
    from: [{ source: { notRequestPrincipals: ['*'] } }],
    to: [{ operation: { hosts: ['shop.example.com', 'shop.example.com:*'], ports: ['8443'], notMethods: ['OPTIONS'], notPaths: ['/healthz', '/public/*'] } }],
  }]);
});

test('the requirement has a dry run', () => {
  const [authentication, requirement] = synthesized(login({ dryRun: true, scope: PolicyScope.workload(service()) }));
  expect({ authentication: authentication.metadata.annotations, requirement: requirement.metadata.annotations })
    .toEqual({ authentication: undefined, requirement: { 'istio.io/dry-run': 'true' } });
  expect({ selector: authentication.spec.selector, namespace: requirement.metadata.namespace })
    .toEqual({ selector: { matchLabels: { app: 'cart' } }, namespace: 'shop' });
});

test('supports every field of Istio', () => {
  expect(written({
    jwksUri: 'https://id.example.com:8443/keys', audiences: ['shop'], fromHeaders: [{ name: 'x-token', prefix: 'JWT ' }, { name: 'x-other' }], fromParams: ['token'], fromCookies: ['session'],
    outputPayloadToHeader: 'x-payload', outputClaimToHeaders: [{ header: 'x-group', claim: 'realm.group' }], forwardOriginalToken: true, spaceDelimitedClaims: ['roles'],
    timeout: Duration.millis(1500),
  })).toEqual({
    issuer: ISSUER, jwksUri: 'https://id.example.com:8443/keys', audiences: ['shop'], fromHeaders: [{ name: 'x-token', prefix: 'JWT ' }, { name: 'x-other' }], fromParams: ['token'],
    fromCookies: ['session'], outputPayloadToHeader: 'x-payload', outputClaimToHeaders: [{ header: 'x-group', claim: 'realm.group' }], forwardOriginalToken: true, spaceDelimitedClaims: ['roles'],
    timeout: '1500ms',
  });
  const spaceDelimitedClaims = Array.from({ length: 64 }, (_, index) => `a${index}`);
  expect(written({ issuer: 'accounts@example.com', jwksUri: 'https://a.b/%7Ekeys%2f', spaceDelimitedClaims }))
    .toEqual({ issuer: 'accounts@example.com', jwksUri: 'https://a.b/%7Ekeys%2f', spaceDelimitedClaims });
  const jwksUri = `https://a.b/${'c'.repeat(2036)}`;
  expect(written({ jwksUri })).toEqual({ issuer: ISSUER, jwksUri });
  const jwks = JSON.stringify({ keys: [KEY, { ...KEY, kid: 'b' }] });
  expect(written({ issuer: 'testing@secure.istio.io', jwks })).toEqual({ issuer: 'testing@secure.istio.io', jwks });
});

test.each<[string, Partial<JwtRule>, string, unknown]>([
  ['no issuer', { issuer: undefined }, 'issuer', undefined],
  ['an empty issuer', { issuer: '' }, 'issuer', ''],
  ['an issuer with a space', { issuer: 'https://a.b /' }, 'issuer', 'https://a.b /'],
  ['no keys and an issuer that is not a URL', { issuer: 'testing@secure.istio.io' }, 'jwksUri', undefined],
  ['jwksUri and jwks', { jwksUri: 'https://a.b', jwks: JSON.stringify({ keys: [KEY] }) }, 'jwks', JSON.stringify({ keys: [KEY] })],
  ['keys at another scheme', { jwksUri: 'file:///keys' }, 'jwksUri', 'file:///keys'],
  ['a URL of 2,049 characters', { jwksUri: `https://a.b/${'c'.repeat(2037)}` }, 'jwksUri', `https://a.b/${'c'.repeat(2037)}`],
  ['% with one hexadecimal digit', { jwksUri: 'https://a.b/%20/%4' }, 'jwksUri', 'https://a.b/%20/%4'],
  ['% with another letter', { jwksUri: 'https://a.b/%4g' }, 'jwksUri', 'https://a.b/%4g'],
  ['keys that are not JSON', { jwks: '-----BEGIN' }, 'jwks', '-----BEGIN'],
  ['an empty key set', { jwks: '{"keys":[]}' }, 'jwks', '[redacted]'],
  ['a null key set', { jwks: 'null' }, 'jwks', '[redacted]'],
  ['a null key', { jwks: '{"keys":[null]}' }, 'jwks', '[redacted]'],
  ['a key without a type', { jwks: '{"keys":[{"kid":"a"}]}' }, 'jwks', '[redacted]'],
  ['a private key next to a public one', { jwks: JSON.stringify({ keys: [KEY, { ...KEY, d: 'secret' }] }) }, 'jwks', '[redacted]'],
  ['a symmetric key', { jwks: JSON.stringify({ keys: [{ kty: 'oct', k: 'secret' }] }) }, 'jwks', '[redacted]'],
  ['no audiences', { audiences: [] }, 'audiences', []],
  ['an empty audience', { audiences: [''] }, 'audiences[0]', ''],
  ['no headers', { fromHeaders: [] }, 'fromHeaders', []],
  ['a header without a name', { fromHeaders: [{} as never] }, 'fromHeaders[0].name', undefined],
  ['a header with a space', { fromHeaders: [{ name: 'a b' }] }, 'fromHeaders[0].name', 'a b'],
  ['the ALB\'s own token, which no key set validates', { fromHeaders: [{ name: 'X-Amzn-Oidc-Data' }] }, 'fromHeaders[0].name', 'X-Amzn-Oidc-Data'],
  ['an empty parameter', { fromParams: [''] }, 'fromParams[0]', ''],
  ['an empty cookie', { fromCookies: [''] }, 'fromCookies[0]', ''],
  ['a payload header with a space', { outputPayloadToHeader: 'a b' }, 'outputPayloadToHeader', 'a b'],
  ['an empty claim', { outputClaimToHeaders: [{ header: 'a', claim: '' }] }, 'outputClaimToHeaders[0].claim', ''],
  ['a claim with a space', { outputClaimToHeaders: [{ header: 'a', claim: 'b c' }] }, 'outputClaimToHeaders[0].claim', 'b c'],
  ['a claim header with a dot', { outputClaimToHeaders: [{ header: 'a.b', claim: 'c' }] }, 'outputClaimToHeaders[0].header', 'a.b'],
  ['too many claims', { spaceDelimitedClaims: Array.from({ length: 65 }, (_, i) => `a${i}`) }, 'spaceDelimitedClaims', 65],
  ['a zero timeout', { timeout: Duration.millis(0) }, 'timeout', '0 ms'],
  ['a timeout as a string', { timeout: '5s' as never }, 'timeout', '5s'],
  ['a boolean as a string', { forwardOriginalToken: 'yes' as never }, 'forwardOriginalToken', 'yes'],
])('rejects a rule with %s', (_, rule, prop, value) => {
  expect(refusal(() => written(rule))).toMatchObject({ prop: `jwtRules[0].${prop}`, value, path: 'chart/WebLogin' });
});

test.each<[string, Partial<RequestAuthenticationProps>, string, unknown]>([
  ['no issuers', { jwtRules: [] }, 'jwtRules', []],
  ['a workload without pods', { scope: PolicyScope.workload(service({ selector: {} })) }, 'scope', { matchLabels: {} }],
  ['a missing scope', { scope: undefined }, 'scope', undefined],
  ['public paths without requireToken', { requireToken: false, publicPaths: ['/a'] }, 'publicPaths', ['/a']],
  ['a dry run without requireToken', { requireToken: false, dryRun: true }, 'dryRun', true],
  ['an invalid public path', { publicPaths: ['/a', 'b'] }, 'publicPaths[1]', 'b'],
  ['a public method in lower case', { publicMethods: ['options'] }, 'publicMethods[0]', 'options'],
  ['an invalid host', { tokenHosts: ['a/b'] }, 'tokenHosts[0]', 'a/b'],
  ['a host that starts with *', { tokenHosts: ['a.b', '*.example.com'] }, 'tokenHosts[1]', '*.example.com'],
  ['all paths as public paths', { publicPaths: ['/*'] }, 'publicPaths', ['/*']],
  ['* as a public path', { publicPaths: ['*'] }, 'publicPaths', ['*']],
  ['* as a public method', { publicMethods: ['*'] }, 'publicMethods', ['*']],
  ['port 0', { tokenPorts: [0] }, 'tokenPorts[0]', 0],
  ['an empty list of public paths', { publicPaths: [] }, 'publicPaths', []],
  ['an invalid name', { policyName: 'Login' }, 'policyName', 'Login'],
])('rejects %s', (_, props, prop, value) => {
  expect(refusal(() => login(props))).toMatchObject({ prop, value, path: 'chart/WebLogin' });
});

test('requires no token for the TCP connections of a gateway', () => {
  const chart = emptyChart();
  registerLayer4Gateway(chart, 'front/door');
  const scope = PolicyScope.gateway(gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER }));
  const make = (id: string, props: Partial<RequestAuthenticationProps>) => new RequestAuthentication(chart, id, { scope, jwtRules: [{ issuer: ISSUER }], ...props });
  expect(refusal(() => make('Login', { publicPaths: ['/healthz'] }))).toMatchObject({ prop: 'tokenPorts', value: undefined, path: 'chart/Login' });
  make('Limited', { tokenPorts: [8443] });
  make('Optional', { requireToken: false });
  make('Alb', { scope: PolicyScope.gateway(gatewayPods()) });
  make('Elsewhere', { scope: PolicyScope.gateway(gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, serviceName: 'gate' })) });
});
