// Who gets past the load balancer.
import { Duration } from 'cdk8s';
import { encodeAlbAnnotations } from '../../../src/base/alb-annotations/annotations';
import { AlbAuth, type AlbCognitoOptions, type AlbJwtOptions, type AlbOidcOptions, JwtClaimFormat, UnauthenticatedRequest } from '../../../src/edge/alb/auth';
import { refusal } from '../../refusal';

const POOL = 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbC123';
const COGNITO: AlbCognitoOptions = { userPoolArn: POOL, userPoolClientId: 'client', userPoolDomain: 'login' };
const OIDC: AlbOidcOptions = {
  issuer: 'https://id.example.com', authorizationEndpoint: 'https://id.example.com/authorize', tokenEndpoint: 'https://id.example.com/token',
  userInfoEndpoint: 'https://id.example.com/userinfo', secretName: 'oidc-client',
};
const JWT: AlbJwtOptions = { jwksEndpoint: 'https://id.example.com/keys', issuer: 'https://id.example.com' };

function annotations(auth: AlbAuth): Record<string, string> {
  return Object.fromEntries(Object.entries(encodeAlbAnnotations(auth._render())).map(([key, value]) => [key.replace('alb.ingress.kubernetes.io/', ''), value]));
}

test('clients log in with Cognito', () => {
  const auth = AlbAuth.cognito({
    ...COGNITO,
    onUnauthenticatedRequest: UnauthenticatedRequest.DENY,
    scopes: ['openid', 'email'],
    sessionCookie: 'edge',
    sessionTimeout: Duration.hours(8),
    extraParams: { prompt: 'login' },
  });
  expect(auth._render()).toEqual({
    authType: 'cognito',
    authIdpCognito: { userPoolARN: POOL, userPoolClientID: 'client', userPoolDomain: 'login', authenticationRequestExtraParams: { prompt: 'login' } },
    authOnUnauthenticatedRequest: 'deny',
    authScope: 'openid email',
    authSessionCookie: 'edge',
    authSessionTimeout: 28800,
  });
  expect(annotations(auth)).toEqual({
    'auth-type': 'cognito',
    'auth-idp-cognito': `{"userPoolARN":"${POOL}","userPoolClientID":"client","userPoolDomain":"login","authenticationRequestExtraParams":{"prompt":"login"}}`,
    'auth-on-unauthenticated-request': 'deny',
    'auth-scope': 'openid email',
    'auth-session-cookie': 'edge',
    'auth-session-timeout': '28800',
  });
});

test('clients log in with OpenID Connect', () => {
  expect(AlbAuth.oidc(OIDC)._render()).toEqual({ authType: 'oidc', authIdpOidc: OIDC });
  expect(annotations(AlbAuth.oidc(OIDC))).toEqual({ 'auth-type': 'oidc', 'auth-idp-oidc': JSON.stringify(OIDC) });
});

test('clients send a bearer token', () => {
  const auth = AlbAuth.jwt({ ...JWT, claims: [{ name: 'aud', format: JwtClaimFormat.STRING_ARRAY, values: ['shop', 'my bank'] }] });
  const additionalClaims = [{ format: 'string-array', name: 'aud', values: ['shop', 'my bank'] }];
  expect(auth._render()).toEqual({ jwtValidation: { ...JWT, additionalClaims } });
  expect(annotations(auth)).toEqual({ 'jwt-validation': JSON.stringify({ ...JWT, additionalClaims }) });
  expect(annotations(AlbAuth.jwt(JWT))).toEqual({ 'jwt-validation': JSON.stringify(JWT) });
});

const params = (count: number) => Object.fromEntries([...Array(count).keys()].map(index => [`p${index}`, 'x']));
const claim = { name: 'scope', format: JwtClaimFormat.SPACE_SEPARATED_VALUES, values: ['read'] };

test('values at the bounds are accepted', () => {
  expect(() => AlbAuth.cognito({ ...COGNITO, extraParams: params(10), sessionTimeout: Duration.days(7) })).not.toThrow();
  expect(() => AlbAuth.oidc({ ...OIDC, sessionTimeout: Duration.seconds(1) })).not.toThrow();
  expect(() => AlbAuth.jwt({ ...JWT, issuer: 'a'.repeat(256), claims: [{ ...claim, values: Array(10).fill('a'.repeat(256)) }] })).not.toThrow();
});

test.each<[string, () => unknown, string, unknown]>([
  ['no user pool', () => AlbAuth.cognito({ ...COGNITO, userPoolArn: 'us-east-1_AbC123' }), 'userPoolArn', 'us-east-1_AbC123'],
  ['no client', () => AlbAuth.cognito({ ...COGNITO, userPoolClientId: '' }), 'userPoolClientId', ''],
  ['a URL for a domain', () => AlbAuth.cognito({ ...COGNITO, userPoolDomain: 'https://login' }), 'userPoolDomain', 'https://login'],
  ['eleven parameters', () => AlbAuth.cognito({ ...COGNITO, extraParams: params(11) }), 'extraParams', params(11)],
  ['a plain issuer', () => AlbAuth.oidc({ ...OIDC, issuer: 'http://id.example.com' }), 'issuer', 'http://id.example.com'],
  ['a plain endpoint', () => AlbAuth.oidc({ ...OIDC, tokenEndpoint: 'http://id.example.com' }), 'tokenEndpoint', 'http://id.example.com'],
  ['a Secret elsewhere', () => AlbAuth.oidc({ ...OIDC, secretName: 'other/oidc' }), 'secretName', 'other/oidc'],
  ['another way with strangers', () => AlbAuth.oidc({ ...OIDC, onUnauthenticatedRequest: 'redirect' as never }), 'onUnauthenticatedRequest', 'redirect'],
  ['no scope', () => AlbAuth.oidc({ ...OIDC, scopes: [] }), 'scopes', ''],
  ['a scope with a quote', () => AlbAuth.oidc({ ...OIDC, scopes: ['a"b'] }), 'scopes', 'a"b'],
  ['a scope given twice', () => AlbAuth.oidc({ ...OIDC, scopes: ['openid', 'openid'] }), 'scopes[1]', 'openid'],
  ['a cookie with a blank', () => AlbAuth.oidc({ ...OIDC, sessionCookie: 'a b' }), 'sessionCookie', 'a b'],
  ['no session', () => AlbAuth.oidc({ ...OIDC, sessionTimeout: Duration.seconds(0) }), 'sessionTimeout', '0 ms'],
  ['a session of more than a week', () => AlbAuth.oidc({ ...OIDC, sessionTimeout: Duration.seconds(604_801) }), 'sessionTimeout', '604801000 ms'],
  ['plain keys', () => AlbAuth.jwt({ ...JWT, jwksEndpoint: 'http://a/keys' }), 'jwksEndpoint', 'http://a/keys'],
  ['a long issuer', () => AlbAuth.jwt({ ...JWT, issuer: 'a'.repeat(257) }), 'issuer', 'a'.repeat(257)],
  ['a claim that is checked anyway', () => AlbAuth.jwt({ ...JWT, claims: [{ ...claim, name: 'iss' }] }), 'claims[0].name', 'iss'],
  ['a claim without values', () => AlbAuth.jwt({ ...JWT, claims: [{ ...claim, values: [] }] }), 'claims[0].values', []],
  ['a claim with eleven values', () => AlbAuth.jwt({ ...JWT, claims: [{ ...claim, values: Array(11).fill('a') }] }), 'claims[0].values', Array(11).fill('a')],
  ['a long value', () => AlbAuth.jwt({ ...JWT, claims: [{ ...claim, values: ['a'.repeat(257)] }] }), 'claims[0].values[0]', 'a'.repeat(257)],
  ['a blank where blanks separate', () => AlbAuth.jwt({ ...JWT, claims: [{ ...claim, values: ['a', 'b c'] }] }), 'claims[0].values[1]', 'b c'],
  ['another format', () => AlbAuth.jwt({ ...JWT, claims: [{ ...claim, format: 'list' as never }] }), 'claims[0].format', 'list'],
  ['a claim given twice', () => AlbAuth.jwt({ ...JWT, claims: [claim, claim] }), 'claims[1]', 'scope'],
])('%s is rejected', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});

test('more than ten claims are rejected', () => {
  const claims = [...Array(11).keys()].map(index => ({ ...claim, name: `c${index}` }));
  expect(refusal(() => AlbAuth.jwt({ ...JWT, claims }))).toMatchObject({ prop: 'claims', reason: 'must be a list of 1 to 10 entries' });
});
