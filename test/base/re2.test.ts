// Regular expressions as Envoy and Istio read them.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findRegex, matchesPart, quoteRegex, requireRegex } from '../../src/base/re2';
import { refusal } from '../refusal';

test('a regular expression knows its number of groups, and whether it matches a whole string', () => {
  const regex = requireRegex('regex', '/v([0-9]+)/(a|b)');
  expect(regex.groups).toBe(2);
  expect(['/v1/a', '/v12/b', '/v1/a/', 'x/v1/a', '/V1/a'].map(text => regex.matches(text))).toEqual([true, true, false, false, false]);
  expect(requireRegex('regex', '(?i)/A').matches('/a')).toBe(true);
});

test.each(['a{1000}', '(?P<name>a)', '(?<name>a)', '[[:alpha:]]+', '\\pL', '\\x{41}', '(?s).*', 'é', 'a'.repeat(1024)])('RE2 compiles %p', regex => {
  expect(requireRegex('regex', regex)).toBe(requireRegex('other', regex));
});

test.each([
  '(?=a)b', '(?!a)b', '(?<=a)b', '(?<!a)b', '(a)\\1', '(?P=a)', 'a{1001}', '(a{100}){100}', '(', 'a)', '[', '[z-a]', '*', '+a', 'a**', 'a++', '(?>a)', '(?x)a', '\\Z', '\\C', '\\u0041',
])('RE2 does not compile %p', regex => {
  expect(refusal(() => requireRegex('regex', regex, 'a/b'))).toEqual({
    prop: 'regex', value: regex, path: 'a/b', reason: expect.stringMatching(/^must be a valid RE2 regular expression, without look-around and back-references \(.+\)/),
  });
});

test.each(['', 'a'.repeat(1025), 'é'.repeat(513), undefined, null, 1, /a/, ['a']])('%p is none, or too long', regex => {
  expect(refusal(() => requireRegex('regex', regex as string))).toMatchObject({ prop: 'regex', value: regex, reason: 'must be a regular expression of 1 to 1024 bytes' });
});

test('an expression from elsewhere is found, or missing if Istio would refuse it', () => {
  expect(findRegex('/a.*')).toBe(requireRegex('regex', '/a.*'));
  expect(['(', '', '(?=a)', 1 as never].map(findRegex)).toEqual([undefined, undefined, undefined, undefined]);
});

test('CEL matches a part of a string', () => {
  expect([matchesPart('b+', 'abbc'), matchesPart('^b', 'abbc'), matchesPart('', '')]).toEqual([true, false, true]);
  expect(() => matchesPart('(', 'a')).toThrow();
});

// RE2's GlobalReplace (google/re2, re2/re2.cc), empty matches included.
test.each([
  ['/v([0-9]+)/', '/v1/a/v22/b', '/\\1-', '/1-a/22-b'], ['^/a', '/a/a', '/b', '/b/a'], ['b', 'aa', 'x', 'aa'], ['a', 'bab', '', 'bb'],
  ['(a)|(b)', 'ab\\c', '[\\1\\2\\0\\\\]', '[aa\\][bb\\]\\c'], ['a', 'a', '\\\\0\\d', '\\0\\d'],
  ['a*', 'aaa', 'x', 'x'], ['a*', 'baac', 'x', 'xbxcx'], ['a|b*', 'cbbad', '-', '-c--d-'], ['a*', '', 'x', 'x'],
  ['(a)', 'ab', '\\2', 'ab'], ['a', 'ab', '\\1', 'ab'], ['(a)', 'ab', '\\\\2', '\\2b'],
])('%p replaces in %p with %p: %p', (regex, text, rewrite, expected) => {
  expect(requireRegex('regex', regex).replaceAll(text, rewrite)).toBe(expected);
});

test('a quoted string matches only itself', () => {
  const text = '/a.b*c+d?(e)[f]{2}|g^h$i\\j';
  expect(requireRegex('regex', quoteRegex(text)).matches(text)).toBe(true);
  expect(requireRegex('regex', quoteRegex('/a.b')).matches('/aXb')).toBe(false);
});

test('the engine is loaded at the first regular expression', () => {
  const program = `require('tsx/cjs'); const { requireRegex } = require('./src/base/re2'); const loaded = () => Object.keys(require.cache).some(file => file.includes('re2js'));
    const before = loaded(); requireRegex('a', 'b'); console.log(before, loaded());`;
  expect(execFileSync(process.execPath, ['-e', program], { cwd: join(__dirname, '..', '..'), encoding: 'utf8' })).toBe('false true\n');
});
