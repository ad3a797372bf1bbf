// Conditions on the claims of a token.
import { ClaimMatch } from '../../../src/edge/match/claim-match';
import { refusal } from '../../refusal';

test('a claim is named by its path, outermost name first', () => {
  expect([ClaimMatch.exact(['group'], 'admin'), ClaimMatch.prefix(['realm.access', 'roles'], 'a'), ClaimMatch.regex(['https://a.b/c'], 'x|y')]
    .map(match => ({ key: match._key, negative: match._isNegative, match: match._render() }))).toEqual([
    { key: '@request.auth.claims[group]', negative: false, match: { exact: 'admin' } },
    { key: '@request.auth.claims[realm.access][roles]', negative: false, match: { prefix: 'a' } },
    { key: '@request.auth.claims[https://a.b/c]', negative: false, match: { regex: 'x|y' } },
  ]);
});

test('a negated condition matches another value or a missing claim', () => {
  expect([ClaimMatch.notExact(['a'], 'x'), ClaimMatch.notPrefix(['a'], 'x'), ClaimMatch.notRegex(['a'], '.*')]
    .map(match => ({ negative: match._isNegative, match: match._render() }))).toEqual([
    { negative: true, match: { exact: 'x' } }, { negative: true, match: { prefix: 'x' } }, { negative: true, match: { regex: '.*' } },
  ]);
});

test.each<[unknown, string, unknown]>([
  [[], 'claim', []], ['group', 'claim', 'group'], [undefined, 'claim', undefined], [null, 'claim', null], [[1], 'claim[0]', 1], [['a', ''], 'claim[1]', ''], [['a]'], 'claim[0]', 'a]'],
  [['[a'], 'claim[0]', '[a'], [['a\n'], 'claim[0]', 'a\n'],
])('%p is not the path of a claim', (claim, prop, value) => {
  expect(refusal(() => ClaimMatch.exact(claim as string[], 'a'))).toMatchObject({ prop, value });
});

test('a value must be a non-empty string, and a regular expression must be valid RE2', () => {
  expect(refusal(() => ClaimMatch.exact(['a'], ''))).toMatchObject({ prop: 'value', value: '' });
  expect(refusal(() => ClaimMatch.notPrefix(['a'], 1 as never))).toMatchObject({ prop: 'value', value: 1 });
  expect(refusal(() => ClaimMatch.regex(['a'], '*'))).toMatchObject({ prop: 'regex', value: '*' });
});
