// Labels: what may be one, and the recommended ones.
import { recommendedLabels, requireLabelKey, requireLabels } from '../../src/base/labels';
import { refusal } from '../refusal';

test('every object of an edge carries the recommended labels', () => {
  expect(recommendedLabels('istio-ingress', 'alb')).toEqual({
    'app.kubernetes.io/name': 'istio-ingress',
    'app.kubernetes.io/component': 'alb',
    'app.kubernetes.io/part-of': 'edge',
    'app.kubernetes.io/managed-by': 'cdk8s',
  });
});

test('a label key is a name, perhaps after a domain', () => {
  const legal = ['app', 'A_b.c-1', '1', 'istio.io/rev', 'a.b-c.d/e', 'a/b', `${'a'.repeat(253)}/${'a'.repeat(63)}`, 'a'.repeat(63)];
  expect(legal.map(key => requireLabelKey('key', key))).toEqual(legal);
  for (const key of ['', '/', 'a/', '/a', 'a/b/c', '-a', 'a-', 'a b', 'A/b', 'a-/b', '.a/b', 'a/-b', 'a/b_', '_a', 'a'.repeat(64), `a/${'a'.repeat(64)}`, `${'a'.repeat(254)}/b`, undefined as never]) {
    expect(refusal(() => requireLabelKey('key', key, 'p'))).toMatchObject({ prop: 'key', value: key, path: 'p' });
  }
});

test('labels are copied', () => {
  const labels = { app: 'a', 'istio.io/rev': '', v: 'a'.repeat(63), w: 'A_b.c-1' };
  expect(requireLabels('labels', labels)).toEqual(labels);
  expect(requireLabels('labels', labels)).not.toBe(labels);
});

test.each<[unknown, string, unknown]>([
  [{}, 'labels', {}],
  [undefined, 'labels', undefined],
  [{ 'a b': 'c' }, 'labels', 'a b'],
  [{ app: 'a b' }, 'labels.app', 'a b'],
  [{ app: '-a' }, 'labels.app', '-a'],
  [{ app: 'a', tier: 'b.' }, 'labels.tier', 'b.'],
  [{ app: 'a'.repeat(64) }, 'labels.app', 'a'.repeat(64)],
  [{ app: 1 }, 'labels.app', 1],
  ['app', 'labels', 'app'],
  [['app'], 'labels', ['app']],
])('labels %j are rejected at %s', (labels, prop, value) => {
  expect(refusal(() => requireLabels('labels', labels as never, 'p'))).toMatchObject({ prop, value, path: 'p' });
});

test.each([
  ['-', `${'a'.repeat(62)}-b`, 'a'.repeat(62)], ['several', `${'a'.repeat(60)}-._b`, 'a'.repeat(60)], ['a letter', 'a'.repeat(70), 'a'.repeat(63)],
])('a name that is cut behind %s still ends in a letter or digit', (_, name, expected) => {
  expect(recommendedLabels(name, 'alb')['app.kubernetes.io/name']).toBe(expected);
});
