// The line of a field of a manifest.
import { lineOf } from '../../src/manifests/field-lines';
import { readObjects } from '../../src/manifests/input';
import { readYaml } from '../../src/manifests/yaml';

const TEXT = `# a comment
apiVersion: v1
kind: Service
metadata:
  name: a
  annotations: { "x/y": z,
    "a\\u0062": c }
spec:
  ports:
  - port: 80
  -
    port: 81
---

# another
apiVersion: v1
kind: List
items:
- &first
  apiVersion: v1
  kind: Service
  metadata: { name: b }
- apiVersion: v1
  kind: List
  items:
  - apiVersion: v1
    kind: Service
    metadata:
      name: c
--- {apiVersion: v1,
  kind: Service, metadata: {name: d,
  namespace: e}}
`;

test('is that of its key or list entry, in every document and list', () => {
  const [a, b, c, d] = readYaml(TEXT, 'a.yaml');
  const lines = (manifest: typeof a, pointers: string[]) => pointers.map(pointer => lineOf(manifest, pointer));
  expect(lines(a, ['', '/kind', '/metadata/name', '/metadata/annotations/x~1y', '/metadata/annotations/ab', '/spec/ports/0', '/spec/ports/1/port'])).toEqual([2, 3, 5, 6, 7, 10, 12]);
  expect(lines(b, ['', '/metadata/name'])).toEqual([19 + 1, 22]);
  expect(lines(c, ['', '/metadata', '/metadata/name'])).toEqual([26, 28, 29]);
  expect(lines(d, ['', '/kind', '/metadata/namespace'])).toEqual([30, 31, 32]);
});

test('is that of the nearest field above, if the file does not have it', () => {
  const [a] = readYaml(TEXT, 'a.yaml');
  expect(lineOf(a, '/spec/ports/1/targetPort/x')).toBe(11 + 1);
  expect(lineOf(a, '/status')).toBe(2);
});

test('is that of the field in a document in front of empty ones', () => {
  const [own, last] = readYaml('kind: A\napiVersion: v1\nmetadata:\n  name: a\n---\n---\n# none\n---\nkind: B\napiVersion: v1\n', 'a.yaml');
  expect(['/metadata/name', '/apiVersion'].map(pointer => lineOf(own, pointer))).toEqual([4, 2]);
  expect(lineOf(last, '/apiVersion')).toBe(10);
});

test.each(['\r\n', '\r'])('counts lines that end with %j', end => {
  const [, , , d] = readYaml(TEXT.replaceAll('\n', end), 'a.yaml');
  expect(lineOf(d, '/metadata/namespace')).toBe(32);
});

test('is that of the document where the document cannot be read without its directives', () => {
  const [own] = readYaml('%TAG !y! tag:yaml.org,2002:\n---\napiVersion: v1\nkind: !y!str Service\nmetadata: { name: a }\n', 'a.yaml');
  expect(lineOf(own, '/kind')).toBe(3);
});

test('is not known for objects', () => {
  expect(lineOf(readObjects([{ apiVersion: 'v1', kind: 'Service' }])[0], '/kind')).toBeUndefined();
});
