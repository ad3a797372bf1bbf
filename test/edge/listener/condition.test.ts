// What a listener rule looks at.
import { encodeAlbAnnotations } from '../../../src/base/alb-annotations/annotations';
import { ListenerCondition } from '../../../src/edge/listener/condition';
import { refusal } from '../../refusal';

function written(condition: ListenerCondition): string {
  return encodeAlbAnnotations({ conditions: { it: [condition._render()] } })['alb.ingress.kubernetes.io/conditions.it'];
}

test.each<[ListenerCondition, string, number]>([
  [ListenerCondition.hostHeader(['*.Example.com', 'a?.b']), '{"field":"host-header","hostHeaderConfig":{"values":["*.Example.com","a?.b"]}}', 2],
  [ListenerCondition.hostHeaderRegex(['^a[0-9]+\\.b$']), '{"field":"host-header","hostHeaderConfig":{"regexValues":["^a[0-9]+\\\\.b$"]}}', 1],
  [ListenerCondition.path(['/img/*', '*.png']), '{"field":"path-pattern","pathPatternConfig":{"values":["/img/*","*.png"]}}', 2],
  [ListenerCondition.pathRegex(['^/v[0-9]+/']), '{"field":"path-pattern","pathPatternConfig":{"regexValues":["^/v[0-9]+/"]}}', 1],
  [ListenerCondition.httpHeader('X-Canary', ['*']), '{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"X-Canary","values":["*"]}}', 1],
  [ListenerCondition.httpHeaderRegex('User-Agent', ['Bot', 'Crawler']), '{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"User-Agent","regexValues":["Bot","Crawler"]}}', 2],
  [ListenerCondition.method(['GET', 'HEAD', 'X-PURGE']), '{"field":"http-request-method","httpRequestMethodConfig":{"values":["GET","HEAD","X-PURGE"]}}', 3],
  [ListenerCondition.query([{ key: 'v', value: '2' }, { value: 'beta*' }]), '{"field":"query-string","queryStringConfig":{"values":[{"key":"v","value":"2"},{"value":"beta*"}]}}', 2],
  [ListenerCondition.sourceIp(['203.0.113.0/24', '2001:db8::/32']), '{"field":"source-ip","sourceIPConfig":{"values":["203.0.113.0/24","2001:db8::/32"]}}', 2],
])('%j is written and counted', (condition, json, values) => {
  expect({ written: written(condition), values: condition._values }).toEqual({ written: `[${json}]`, values });
  expect(JSON.parse(JSON.stringify(condition._render()))).toEqual(JSON.parse(json));
});

const SIX = ['a', 'b', 'c', 'd', 'e', 'f'];
const LONG = 'a'.repeat(129);

test('values at the bounds are accepted', () => {
  expect(() => ListenerCondition.hostHeader([`${'a'.repeat(126)}.b`])).not.toThrow();
  expect(() => ListenerCondition.path([`/${'a'.repeat(127)}`])).not.toThrow();
  expect(() => ListenerCondition.httpHeader('a'.repeat(40), ['a'.repeat(128)])).not.toThrow();
  expect(() => ListenerCondition.method(['A'.repeat(40)])).not.toThrow();
  expect(() => ListenerCondition.sourceIp(SIX.slice(1).map((_, index) => `10.0.${index}.0/24`))).not.toThrow();
});

test.each<[string, () => unknown, string, unknown]>([
  ['no host', () => ListenerCondition.hostHeader([]), 'values', []],
  ['a host without a dot', () => ListenerCondition.hostHeader(['localhost']), 'values[0]', 'localhost'],
  ['a host with a digit after the last dot', () => ListenerCondition.hostHeader(['a.b', 'a.b2']), 'values[1]', 'a.b2'],
  ['a long host', () => ListenerCondition.hostHeader([`${'a'.repeat(127)}.b`]), 'values[0]', `${'a'.repeat(127)}.b`],
  ['a host given twice', () => ListenerCondition.hostHeader(['a.b', 'a.b']), 'values[1]', '"a.b"'],
  ['an empty expression', () => ListenerCondition.hostHeaderRegex(['']), 'regexValues[0]', ''],
  ['a long expression', () => ListenerCondition.pathRegex([LONG]), 'regexValues[0]', LONG],
  ['half a path', () => ListenerCondition.path(['img']), 'values[0]', 'img'],
  ['a path with a query', () => ListenerCondition.path(['/a#b']), 'values[0]', '/a#b'],
  ['a long path', () => ListenerCondition.path([`/${'a'.repeat(128)}`]), 'values[0]', `/${'a'.repeat(128)}`],
  ['six paths', () => ListenerCondition.path(SIX.map(each => `/${each}`)), 'values', 6],
  ['the header Host', () => ListenerCondition.httpHeader('Host', ['a.b']), 'name', 'Host'],
  ['a header without a name', () => ListenerCondition.httpHeaderRegex('', ['a']), 'name', ''],
  ['a long name', () => ListenerCondition.httpHeader('a'.repeat(41), ['a']), 'name', 'a'.repeat(41)],
  ['a header without values', () => ListenerCondition.httpHeader('a', []), 'values', []],
  ['a header with six values', () => ListenerCondition.httpHeaderRegex('a', SIX), 'regexValues', 6],
  ['a method in lower case', () => ListenerCondition.method(['get']), 'values[0]', 'get'],
  ['a long method', () => ListenerCondition.method(['A'.repeat(41)]), 'values[0]', 'A'.repeat(41)],
  ['a pair without a value', () => ListenerCondition.query([{ key: 'a', value: '' }]), 'pairs[0].value', ''],
  ['a pair with an empty key', () => ListenerCondition.query([{ key: '', value: 'a' }]), 'pairs[0].key', ''],
  ['a long value', () => ListenerCondition.query([{ value: LONG }]), 'pairs[0].value', LONG],
  ['a pair given twice', () => ListenerCondition.query([{ value: 'a' }, { value: 'a' }]), 'pairs[1]', '{"value":"a"}'],
  ['an address without a length', () => ListenerCondition.sourceIp(['10.0.0.1']), 'cidrs[0]', '10.0.0.1'],
])('%s is rejected', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});

test('more than five addresses are rejected', () => {
  expect(refusal(() => ListenerCondition.sourceIp(SIX.map((_, index) => `10.0.${index}.0/24`)))).toMatchObject({ prop: 'cidrs' });
});
