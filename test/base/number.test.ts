// Whole numbers within bounds.
import { PORT_NUMBER, requireInteger, requirePort } from '../../src/base/number';
import { refusal } from '../refusal';

test('a port is an integer from 1 to 65535', () => {
  expect([1, 443, 65535].map(port => requirePort('port', port))).toEqual([1, 443, 65535]);
  for (const port of [0, -1, 65536, 80.5, NaN, Infinity, '80' as never, undefined as never]) {
    expect(refusal(() => requirePort('port', port, 'a'))).toEqual({ prop: 'port', value: port, reason: 'must be an integer from 1 to 65535', path: 'a' });
  }
});

test('bounds of a number are included', () => {
  expect([2, 3, 4].map(value => requireInteger('n', value, 2, 4))).toEqual([2, 3, 4]);
  expect([1, 5].map(value => refusal(() => requireInteger('n', value, 2, 4)).value)).toEqual([1, 5]);
});

test('the expression for ports matches 1 to 65535, without leading zeros', () => {
  const numbers = Array.from({ length: 70_001 }, (_, number) => String(number));
  const matched = numbers.filter(number => new RegExp(`^(${PORT_NUMBER})$`).test(number));
  expect([matched.length, matched[0], matched.at(-1)]).toEqual([65535, '1', '65535']);
  expect('080').not.toMatch(new RegExp(`^(${PORT_NUMBER})$`));
});
