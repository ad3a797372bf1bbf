// Callers inside the mesh.
import { renderCallers } from '../../../src/edge/match/mesh-caller';
import { refusal } from '../../refusal';

test('a caller has labels, a namespace, or both', () => {
  expect(renderCallers([{ labels: { app: 'a' } }, { namespace: 'shop' }, { labels: { app: 'a' }, namespace: 'shop' }])).toEqual([
    { sourceLabels: { app: 'a' } }, { sourceNamespace: 'shop' }, { sourceLabels: { app: 'a' }, sourceNamespace: 'shop' },
  ]);
});

test.each<[unknown, string, unknown]>([
  ['a', 'callers', 'a'], [null, 'callers', null], [[null], 'callers[0]', null], [[{}], 'callers[0]', {}], [[{ labels: {} }], 'callers[0].labels', {}], [[{ labels: 'app' }], 'callers[0].labels', 'app'],
  [[{ labels: { app: 1 } }], 'callers[0].labels.app', 1], [[{ labels: { 'a b': 'c' } }], 'callers[0].labels', 'a b'], [[{ namespace: 'A' }], 'callers[0].namespace', 'A'],
  [[{ namespace: 1 }], 'callers[0].namespace', 1], [[{ namespace: 'a' }, { namespace: 'a' }], 'callers[1]', { namespace: 'a' }],
])('%j is refused', (callers, prop, value) => {
  expect(refusal(() => renderCallers(callers as never))).toMatchObject({ prop, value });
});
