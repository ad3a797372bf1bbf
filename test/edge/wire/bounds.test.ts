// Bounds of props, with errors that name the prop.
import { Duration } from 'cdk8s';
import { InvalidProps } from '../../../src/base/errors';
import { boundedBy, filled, requireUnique } from '../../../src/edge/wire/bounds';
import { wholeSeconds } from '../../../src/edge/wire/duration';
import { refusal } from '../../refusal';

test('durations are whole seconds within bounds', () => {
  expect([Duration.millis(1000), Duration.minutes(1)].map(time => wholeSeconds('a', time, 1, 60))).toEqual([1, 60]);
  for (const time of [Duration.seconds(0), Duration.millis(1001), Duration.millis(0.5), Duration.seconds(61)]) {
    expect(refusal(() => wholeSeconds('a', time, 1, 60))).toMatchObject({ prop: 'a', reason: 'must be whole seconds, from 1 to 60' });
  }
});

test('rejects a number as a duration', () => {
  expect(refusal(() => wholeSeconds('a', 30 as never, 1, 60))).toMatchObject({ prop: 'a', value: 30, reason: expect.stringContaining('Duration.seconds(30)') });
});

test('explains the upper bound', () => {
  expect(refusal(() => wholeSeconds('a', Duration.seconds(9), 1, 8, ', the rest'))).toMatchObject({ reason: 'must be whole seconds, from 1 to 8, the rest' });
});

test('an empty map becomes undefined', () => {
  const map = { a: undefined };
  expect({ empty: filled({}), unset: filled(undefined), full: filled(map) }).toEqual({ empty: undefined, unset: undefined, full: map });
});

describe('a bound of the table', () => {
  const refusing = (prop: string) => ({
    encode: (): string => { throw InvalidProps.value(prop, 1, 'must be x'); }, decode: () => 1, read: () => 1, syntax: 'x',
  });

  it('passes the value through', () => {
    expect(boundedBy({ ...refusing(''), encode: String }, 7)).toBe(7);
  });

  it.each([
    ['.field', {}, 'field'], ['.field.deep[0]', { field: 'prop' }, 'prop.deep[0]'], ['.fieldARN', { field: 'a', fieldARN: 'fieldArn' }, 'fieldArn'],
    ['[0].config.values[1]', { '[0].config.': '' }, 'values[1]'], ['', { '': 'prop' }, 'prop'],
  ])('names the prop of %p', (field, names, prop) => {
    expect(refusal(() => boundedBy(refusing(field), 1, names as never))).toMatchObject({ prop, value: 1, reason: 'must be x' });
  });

  it('lets other errors pass', () => {
    expect(() => boundedBy({ ...refusing(''), encode: () => { throw new TypeError('mine'); } }, 1)).toThrow(new TypeError('mine'));
  });
});

test('list entries are unique', () => {
  expect(() => requireUnique('a', [1, 2, '1'])).not.toThrow();
  expect(refusal(() => requireUnique('a', [1, 2, 1]))).toMatchObject({ prop: 'a[2]', value: 1 });
});
