// CORS policies.
import { Duration } from 'cdk8s';
import { propsOf, requireProps } from '../../../src/base/prop-types';
import { CorsOrigin, type CorsPolicy, renderCors, UnmatchedPreflights } from '../../../src/edge/routing/cors';
import { refusal } from '../../refusal';

const CORS_POLICY = propsOf<CorsPolicy>('CorsPolicy');

const shop = CorsOrigin.exact('https://shop.example.com');

test('a policy needs only origins', () => {
  expect(renderCors({ allowOrigins: [shop] })).toEqual({ allowOrigins: [{ exact: 'https://shop.example.com' }] });
});

test('all settings of a policy are rendered', () => {
  expect(renderCors({
    allowOrigins: [shop, CorsOrigin.prefix('http://localhost:'), CorsOrigin.regex('https://[a-z]+\\.example\\.com')],
    allowMethods: ['GET', 'PUT'], allowHeaders: ['X-Id', 'content-type'], exposeHeaders: ['etag'], maxAge: Duration.hours(24), allowCredentials: true,
    unmatchedPreflights: UnmatchedPreflights.IGNORE,
  })).toEqual({
    allowOrigins: [{ exact: 'https://shop.example.com' }, { prefix: 'http://localhost:' }, { regex: 'https://[a-z]+\\.example\\.com' }],
    allowMethods: ['GET', 'PUT'], allowHeaders: ['X-Id', 'content-type'], exposeHeaders: ['etag'], maxAge: '86400s', allowCredentials: true, unmatchedPreflights: 'IGNORE',
  });
});

test('without credentials, * is allowed for origins, methods and headers', () => {
  expect(renderCors({ allowOrigins: [CorsOrigin.any()], allowMethods: ['*'], allowHeaders: ['*'], exposeHeaders: ['*'], allowCredentials: false })).toEqual({
    allowOrigins: [{ exact: '*' }], allowMethods: ['*'], allowHeaders: ['*'], exposeHeaders: ['*'], allowCredentials: false,
  });
});

test.each<[string, CorsOrigin, unknown]>([
  ['any origin', CorsOrigin.any(), '*'], ['a regular expression that matches everything', CorsOrigin.regex('.*'), '.*'],
  ['a regular expression that matches *', CorsOrigin.regex('.'), '.'],
  ['a regular expression that matches every host', CorsOrigin.regex('https://.+'), 'https://.+'], ['a regular expression that matches every host in both schemes', CorsOrigin.regex('https?://[^/]*'), 'https?://[^/]*'],
  ['a prefix of untrusted origins', CorsOrigin.prefix('https://shop.example'), 'https://shop.example'], ['a scheme', CorsOrigin.prefix('https://'), 'https://'],
])('with credentials, %s is refused', (_, origin, value) => {
  expect(refusal(() => renderCors({ allowOrigins: [shop, origin], allowCredentials: true }))).toMatchObject({ prop: 'cors.allowOrigins[1]', value });
  expect(() => renderCors({ allowOrigins: [shop, origin] })).not.toThrow();
});

test.each(['allowMethods', 'allowHeaders', 'exposeHeaders'] as const)('with credentials, * is refused in %s, because browsers treat it as a literal name', name => {
  expect(refusal(() => renderCors({ allowOrigins: [shop], allowCredentials: true, [name]: ['*'] }))).toMatchObject({ prop: `cors.${name}`, value: '*' });
});

test.each(['', '*', 'shop.example.com', 'https://shop.example.com/', 'https://Shop.example.com', 'https://*.example.com', 'https:// a', 'null', undefined, null, 1, ['https://a.b']])('%p is not an origin', origin => {
  expect(refusal(() => CorsOrigin.exact(origin as string))).toMatchObject({ prop: 'origin', value: origin });
});

test.each(['https://shop.example.com', 'http://localhost:8080', 'chrome-extension://abc'])('%p is an origin', origin => {
  expect(CorsOrigin.exact(origin)._render()).toEqual({ exact: origin });
});

test.each(['', '*', 'shop', 'https:', 'https://a/', 'https://A', ' https://a', undefined, 1, ['https://a']])('%p is not a prefix of an origin', origin => {
  expect(refusal(() => CorsOrigin.prefix(origin as string))).toMatchObject({ prop: 'origin', value: origin });
});

const policy = (props: object) => () => renderCors({ allowOrigins: [shop], ...props } as CorsPolicy);

test.each<[string, () => unknown, string, unknown]>([
  ['no origin', policy({ allowOrigins: [] }), 'cors.allowOrigins', []],
  ['an invalid regular expression', () => CorsOrigin.regex('*'), 'regex', '*'],
  ['no method', policy({ allowMethods: [] }), 'cors.allowMethods', []],
  ['a method in lower case', policy({ allowMethods: ['GET', 'put'] }), 'cors.allowMethods[1]', 'put'],
  ['a method that Istio does not know', policy({ allowMethods: ['PURGE'] }), 'cors.allowMethods[0]', 'PURGE'],
  ['a duplicate method', policy({ allowMethods: ['GET', 'GET'] }), 'cors.allowMethods[1]', 'GET'],
  ['no header', policy({ allowHeaders: [] }), 'cors.allowHeaders', []],
  ['an invalid header name', policy({ allowHeaders: ['a b'] }), 'cors.allowHeaders[0]', 'a b'],
  ['a list in one string', policy({ exposeHeaders: ['a,b'] }), 'cors.exposeHeaders[0]', 'a,b'],
  ['a zero maxAge', policy({ maxAge: Duration.seconds(0) }), 'cors.maxAge', '0 ms'],
  ['a maxAge of half a second', policy({ maxAge: Duration.millis(500) }), 'cors.maxAge', '500 ms'],
  ['no policy', () => requireProps(CORS_POLICY, {}), 'allowOrigins', undefined],
  ['an origin as a string', () => requireProps(CORS_POLICY, { allowOrigins: ['*'] }), 'allowOrigins[0]', '*'],
  ['a number instead of a Duration', () => requireProps(CORS_POLICY, { allowOrigins: [], maxAge: 5 }), 'maxAge', 5],
  ['a string instead of a list', () => requireProps(CORS_POLICY, { allowOrigins: [], allowHeaders: '*' }), 'allowHeaders', '*'],
  ['a string instead of a boolean', () => requireProps(CORS_POLICY, { allowOrigins: [], allowCredentials: 'yes' }), 'allowCredentials', 'yes'],
  ['an unknown enum value', () => requireProps(CORS_POLICY, { allowOrigins: [], unmatchedPreflights: 'DROP' }), 'unmatchedPreflights', 'DROP'],
])('%s is refused', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});
