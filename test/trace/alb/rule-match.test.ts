// Conditions of listener rules, through traces.
import { type RuleCondition } from '../../../src/base/alb-annotations/rule';
import { MESH, endsOf, ingress, path, traceOf } from '../small-edge';

const values = (field: RuleCondition['field'], key: keyof RuleCondition, config: object): RuleCondition => ({ field, [key]: config }) as unknown as RuleCondition;
const FIXED = { type: 'fixed-response', fixedResponseConfig: { statusCode: '200', contentType: 'text/plain', messageBody: 'met' } };

/** Requests that meet the conditions are answered with 200, all others with 404. */
const conditioned = (conditions: readonly RuleCondition[], own: object = path('/*', 'fixed', 'use-annotation', 'ImplementationSpecific'), host?: string) => [
  ingress({ 'actions.fixed': JSON.stringify(FIXED), 'conditions.fixed': JSON.stringify(conditions) }, [{ ...(host ? { host } : {}), http: { paths: [own] } }]), ...MESH,
];
const host = (...own: readonly string[]) => values('host-header', 'hostHeaderConfig', { values: own });
const pathIs = (config: object) => values('path-pattern', 'pathPatternConfig', config);
const header = (name: string, config: object) => values('http-header', 'httpHeaderConfig', { httpHeaderName: name, ...config });
const method = (...own: readonly string[]) => values('http-request-method', 'httpRequestMethodConfig', { values: own });
const query = (...own: readonly object[]) => values('query-string', 'queryStringConfig', { values: own });
const source = (...own: readonly string[]) => values('source-ip', 'sourceIPConfig', { values: own });

test.each<[condition: RuleCondition, line: string, end: string]>([
  [host('A.example.com'), 'GET https://a.EXAMPLE.com/', '200'],
  [host('*.example.com'), 'GET https://x.y.example.com/', '200'],
  [host('*.example.com'), 'GET https://example.com/', '404 no rule'],
  [host('?.example.com', 'b.example.org'), 'GET https://b.example.org/', '200'],
  [host('?.example.com'), 'GET https://ab.example.com/', '404 no rule'],
  [host('b.example.com'), 'GET https://a.example.com/ host=b.example.com:443', '200'],
  [pathIs({ values: ['/Cart'] }), 'GET https://a.example.com/Cart?x=1', '200'],
  [pathIs({ values: ['/Cart'] }), 'GET https://a.example.com/cart', '404 no rule'],
  [pathIs({ values: ['/cart'] }), 'GET https://a.example.com/cart/', '404 no rule'],
  [pathIs({ values: ['/a/*/z'] }), 'GET https://a.example.com/a/b.c/d/z', '200'],
  [header('X-User', { values: ['ANN*', 'bob'] }), 'GET https://a.example.com/ x-user=annette', '200'],
  [header('x-user', { values: ['ann'] }), 'GET https://a.example.com/ x-user=bob', '404 no rule'],
  [header('x-user', { values: ['*'] }), 'GET https://a.example.com/', '404 no rule'],
  [header('x-user', { regexValues: ['^ann$'] }), 'GET https://a.example.com/ x-user=Ann', '200'],
  [method('PUT', 'POST'), 'POST https://a.example.com/', '200'],
  [method('POST'), 'GET https://a.example.com/', '404 no rule'],
  [query({ key: 'V', value: '1' }), 'GET https://a.example.com/?a=b&v=1', '200'],
  [query({ key: 'v', value: '1' }), 'GET https://a.example.com/?v=12', '404 no rule'],
  [query({ key: 'v', value: '*' }), 'GET https://a.example.com/', '404 no rule'],
  [query({ value: 'b?d' }), 'GET https://a.example.com/?x=BCD', '200'],
  [query({ key: 'v', value: '1' }, { key: 'w', value: '2' }), 'GET https://a.example.com/?w=2', '200'],
  [query({ key: 'q', value: 'a\\*b' }), 'GET https://a.example.com/?q=a*b', '200'],
  [query({ key: 'q', value: 'a\\*b' }), 'GET https://a.example.com/?q=axb', '404 no rule'],
  [query({ key: 'q', value: 'a\\?' }), 'GET https://a.example.com/?q=ab', '404 no rule'],
  [query({ key: 'q', value: 'a\\\\' }), 'GET https://a.example.com/?q=a\\', '200'],
  [source('192.0.2.0/24', '2001:db8::/32'), 'GET https://a.example.com/ from=192.0.2.7', '200'],
  [source('192.0.2.0/24', '2001:db8::/32'), 'GET https://a.example.com/ from=2001:db8::7', '200'],
  [source('192.0.2.0/24'), 'GET https://a.example.com/ from=198.51.100.7 x-forwarded-for=192.0.2.7', '404 no rule'],
])('%j and %s: %s', (condition, line, end) => {
  // The path of the Ingress is one of the values of a condition on paths.
  const own = condition.field === 'path-pattern' ? path('/unused', 'fixed', 'use-annotation', 'Exact') : undefined;
  expect(endsOf(conditioned([condition], own), line)).toBe(end);
});

test.each([
  ['/^/v[0-9]+/', '404 no rule', 'GET https://a.example.com/x/v12/'],
  ['/^/v[0-9]+/', '200', 'GET https://a.example.com/v12/x'],
  ['/v[0-9]+$', '200', 'GET https://a.example.com/x/v12'],
  ['/v[0-9]+$', '404 no rule', 'GET https://a.example.com/V12'],
])('the path as a regular expression: %s is %s for %s', (regex, end, line) => {
  const annotations = { 'actions.fixed': JSON.stringify(FIXED), 'use-regex-path-match': 'true' };
  const objects = [ingress(annotations, [{ http: { paths: [path(regex, 'fixed', 'use-annotation', 'ImplementationSpecific')] } }]), ...MESH];
  expect(endsOf(objects, line)).toBe(end);
});

test('all conditions of a rule must hold, those of the Ingress rule included', () => {
  const objects = conditioned([method('POST'), header('x-user', { values: ['ann'] })], path('/cart', 'fixed', 'use-annotation'), 'a.example.com');
  expect(endsOf(objects, 'POST https://a.example.com/cart/1 x-user=ann')).toBe('200');
  for (const line of ['GET https://a.example.com/cart x-user=ann', 'POST https://a.example.com/cart', 'POST https://b.example.com/cart x-user=ann', 'POST https://a.example.com/cartoon x-user=ann']) {
    expect([line, endsOf(objects, line)]).toEqual([line, '404 no rule']);
  }
});

test('a rule by source address is undecided if the request does not say the address, unless another condition decides', () => {
  const objects = conditioned([source('192.0.2.0/24'), method('POST')]);
  const { hops, ends } = traceOf(objects, 'POST https://a.example.com/');
  expect(ends).toMatchObject([{ kind: 'unsupported', to: 'unsupported', fix: 'Rule 1 decides by source address 192.0.2.0/24: add from=ADDRESS to the request.' }]);
  expect(hops.at(-1)).toMatchObject({ at: 'alb-rule', detail: expect.stringMatching(/^undecided: rule 1: /) });
  expect(endsOf(objects, 'GET https://a.example.com/')).toBe('404 no rule');
});

test('rules that were passed over are named with the condition that the request does not meet', () => {
  const { hops } = traceOf([ingress({}, [
    { host: 'b.example.com', http: { paths: [path('/', 'gw')] } }, { host: 'a.example.com', http: { paths: [path('/cart', 'gw', 443, 'Exact'), path('/', 'gw')] } },
  ]), ...MESH], 'GET https://a.example.com/x');
  expect(hops[1]).toMatchObject({ at: 'alb-rule', detail: 'rule 3: host a.example.com, path /* → Service edge/gw:443' });
  expect(hops[1].passedOver.map(({ what, why }) => `${what}: ${why}`)).toEqual(['rule 1: it wants host b.example.com', 'rule 2: it wants path /cart']);
});
