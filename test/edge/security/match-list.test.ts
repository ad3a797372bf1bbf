// Lists of values of a rule, and patterns with a star at an end.
import { coversText, requireTexts, requireWildcards, settleLists, wildcardField } from '../../../src/edge/security/match-list';
import { refusal } from '../../refusal';

test.each([
  ['*', '*', true], ['*', 'a', true], ['*', 'a*', true], ['a', 'a', true], ['a', 'b', false], ['a', '*', false],
  ['a*', 'a', true], ['a*', 'ab', true], ['a*', 'ab*', true], ['a*', 'b', false], ['a*', '*a', false], ['a*', '*', false], ['ab*', 'a*', false],
  ['*a', 'a', true], ['*a', 'ba', true], ['*a', '*ba', true], ['*a', 'b', false], ['*a', 'a*', false], ['*a', '*', false], ['*ba', '*a', false],
])('%s covers %s: %s', (pattern, value, expected) => {
  expect(coversText(pattern, value)).toBe(expected);
});

test('a star stands alone or at an end', () => {
  expect(requireWildcards('names', ['*', 'a*', '*a', 'a'])).toEqual(['*', 'a*', '*a', 'a']);
  for (const wrong of ['a*b', '*a*', '**']) {
    expect(refusal(() => requireWildcards('names', ['a', wrong]))).toMatchObject({ prop: 'names[1]', value: wrong, reason: expect.stringContaining('one *') });
  }
});

test('a list has values, each once and without blanks at its ends', () => {
  expect(requireTexts('names', ['a b'])).toEqual(['a b']);
  expect(refusal(() => requireTexts('names', []))).toMatchObject({ prop: 'names', value: [], reason: expect.stringContaining('never matches') });
  expect(refusal(() => requireTexts('names', ['a', '']))).toMatchObject({ prop: 'names[1]', value: '' });
  expect(refusal(() => requireTexts('names', [' a']))).toMatchObject({ prop: 'names[0]', value: ' a' });
  expect(refusal(() => requireTexts('names', ['a', 'a']))).toMatchObject({ prop: 'names[1]', value: 'a' });
  expect(refusal(() => requireTexts('names', 'a' as never))).toMatchObject({ prop: 'names', value: 'a', reason: 'must be a list' });
});

test('a name that is no field is refused, because the rule would be wider than it reads', () => {
  const fields = { names: wildcardField('a name') };
  expect(settleLists(fields, { names: ['a*'], notNames: ['ab'] }, 'the name')).toEqual({ names: ['a*'], notNames: ['ab'] });
  expect(refusal(() => settleLists(fields, { name: ['a'], names: ['a'] }, 'the name'))).toMatchObject({ prop: 'options', value: 'name', reason: 'must be the names names, notNames' });
  expect(refusal(() => settleLists(fields, {}, 'the name'))).toMatchObject({ prop: 'options', value: {} });
  expect(refusal(() => settleLists(fields, { names: ['ab', 'ac'], notNames: ['a*'] }, 'the name'))).toMatchObject({ prop: 'notNames', reason: expect.stringContaining('never match') });
});
