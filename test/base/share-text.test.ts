// Shares of requests as text.
import { percentText, showShare } from '../../src/base/share-text';

test.each<[weight: number, weights: readonly number[], text: string]>([
  [1, [1, 1, 1], '33.3 %'],
  [2, [1, 2], '66.7 %'],
  [1, [1], '100 %'],
  [0, [0, 1], '0 %'],
  [0, [], '0 %'],
  [1, [1, 99999], '0.001 %'],
  [99999, [1, 99999], '99.999 %'],
  [1, [1, 4294967294], '0.00000002 %'],
])('%j of %j is %s', (weight, weights, text) => {
  expect(showShare(weight, weights)).toBe(text);
});

test('the rounding of sums adds no decimals', () => {
  expect([percentText(99.99999999999999, 2), percentText(1e-14, 2)]).toEqual(['100', '0']);
});
