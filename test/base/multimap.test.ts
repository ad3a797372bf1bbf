import { addTo, groupBy } from '../../src/base/multimap';

test('items are added under their key in order', () => {
  const map = new Map<string, number[]>();
  ([['a', 1], ['b', 2], ['a', 3]] as const).forEach(([key, item]) => addTo(map, key, item));
  expect([...map]).toEqual([['a', [1, 3]], ['b', [2]]]);
});

test('groups are in the order of their first items, whatever the key is', () => {
  expect([...groupBy([3, 1, 2, 4], item => (item % 2 === 0 ? undefined : 'odd'))]).toEqual([['odd', [3, 1]], [undefined, [2, 4]]]);
  expect(groupBy([], String).size).toBe(0);
});
