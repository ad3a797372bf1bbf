// Wildcards of listener rules.
import { wildcardMatcher } from '../../../src/base/alb-annotations/wildcards';

test.each<[pattern: string, text: string, matches: boolean]>([
  ['', '', true],
  ['*', '', true],
  ['?', '', false],
  ['?', '\u{1F600}', true],
  ['a*', 'a', true],
  ['*a', 'ba', true],
  ['*a', 'ab', false],
  ['a*b*c', 'aXbXbXc', true],
  ['a*b*c', 'aXbXbX', false],
  ['*.*', 'a.b.c', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a.c', 'abc', false],
  ['a\\*', 'a\\b', true],
])('%s and %s: %s', (pattern, text, expected) => {
  expect(wildcardMatcher(pattern)(text)).toBe(expected);
});

test('many stars take no longer than the product of both lengths', () => {
  expect(wildcardMatcher('*a'.repeat(100))('a'.repeat(10_000) + 'b')).toBe(false);
});
