// Actions, conditions and transforms of listener rules as JSON, and logins and bearer tokens, as people could write them.
import * as fc from 'fast-check';

const TARGET_GROUP = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/x/1';

/** Some of the properties of an object. */
function partly<T>(fields: { readonly [P in keyof T]: fc.Arbitrary<T[P]> }, ...requiredKeys: (keyof T)[]): fc.Arbitrary<object> {
  return fc.record<T, keyof T>(fields, { requiredKeys, noNullPrototype: true });
}

/** Mostly the first, which is right. */
export function mostly<T>(first: fc.Arbitrary<T>, ...others: fc.Arbitrary<T>[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 9 * others.length, arbitrary: first }, ...others.map(arbitrary => ({ weight: 1, arbitrary })));
}

const json = (arbitrary: fc.Arbitrary<unknown>) => arbitrary.map(value => JSON.stringify(value));

const servicePort = fc.constantFrom<number | string>(80, 80, 'http', '80', 8080, 'gone', 'status');
const backend = mostly<object>(
  fc.record({ serviceName: fc.constantFrom('web', 'web', 'api'), servicePort }),
  fc.record({ serviceName: fc.constantFrom('gone', '') , servicePort }),
  fc.constantFrom({ targetGroupARN: TARGET_GROUP }, { targetGroupName: 'named' }, { targetGroupName: 'missing' }, { targetGroupARN: '' }, {}),
  fc.constantFrom({ serviceName: 'web' }, { servicePort: 80 }, { serviceName: 'web', servicePort: 80, targetGroupARN: TARGET_GROUP }, { serviceName: 'web',
    servicePort: '' }),
);
const weight = mostly<number | undefined>(fc.constantFrom(1, 9, 0, 999), fc.constantFrom(undefined, 1000, -1));
const stickiness = partly({ enabled: fc.boolean(), durationSeconds: fc.constantFrom(60, 604800, 0) });

const forward = fc.record({
  targetGroups: mostly(
    fc.array(fc.tuple(backend, weight).map(([own, share]) => ({ ...own, weight: share })), { minLength: 1, maxLength: 3 }),
    fc.array(backend, { maxLength: 2 }),
  ),
  targetGroupStickinessConfig: fc.option(stickiness, { nil: undefined, freq: 2 }),
}).map(forwardConfig => ({ type: 'forward', forwardConfig }));

const redirect = partly({
  protocol: fc.constantFrom('HTTPS', 'HTTPS', 'HTTP', '#{protocol}', 'https'),
  port: fc.constantFrom('443', '443', '80', '#{port}', ''),
  host: fc.constantFrom('www.example.com', 'shop.example.com', '#{host}', ''),
  path: fc.constantFrom('/new', '/api', '/#{path}', 'new'),
  query: fc.constantFrom('#{query}', 'a=b', ''),
  statusCode: fc.constantFrom('HTTP_301', 'HTTP_302'),
}, 'statusCode').map(redirectConfig => ({ type: 'redirect', redirectConfig }));

const fixedResponse = partly({
  contentType: fc.constantFrom('text/plain', 'text/html', 'text/csv'),
  messageBody: fc.constantFrom('down', ''),
  statusCode: fc.constantFrom('503', '200', '700', ''),
}, 'statusCode').map(fixedResponseConfig => ({ type: 'fixed-response', fixedResponseConfig }));

/** Actions; the last ones lack something. */
export const action = json(mostly<object>(
  fc.oneof(forward, redirect, fixedResponse),
  fc.constantFrom({ type: 'forward', targetGroupARN: TARGET_GROUP }, { type: 'forward', targetGroupName: 'named' }, { type: 'forward',
    targetGroupName: 'missing' },
    { type: 'redirect', targetGroupARN: TARGET_GROUP }, { type: 'forward', targetGroupARN: TARGET_GROUP, targetGroupName: 'named' }),
  fc.constantFrom({ type: 'forward' }, { type: 'redirect' }, { type: 'fixed-response' }, { type: 'authenticate-oidc' }, {}, { type: 'forward',
    forwardConfig: {} },
    { Type: 'fixed-response', FixedResponseConfig: { ContentType: 'text/plain', StatusCode: '200' } },
    { type: 'forward', forwardConfig: { targetGroups: [{ serviceName: 'web', servicePort: 80 }] }, redirectConfig: { statusCode: 'HTTP_301' } }),
));

const texts = (...values: string[]) => fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const patterns = (plain: readonly string[], regexes: readonly string[]) => mostly<object>(
  fc.oneof(texts(...plain).map(values => ({ values })), texts(...regexes).map(regexValues => ({ regexValues }))),
  fc.constantFrom({}, { values: [] }, { values: [plain[0]], regexValues: [regexes[0]] }, { values: [], regexValues: [regexes[0]] }),
);

const condition = mostly<object>(
  fc.oneof(
    patterns(['other.example.com', '*.example.org', 'shop.example.com'], ['^s[0-9]+\\.example\\.com$', '.*']).map(hostHeaderConfig => ({ field: 'host-header',
      hostHeaderConfig })),
    patterns(['/extra/*', '/a', '/*'], ['^/v[0-9]+', '(?i)/A']).map(pathPatternConfig => ({ field: 'path-pattern', pathPatternConfig })),
    fc.tuple(fc.constantFrom('x-a', 'X-B', 'host', ''), patterns(['1', '2*'], ['^a$']))
      .map(([httpHeaderName, values]) => ({ field: 'http-header', httpHeaderConfig: { httpHeaderName, ...values } })),
    texts('GET', 'HEAD', 'get').map(values => ({ field: 'http-request-method', httpRequestMethodConfig: { values } })),
    fc.array(fc.constantFrom<object>({ key: 'a', value: '1' }, { value: '2' }, { key: 'b', value: '' }, { key: 'c' }), { minLength: 1, maxLength: 3 })
      .map(values => ({ field: 'query-string', queryStringConfig: { values } })),
    texts('10.0.0.0/8', '192.168.0.0/16', '2001:db8::/32', 'x').map(values => ({ field: 'source-ip', sourceIPConfig: { values } })),
  ),
  fc.constantFrom({ field: 'cookie' }, { field: 'source-ip' }, {}, { field: 'host-header', pathPatternConfig: { values: ['/'] } },
    { field: 'http-header', httpHeaderConfig: { values: ['1'] } }, { field: 'query-string', queryStringConfig: {} },
    { Field: 'host-header', HostHeaderConfig: { Values: ['other.example.com'] } }, { field: 'Host-Header', hostHeaderConfig: { values: ['a.example.com'] } }),
);

/** Conditions, mostly one or two. */
export const conditions = json(mostly<unknown>(fc.array(condition, { minLength: 1, maxLength: 3 }), fc.constantFrom([], {}, { field: 'source-ip' })));

const rewrites = fc.array(fc.constantFrom<object>({ regex: '^/a', replace: '/b' }, { regex: '(', replace: '' }, { regex: '^/a' }, { replace: '/b' }),
  { maxLength: 2 });
const transform = mostly<object>(
  fc.oneof(rewrites.map(own => ({ type: 'url-rewrite', urlRewriteConfig: { rewrites: own } })),
    rewrites.map(own => ({ type: 'host-header-rewrite', hostHeaderRewriteConfig: { rewrites: own } }))),
  fc.constantFrom({ type: 'rewrite' }, { type: 'url-rewrite' }, {}, { type: 'url-rewrite', urlRewriteConfig: {} },
    { type: 'url-rewrite', hostHeaderRewriteConfig: { rewrites: [] } }, { Type: 'url-rewrite', UrlRewriteConfig: { Rewrites: [{ Regex: '^/a',
      Replace: '/b' }] } }),
);

/** Transforms, also two of one type. */
export const transforms = json(mostly<unknown>(fc.array(transform, { minLength: 1, maxLength: 2 }), fc.constantFrom([], {})));

const extra = fc.constantFrom<object>({}, { prompt: 'login' }, { prompt: 'login', display: 'page' });

/** Amazon Cognito user pools. */
export const cognito = json(partly({
  userPoolARN: fc.constant('arn:aws:cognito-idp:us-east-1:123456789012:userpool/a'),
  userPoolClientID: fc.constant('b'),
  userPoolDomain: fc.constant('c'),
  authenticationRequestExtraParams: extra,
}, 'userPoolARN', 'userPoolClientID', 'userPoolDomain'));

/** OpenID Connect providers, with Secrets of which some are missing or lack a key. */
export const oidc = json(partly({
  issuer: fc.constantFrom('https://i', 'i'),
  authorizationEndpoint: fc.constant('https://a'),
  tokenEndpoint: fc.constant('https://t'),
  userInfoEndpoint: fc.constant('https://u'),
  secretName: fc.constantFrom('oidc', 'oidc', 'oidc', 'old-oidc', 'gone', 'half'),
  authenticationRequestExtraParams: extra,
}, 'issuer', 'authorizationEndpoint', 'tokenEndpoint', 'userInfoEndpoint', 'secretName'));

const claim = partly({
  format: fc.constantFrom('single-string', 'string-array', 'space-separated-values', 'number'),
  name: fc.constantFrom('role', 'iss', ''),
  values: texts('admin', 'user'),
}, 'format', 'name', 'values');

/** Bearer tokens. */
export const jwt = json(partly({
  jwksEndpoint: fc.constantFrom('https://i/jwks', 'https://i/jwks', 'https://i/jwks', ''),
  issuer: fc.constantFrom('https://i', 'https://i', 'https://i', ''),
  additionalClaims: fc.array(mostly(claim, fc.constantFrom({}, { name: 'role' }, { format: 'single-string', name: 'a', values: [] })), { maxLength: 2 }),
}, 'jwksEndpoint', 'issuer'));

/** What listeners do with client certificates. */
export const clientCertificates = json(mostly<unknown>(fc.array(partly({
  port: fc.constantFrom(443, 443, 443, 8443, 80),
  mode: fc.constantFrom('verify', 'verify', 'passthrough', 'off', 'Verify'),
  trustStore: fc.constantFrom('partners', 'partners', 'arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/a/1', 'missing', ''),
  ignoreClientCertificateExpiry: fc.boolean(),
  advertiseTrustStoreCaNames: fc.constantFrom('on', 'off', 'On'),
}, 'port', 'mode'), { minLength: 1, maxLength: 2 }), fc.constantFrom([{ port: 443, mode: 'verify', trustStore: 'partners' }], [{ port: 443,
  mode: 'passthrough' }],
  [{ port: 443, mode: 'off' }]), fc.constantFrom([], {}, [{}])));
