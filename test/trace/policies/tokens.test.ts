// Tokens that a request contains as text: in the header that a proxy or a load balancer reads, and in the query.
import { SECURE_GATEWAY, endOf, endsOf, ingress, routes, to, traceOf } from '../small-edge';
import { EDGE, app, security } from '../../mesh/small-mesh';

const encoded = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown, header: unknown = { alg: 'RS256', kid: 'k' }) => `${encoded(header)}.${encoded(claims)}.c2ln`;
const GOOD = { iss: 'https://id.example.com', sub: 'ann', aud: 'shop' };

const LOGIN = '{selector: {matchLabels: {app: SELECTED}}, jwtRules: [{issuer: "https://id.example.com", audiences: [shop]MORE}]}';
const login = (selected: string, more = '') => security('RequestAuthentication', `at-${selected}`, LOGIN.replace('SELECTED', selected).replace('MORE', more),
  selected === 'gw' ? 'edge' : 'shop');
const objects = (...more: readonly string[]) => [EDGE, SECURE_GATEWAY, routes(`{${to('s1')}}`), app('s1', 'shop', { sidecar: true }), ...more];
const line = (authorization: string, target = '/') => `GET https://a.example.com${target}${authorization && ` authorization="${authorization}"`} via=gateway:443`;

/** As Envoy 1.40 responded to the same headers, with the filter that istiod 1.30 programs. */
const VERDICTS: readonly (readonly [name: string, authorization: string, end: string])[] = [
  ['no header', '', 's1.shop:80'],
  ['another scheme', 'Basic YTpi', 's1.shop:80'],
  ['a scheme in lowercase', 'bearer abc', 's1.shop:80'],
  ['a scheme without a token', 'Bearer', 's1.shop:80'],
  ['a scheme with a colon', `Bearer: ${jwt({})}`, 's1.shop:80'],
  ['a token that is no JWT', 'Bearer abc', '401 invalid token'],
  ['a JWT of the issuer', `Bearer ${jwt(GOOD)}`, 's1.shop:80'],
  ['a JWT behind two blanks', `Bearer  ${jwt(GOOD)}`, 's1.shop:80'],
  ['a JWT behind other text', `Token Bearer ${jwt(GOOD)}`, 's1.shop:80'],
  ['a JWT in front of other text', `Bearer ${jwt(GOOD)} x`, '401 invalid token'],
  ['two JWTs', `Bearer ${jwt(GOOD)}, Bearer x`, '401 invalid token'],
  ['a JWT of another issuer', `Bearer ${jwt({ ...GOOD, iss: 'x' })}`, '401 invalid token'],
  ['a JWT without an issuer', `Bearer ${jwt({ sub: 'ann', aud: 'shop' })}`, '401 invalid token'],
  ['a JWT for another audience', `Bearer ${jwt({ ...GOOD, aud: 'other' })}`, '403 wrong audience'],
  ['a JWT without an audience', `Bearer ${jwt({ iss: GOOD.iss })}`, '403 wrong audience'],
  ['a JWT without a signature', `Bearer ${encoded({ alg: 'none' })}.${encoded(GOOD)}.`, '401 invalid token'],
  ['a JWT of an algorithm that Envoy lacks', `Bearer ${jwt(GOOD, { alg: 'none' })}`, '401 invalid token'],
  ['a JWT without an algorithm', `Bearer ${jwt(GOOD, { kid: 'k' })}`, '401 invalid token'],
  ['a JWT whose payload is a list', `Bearer ${jwt([1])}`, '401 invalid token'],
  ['a JWT whose subject is a number', `Bearer ${jwt({ ...GOOD, sub: 7 })}`, '401 invalid token'],
  ['a JWT whose time is text', `Bearer ${jwt({ ...GOOD, exp: '1' })}`, '401 invalid token'],
  ['a JWT whose time is negative', `Bearer ${jwt({ ...GOOD, exp: -1 })}`, '401 invalid token'],
  ['a JWT whose time has a fraction', `Bearer ${jwt({ ...GOOD, exp: 4e9 + 0.5 })}`, 's1.shop:80'],
  ['a JWT whose audiences are no texts', `Bearer ${jwt({ ...GOOD, aud: ['shop', 7] })}`, '401 invalid token'],
  ['a JWT whose id is a number', `Bearer ${jwt({ ...GOOD, jti: 7 })}`, '401 invalid token'],
];

test.each(VERDICTS)('at a gateway, %s: %s is %s', (_, authorization, end) => {
  expect(endsOf(objects(login('gw')), line(authorization))).toBe(end);
});

test.each(VERDICTS)('at the pods, %s: %s is %s', (_, authorization, end) => {
  expect(endsOf(objects(login('s1')), line(authorization))).toBe(end);
});

test('without a RequestAuthentication nobody reads the header', () => {
  expect(endsOf(objects(), line('Bearer abc'))).toBe('s1.shop:80');
});

test('claims of the request come before its header', () => {
  expect(endsOf(objects(login('gw')), `${line('Bearer abc')} claims=${JSON.stringify(GOOD)}`)).toBe('s1.shop:80');
});

test('policies read the claims of the header, and the hop says what is assumed of the token', () => {
  const allow = security('AuthorizationPolicy', 'ann', '{selector: {matchLabels: {app: gw}}, rules: [{from: [{source: {requestPrincipals: ["*/ann"]}}]}]}', 'edge');
  const all = objects(login('gw'), allow);
  expect(endsOf(all, line(`Bearer ${jwt({ ...GOOD, sub: 'bob' })}`))).toBe('403 not allowed');
  const { hops } = traceOf(all, line(`Bearer ${jwt(GOOD)}`));
  expect(hops.filter(({ at }) => at.startsWith('auth')).map(({ detail }) => detail)).toEqual([
    'accepts the token, provided that its signature and its times are valid', 'allowed',
  ]);
  const refused = traceOf(all, line('Bearer abc'));
  expect(refused.hops.find(({ at }) => at === 'authentication')!.detail).toBe('refuses the token: it does not have the form header.payload.signature');
});

test('a gateway removes the header of a token that it does not forward', () => {
  const demanding = security('AuthorizationPolicy', 'demand', '{action: DENY, rules: [{when: [{key: "request.headers[authorization]", notValues: ["*"]}]}]}');
  const header = line(`Bearer ${jwt(GOOD)}`);
  expect(endsOf(objects(login('gw'), demanding), header)).toBe('403 denied');
  expect(endsOf(objects(login('gw', ', forwardOriginalToken: true'), demanding), header)).toBe('s1.shop:80');
  expect(endsOf(objects(demanding), line(''))).toBe('403 denied');
});

test('the parameter access_token is a token, which the gateway removes', () => {
  expect(endsOf(objects(login('gw')), line('', '/?access_token=abc'))).toBe('401 invalid token');
  expect(endsOf(objects(login('gw')), line('', '/?access_token='))).toBe('401 invalid token');
  expect(endOf(objects(login('gw')), line('', `/?a=1&access_token=${jwt(GOOD)}`))).toMatchObject({ to: 's1.shop:80', path: '/?a=1' });
  expect(endOf(objects(login('gw')), line('', `/?access_token=${jwt(GOOD)}`))).toMatchObject({ to: 's1.shop:80', path: '/' });
});

test('a rule with places of its own reads those, and neither the bearer token nor the default parameter', () => {
  const own = objects(login('gw', ', fromHeaders: [{name: X-Token}]'));
  expect(endsOf(own, line('Bearer abc', '/?access_token=abc'))).toBe('s1.shop:80');
  expect(endsOf(own, `${line('')} x-token=abc`)).toBe('401 invalid token');
  expect(endsOf(own, `${line('')} x-token=${jwt(GOOD)}`)).toBe('s1.shop:80');
  expect(endsOf(own, `${line('')} claims=${JSON.stringify({ iss: 'x' })}`)).toBe('s1.shop:80');
});

test('a cookie is a token for a rule that reads it', () => {
  const own = objects(login('gw', ', fromCookies: [session]'));
  expect(endsOf(own, `${line('Bearer abc')} cookie="a=1; session=abc"`)).toBe('401 invalid token');
  expect(endsOf(own, `${line('')} cookie="a=1; session=${jwt(GOOD)}"`)).toBe('s1.shop:80');
  expect(endsOf(own, `${line('')} cookie="other-session=abc"`)).toBe('s1.shop:80');
});

test('of several rules one that accepts is enough', () => {
  const two = objects(login('gw'), security('RequestAuthentication', 'two', '{selector: {matchLabels: {app: gw}}, jwtRules: [{issuer: x, fromHeaders: [{name: x-token}]}]}', 'edge'));
  expect(endsOf(two, `${line(`Bearer ${jwt(GOOD)}`)} x-token=abc`)).toBe('s1.shop:80');
  expect(endsOf(two, `${line('')} x-token=abc`)).toBe('401 invalid token');
});

describe('at a load balancer that validates tokens', () => {
  const VALIDATION = { jwksEndpoint: 'https://id.example.com/jwks', issuer: 'https://id.example.com' };
  const balanced = [ingress({ 'jwt-validation': JSON.stringify(VALIDATION) }), ...objects()];
  const end = (authorization: string) => endOf(balanced, `GET https://a.example.com/ authorization="${authorization}"`);

  test('the bearer token of the header counts', () => {
    expect(end(`Bearer ${jwt(GOOD)}`).to).toBe('s1.shop:80');
    expect(end(`Bearer ${jwt({ ...GOOD, iss: 'x' })}`)).toMatchObject({ to: '401 invalid token', fix: expect.stringContaining('its issuer is not https://id.example.com') });
    expect(end('Bearer abc')).toMatchObject({ to: '401 invalid token', fix: expect.stringContaining('it does not have the form header.payload.signature') });
    expect(end('Basic YTpi')).toMatchObject({ to: '401 invalid token', fix: expect.stringContaining('the request has none') });
  });
});
