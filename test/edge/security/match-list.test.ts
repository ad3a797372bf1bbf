// Value lists of authorization rules, and patterns with * at the start or the end.
import { coversString, requireStrings, requireWildcards, settleLists, wildcardField } from '../../../src/edge/security/match-list';
import { refusal } from '../../refusal';

test.each([
  ['*', '*', true], ['*', 'a', true], ['*', 'a*', true], ['a', 'a', true], ['a', 'b', false], ['a', '*', false],
  ['a*', 'a', true], ['a*', 'ab', true], ['a*', 'ab*', true], ['a*', 'b', false], ['a*', '*a', false], ['a*', '*', false], ['ab*', 'a*', false],
  ['*a', 'a', true], ['*a', 'ba', true], ['*a', '*ba', true], ['*a', 'b', false], ['*a', 'a*', false], ['*a', '*', false], ['*ba', '*a', false],
])('%s covers %s: %s', (pattern, value, expected) => {
  expect(coversString(pattern, value)).toBe(expected);
});

test('accepts * alone, at the start or at the end', () => {
  expect(requireWildcards('names', ['*', 'a*', '*a', 'a'])).toEqual(['*', 'a*', '*a', 'a']);
  for (const wrong of ['a*b', '*a*', '**', '*a*b', 'a*b*']) {
    expect(refusal(() => requireWildcards('names', ['a', wrong]))).toMatchObject({ prop: 'names[1]', value: wrong, reason: 'must be a string, optionally with one * at the start or the end, or * for any value' });
  }
});

test('a list has unique values without surrounding spaces', () => {
  expect(requireStrings('names', ['a b'])).toEqual(['a b']);
  expect(refusal(() => requireStrings('names', []))).toMatchObject({ prop: 'names', value: [], reason: expect.stringContaining('never matches') });
  expect(refusal(() => requireStrings('names', ['a', '']))).toMatchObject({ prop: 'names[1]', value: '' });
  expect(refusal(() => requireStrings('names', [' a']))).toMatchObject({ prop: 'names[0]', value: ' a' });
  expect(refusal(() => requireStrings('names', ['a ']))).toMatchObject({ prop: 'names[0]', value: 'a ' });
  expect(refusal(() => requireStrings('names', ['a', 'a']))).toMatchObject({ prop: 'names[1]', value: 'a' });
  expect(refusal(() => requireStrings('names', 'a' as never))).toMatchObject({ prop: 'names', value: 'a', reason: 'must be a list of strings' });
});

test('rejects unknown fields, which would leave the rule wider than written', () => {
  const fields = { names: wildcardField('a name') };
  expect(settleLists(fields, { names: ['a*'], notNames: ['ab'] }, 'the name')).toEqual({ names: ['a*'], notNames: ['ab'] });
  expect(refusal(() => settleLists(fields, { name: ['a'], names: ['a'] }, 'the name'))).toMatchObject({ prop: 'options', value: 'name', reason: 'must only contain names, notNames' });
  expect(refusal(() => settleLists(fields, {}, 'the name'))).toMatchObject({ prop: 'options', value: {}, reason: 'must contain at least one condition on the name' });
  expect(refusal(() => settleLists(fields, { names: undefined }, 'the name'))).toMatchObject({ prop: 'names', value: undefined, reason: 'must be a list' });
  expect(refusal(() => settleLists(fields, { names: undefined, notNames: undefined }, 'the name'))).toMatchObject({ prop: 'options' });
  expect(refusal(() => settleLists(fields, { names: ['ab', 'ac'], notNames: ['a*'] }, 'the name'))).toMatchObject({ prop: 'notNames', reason: expect.stringContaining('never match') });
});
