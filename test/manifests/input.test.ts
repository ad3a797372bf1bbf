import { EdgeError } from '../../src/base/errors';
import { ConstructLike, readConstructs } from '../../src/manifests/constructs';
import { manifestsOf, readObjects } from '../../src/manifests/input';

const OBJECT = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } };

function construct(path: string, own: object, ...children: ConstructLike[]): ConstructLike {
  const self: ConstructLike = { ...own, node: { path, findAll: () => [self, ...children.flatMap(child => child.node.findAll())] } };
  return self;
}

const leaf = (path: string, toJson: () => unknown = () => OBJECT) => construct(path, { apiVersion: 'v1', kind: 'Service', toJson });

test('a construct tree yields its API objects in tree order, with their paths', () => {
  const app = construct('', {}, construct('chart', { toJson: () => { throw new Error('not to be called'); } }, leaf('chart/a'), leaf('chart/b')));
  expect(readConstructs(app)).toEqual([
    { object: OBJECT, origin: { construct: 'chart/a' } },
    { object: OBJECT, origin: { construct: 'chart/b' } },
  ]);
});

test('a single API object is a construct tree too', () => {
  expect(readConstructs(leaf('a'))).toHaveLength(1);
});

test.each([
  ['throws', () => { throw new Error('no value'); }, 'cannot be rendered: no value'],
  ['does not return an object', () => 'text', 'does not render to an object'],
])('an API object that %s is unreadable, with its path', (_, toJson, message) => {
  expect(() => readConstructs(leaf('chart/a', toJson))).toThrow(expect.objectContaining({ file: 'chart/a', message: expect.stringContaining(message) }));
});

test('plain objects have no origin, manifests keep theirs', () => {
  const manifest = { object: OBJECT, origin: { construct: 'a' } };
  expect(readObjects([OBJECT, manifest])).toEqual([{ object: OBJECT, origin: {} }, manifest]);
});

test.each([undefined, null, 1, 'text', {}, { node: {} }, [1], [[]], [null]])('%j is not a valid input', input => {
  expect(() => manifestsOf(input as never)).toThrow(EdgeError);
});
