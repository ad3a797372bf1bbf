// Conditions on the headers of a request.
import { HeaderMatch } from '../../../src/edge/match/header-match';
import { refusal } from '../../refusal';

test('a header is matched exactly, by prefix, by regular expression, or by its presence', () => {
  const matches = [HeaderMatch.exact('end-user', 'Jason'), HeaderMatch.prefix('x-lab', 'a'), HeaderMatch.regex('cookie', '.*a=b.*'), HeaderMatch.present('x-canary')];
  expect(matches.map(match => ({ name: match.name, negative: match._isNegative, match: match._render() }))).toEqual([
    { name: 'end-user', negative: false, match: { exact: 'Jason' } }, { name: 'x-lab', negative: false, match: { prefix: 'a' } },
    { name: 'cookie', negative: false, match: { regex: '.*a=b.*' } }, { name: 'x-canary', negative: false, match: {} },
  ]);
});

test('a negated condition matches a missing header or another value', () => {
  const matches = [HeaderMatch.absent('a'), HeaderMatch.notExact('b', 'x'), HeaderMatch.notPrefix('c', 'x'), HeaderMatch.notRegex('d', 'x+')];
  expect(matches.map(match => ({ key: match._key, negative: match._isNegative, match: match._render() }))).toEqual([
    { key: 'a', negative: true, match: {} }, { key: 'b', negative: true, match: { exact: 'x' } },
    { key: 'c', negative: true, match: { prefix: 'x' } }, { key: 'd', negative: true, match: { regex: 'x+' } },
  ]);
});

test('a negated regular expression must not match the empty string, because Envoy treats a missing header as empty', () => {
  for (const regex of ['.*', 'x*', '(a|)', '^$']) {
    expect(refusal(() => HeaderMatch.notRegex('a', regex))).toMatchObject({ prop: 'regex', value: regex, reason: expect.stringContaining('missing header') });
  }
});

test.each(['', 'End-User', 'end user', 'a:b', ':authority', '@request.auth.claims[a]', 'a\n', 'é', undefined, null, 1])('%p is not a header name', name => {
  for (const call of [() => HeaderMatch.present(name as string), () => HeaderMatch.absent(name as string), () => HeaderMatch.exact(name as string, 'a')]) {
    expect(refusal(call)).toMatchObject({ prop: 'name', value: name });
  }
});

test('a value must be a non-empty string: Envoy would match any value with an empty one', () => {
  for (const how of ['exact', 'prefix', 'notExact', 'notPrefix'] as const) {
    for (const value of ['', 'a\nb', undefined, null, 1]) {
      expect(refusal(() => HeaderMatch[how]('a', value as never))).toMatchObject({ prop: 'value', value });
    }
  }
  for (const how of ['regex', 'notRegex'] as const) {
    for (const regex of ['', '*', '(', undefined, 1]) {
      expect(refusal(() => HeaderMatch[how]('a', regex as never))).toMatchObject({ prop: 'regex', value: regex });
    }
  }
});
