// Quantities, as k8s.io/apimachinery 0.34.1 reads them.
import { isQuantity, nanosOf } from '../../../src/api-server/kubernetes/quantity';

test.each(['0', '1', '500m', '1.5', '.5', '5.', '1Gi', '1k', '1M', '1E', '1e3', '1E-3', '+1', '-1', ' 1 ', '100n', '1.5Gi', '+'])('%j is a quantity', text => {
  expect(isQuantity(text)).toBe(true);
});

test.each(['', ' ', '1e', '1K', '512MB', '512mb', '500mm', '1,5', '0.5 cores', '1gi', '1 Gi', 'one', '1e1.5', 'true'])('%j is none', text => {
  expect(isQuantity(text)).toBe(false);
});

test('quantities are compared exactly, and rounded up', () => {
  expect(nanosOf('1')).toBe(1_000_000_000n);
  expect(nanosOf(0.5)).toBe(nanosOf('500m'));
  expect(nanosOf('1Ki')).toBe(nanosOf('1024'));
  expect(nanosOf('1.5Gi')).toBe(nanosOf('1536Mi'));
  expect(nanosOf('1e3')).toBe(nanosOf('1k'));
  expect(nanosOf('-1')).toBe(-1_000_000_000n);
  expect(nanosOf('0.1n')).toBe(1n);
  expect(nanosOf('1e999')).toBeUndefined();
  expect(nanosOf('x')).toBeUndefined();
});
