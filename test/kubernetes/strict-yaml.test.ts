// YAML is only read where the old and the new version of the language agree.
import { readStrictly } from './strict-yaml';

test.each<[text: string, ...documents: unknown[]]>([
  ['a: 1\n', { a: 1 }],
  ['---\na: "on"\n---\nb: [x, true, null, 1.5]\n', { a: 'on' }, { b: ['x', true, null, 1.5] }],
  ['a: |\n  1:30\n  on\nb: \'010\'\n', { a: '1:30\non\n', b: '010' }],
  ['8080: a\n', { 8080: 'a' }],
])('%j is read', (text, ...documents) => {
  expect(readStrictly(text)).toEqual({ documents, faults: [] });
});

test.each([
  ['a: on\n', 'document 1, /a: true in YAML 1.1, "on" in YAML 1.2'],
  ['a: [x, No]\n', 'document 1, /a/1: false in YAML 1.1, "No" in YAML 1.2'],
  ['a: 1\n---\nb: 010\n', 'document 2, /b: 8 in YAML 1.1, 10 in YAML 1.2'],
  ['a: 0o10\n', 'document 1, /a: "0o10" in YAML 1.1, 8 in YAML 1.2'],
  ['a: 1:30\n', 'document 1, /a: 90 in YAML 1.1, "1:30" in YAML 1.2'],
  ['a: 1_000\n', 'document 1, /a: 1000 in YAML 1.1, "1_000" in YAML 1.2'],
  ['a: 2024-01-01\n', 'document 1, /a: "2024-01-01T00:00:00.000Z" in YAML 1.1, "2024-01-01" in YAML 1.2'],
  ['on: 1\n', 'document 1, /true: 1 in YAML 1.1, nothing in YAML 1.2', 'document 1, /on: nothing in YAML 1.1, 1 in YAML 1.2'],
  ['<<: {a: 1}\n', 'document 1, /a: 1 in YAML 1.1, nothing in YAML 1.2', 'document 1, /<<: nothing in YAML 1.1, {"a":1} in YAML 1.2'],
])('%j says two things', (text, ...faults) => {
  expect(readStrictly(text).faults).toEqual(faults);
});

test.each([
  ['a: 1\na: 2\n', 'Map keys must be unique at line 2, column 1'],
  ['a:\n  b: 1\n  "b": 2\n', 'Map keys must be unique at line 3, column 3'],
  ['a:\n\t- 1\n', 'line 2 has the character "\\t"', 'Tabs are not allowed as indentation at line 2, column 1'],
  ['a: "x\ty"\n', 'line 1 has the character "\\t"'],
  ['a: 1\r\n', 'line 1 has the character "\\r"'],
  ['\uFEFFa: 1\n', 'line 1 has the character "\uFEFF"'],
  ['', 'has no document'],
  ['a: 1\n---\n---\nb: 1\n', 'document 2 is empty'],
  ['a: 1\n---\n', 'document 2 is empty'],
  ['a: [1\n', 'Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1'],
  ['a: !vault b\n', 'Unresolved tag: !vault at line 1, column 4'],
  ['a: *b\n', 'unidentified alias "b" (1:5)'],
])('%j is rejected', (text, ...faults) => {
  expect(readStrictly(text).faults).toEqual(faults);
});
