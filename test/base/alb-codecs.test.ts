// The codecs write the value of an annotation and read it as the controller does.
import { integer, json, list, stringMap, text, within, word } from '../../src/base/alb-codecs';
import { InvalidProps } from '../../src/base/errors';
import { refusal } from '../refusal';

const letter = text('one letter', /^[a-z]$/);

describe('text', () => {
  it('is the same on both sides, and has to match', () => {
    expect([letter.encode('a'), letter.decode('a')]).toEqual(['a', 'a']);
    expect(refusal(() => letter.encode('ab'))).toEqual({ prop: '', value: 'ab', allowed: 'one letter', path: '' });
    expect(refusal(() => letter.decode(''))).toMatchObject({ value: '' });
    expect(refusal(() => letter.encode(1 as never))).toMatchObject({ value: 1 });
  });
});

describe('integer', () => {
  const small = integer(1, 9);
  it('writes digits and reads what the controller reads', () => {
    expect(small.encode(9)).toBe('9');
    expect(['9', '+9', '009'].map(small.decode)).toEqual([9, 9, 9]);
  });

  it.each(['0', '10', '', ' 9', '9 ', '1.0', '1e0', '0x1', 'nine'])('does not read %p', written => {
    expect(refusal(() => small.decode(written))).toEqual({ prop: '', value: written, allowed: 'a whole number from 1 to 9', path: '' });
  });

  it.each([0, 10, 1.5, NaN])('does not write %p', value => {
    expect(refusal(() => small.encode(value))).toMatchObject({ value });
  });
});

describe('word', () => {
  const scheme = word({ A: 'internal', B: 'internet-facing' });
  it('knows its words and compares case', () => {
    expect([scheme.encode('internal'), scheme.decode('internet-facing')]).toEqual(['internal', 'internet-facing']);
    expect(refusal(() => scheme.decode('Internal'))).toMatchObject({ value: 'Internal', allowed: 'one of internal, internet-facing' });
  });
});

describe('list', () => {
  const letters = list(letter, 2);
  it('joins with commas, and reads past blanks and empty items', () => {
    expect(letters.encode(['b', 'a'])).toBe('b,a');
    expect(letters.decode(' b , a,,')).toEqual(['b', 'a']);
  });

  it('refuses too few items, an item that is none, and one given twice', () => {
    expect(refusal(() => letters.encode(['a']))).toMatchObject({ prop: '', value: ['a'], allowed: 'at least 2' });
    expect(refusal(() => letters.encode('ab' as never))).toMatchObject({ prop: '', value: 'ab' });
    expect(refusal(() => letters.encode(['a', '1']))).toMatchObject({ prop: '[1]', value: '1', allowed: 'one letter' });
    expect(refusal(() => letters.decode('a,b,a'))).toMatchObject({ prop: '[2]', value: 'a', allowed: 'every item once' });
  });
});

describe('stringMap', () => {
  const map = stringMap();
  it('sorts keys and escapes commas and backslashes', () => {
    expect(map.encode({ b: '1', a: 'x,y\\z=' })).toBe('a=x\\,y\\\\z=,b=1');
    expect(map.decode('a=x\\,y\\\\z=,b=1')).toEqual({ a: 'x,y\\z=', b: '1' });
  });

  it('reads blanks, empty pieces, duplicates and values with = as the controller does', () => {
    expect(map.decode(' a = 1 ,, a=2, b=c=d ,e=')).toEqual({ a: '2', b: 'c=d', e: '' });
  });

  it.each(['a', '=1', ' =1', 'a=1,b'])('does not read %p', written => {
    expect(refusal(() => map.decode(written))).toMatchObject({ value: written });
  });

  it('does not write what could not be read back', () => {
    expect(refusal(() => map.encode({ 'a=b': '1' }))).toMatchObject({ prop: '', value: 'a=b' });
    expect(refusal(() => map.encode({ '': '1' }))).toMatchObject({ prop: '', value: '' });
    expect(refusal(() => map.encode({ a: ' 1' }))).toMatchObject({ prop: '.a', value: ' 1' });
    expect(refusal(() => map.encode({ a: 1 as never }))).toMatchObject({ prop: '.a', value: 1 });
  });
});

describe('json', () => {
  const numbers = json<number[]>('numbers', value => value, read => read as number[]);
  it('writes compact JSON and refuses what is none', () => {
    expect(numbers.encode([1, 2])).toBe('[1,2]');
    expect(numbers.decode('[1, 2]')).toEqual([1, 2]);
    expect(refusal(() => numbers.decode('[1,'))).toMatchObject({ value: '[1,', allowed: 'numbers' });
  });
});

test('an error names the part of the value that is wrong, and other errors pass', () => {
  expect(refusal(() => within('a', () => { throw new InvalidProps('[1]', 1, 'x'); })).prop).toBe('a[1]');
  expect(() => within('a', () => { throw new TypeError('mine'); })).toThrow(new TypeError('mine'));
});
