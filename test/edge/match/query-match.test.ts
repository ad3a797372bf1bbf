// Conditions on the query of a request.
import { QueryMatch } from '../../../src/edge/match/query-match';
import { refusal } from '../../refusal';

test('a parameter is matched exactly, by prefix, by regular expression, or by its presence', () => {
  expect([QueryMatch.exact('lang', 'de'), QueryMatch.prefix('v', '1.'), QueryMatch.regex('id', '[0-9]+'), QueryMatch.present('Debug')]
    .map(match => ({ name: match.name, match: match._render() }))).toEqual([
      { name: 'lang', match: { exact: 'de' } }, { name: 'v', match: { prefix: '1.' } }, { name: 'id', match: { regex: '[0-9]+' } }, { name: 'Debug', match: {} },
    ]);
});

test.each(['', 'a b', 'a=b', 'a&b', 'a#b', 'a\n', undefined, null, 1])('%p is not the name of a parameter', name => {
  expect(refusal(() => QueryMatch.present(name as string))).toMatchObject({ prop: 'name', value: name });
});

test('a value must be a non-empty string, and a regular expression must be valid RE2', () => {
  expect(refusal(() => QueryMatch.exact('a', ''))).toMatchObject({ prop: 'value', value: '' });
  expect(refusal(() => QueryMatch.prefix('a', null as never))).toMatchObject({ prop: 'value', value: null });
  expect(refusal(() => QueryMatch.regex('a', '(?=b)'))).toMatchObject({ prop: 'regex', value: '(?=b)' });
});
