// Structs of Kubernetes as props: what the constructs of cdk8s-plus drop is refused.
import { requireWritten } from '../../../src/edge/wire/kubernetes-fields';
import { refusal } from '../../refusal';

class Quantity {
  public constructor(public readonly value: string) {}
}

test('what was written is returned', () => {
  const written = [{ a: 1, b: { c: '1Gi' } }];
  expect(requireWritten('p', [{ a: 1, b: { c: new Quantity('1Gi') }, d: undefined }], written)).toBe(written);
  expect(requireWritten('p', undefined, [1])).toEqual([1]);
});

test.each<[unknown, unknown, string]>([
  [{ a: 1, x: 2 }, { a: 1 }, 'p.x'],
  [[{ a: 1 }, { x: 2 }], [{ a: 1 }, {}], 'p[1].x'],
  [{ a: { toString: 1 } }, { a: {} }, 'p.a.toString'],
  [{ a: 'b' }, { a: {} }, 'p.a'],
])('%j is refused where %j was written', (given, written, prop) => {
  expect(refusal(() => requireWritten('p', given, written)).prop).toBe(prop);
});
