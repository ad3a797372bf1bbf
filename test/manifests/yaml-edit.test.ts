import { type Edit, edited } from '../../src/manifests/yaml-edit';
import { pointer } from '../../src/manifests/pointer';

function set(steps: readonly string[], text: string, line = 1): Edit {
  return { line, op: 'set', pointer: pointer(...steps), text };
}

const INGRESS = `# the edge
kind: Ingress
metadata:
  name: edge   # of the shop
  annotations:
    "alb.ingress.kubernetes.io/scheme": internal
    note: |
      two
      lines
spec: {rules: []}
`;

test.each<[string, Edit, string, string]>([
  ['a value is replaced, and its comment stays', set(['metadata', 'name'], 'shop', 2), 'name: edge   #', 'name: shop   #'],
  ['a text that reads as a number is quoted', set(['metadata', 'name'], '443', 2), 'name: edge ', 'name: \'443\' '],
  ['a field is added behind the last one, even behind a block of text', set(['metadata', 'annotations', 'a/b'], 'c', 2), '      lines\n', '      lines\n    a/b: c\n'],
  ['missing objects are added around a field', set(['metadata', 'labels', 'app'], 'edge', 2), '      lines\n', '      lines\n  labels:\n    app: edge\n'],
  ['a field is added to a map in braces', set(['spec', 'ingressClassName'], 'alb', 2), '{rules: []}', '{rules: [], ingressClassName: alb }'],
  ['a key is renamed', { line: 2, op: 'rename', pointer: '/metadata/annotations/alb.ingress.kubernetes.io~1scheme', text: 'a/scheme' }, '"alb.ingress.kubernetes.io/scheme"', 'a/scheme'],
  ['a value gets quotes', { line: 2, op: 'quote', pointer: '/metadata/name' }, 'name: edge ', 'name: \'edge\' '],
])('%s', (_, edit, before, after) => {
  expect(edited(INGRESS, [edit])).toBe(INGRESS.replace(before, after));
});

test('several fields are added below one missing object', () => {
  expect(edited('a: 1', [set(['b', 'c'], 'x'), set(['b', 'd'], 'z')])).toBe('a: 1\nb:\n  c: x\n  d: z');
});

test('edits find their document by its line, and others stay as they are', () => {
  const text = 'a: 1\n---\n# second\n- not a map\n---\n\nb: {}\n...\n---\nc: 3\n';
  expect(edited(text, [set(['b', 'x'], 'z', 7), set(['d'], 'e', 10)])).toBe(text.replace('b: {}', 'b: { x: z }').replace('c: 3', 'c: 3\nd: e'));
});

test('fields in lists are found, and what is not there is left alone', () => {
  const text = 'servers:\n  - port: 80\n    tls: {mode: SIMPLE}\n  - port: 443\n';
  expect(edited(text, [set(['servers', '1', 'name'], 'https')])).toBe(`${text}    name: https\n`);
  expect(edited(text, [{ line: 1, op: 'quote', pointer: '/servers/0/port' }])).toBe(text.replace('80', '\'80\''));
  expect(edited(text, [{ line: 1, op: 'quote', pointer: '/servers/7/port' }, { line: 99, op: 'quote', pointer: '/servers' }])).toBe(text);
});
