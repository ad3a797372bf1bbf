// The codecs write the value of an annotation and read it as the controller does.
import { boolean, integer, list, stringMap, text, word } from '../../../src/base/alb-annotations/codecs';
import { aBoolean, aList, aMap, aNumber, aText, aWord, always, anObject, json, refined } from '../../../src/base/alb-annotations/shapes';
import { InvalidProps, within } from '../../../src/base/errors';
import { refusal } from '../../refusal';

const letter = text('one letter', /^[a-z]$/);

describe('string', () => {
  it('is the same on both sides, and has to match', () => {
    expect({ encoded: letter.encode('a'), decoded: letter.decode('a') }).toEqual({ encoded: 'a', decoded: 'a' });
    expect(refusal(() => letter.encode('ab'))).toEqual({ prop: '', value: 'ab', reason: 'must be one letter', path: '' });
    expect(refusal(() => letter.decode(''))).toMatchObject({ value: '' });
    expect(refusal(() => letter.encode(1 as never))).toMatchObject({ value: 1 });
    expect(refusal(() => text('digits', /^\d+$/).encode(1 as never))).toMatchObject({ value: 1 });
  });
});

describe('integer', () => {
  const small = integer(1, 9);
  it('writes digits and reads what the controller reads', () => {
    expect(integer(1, 9).encode(9)).toBe('9');
    expect(['9', '+9', '009'].map(small.decode)).toEqual([9, 9, 9]);
    expect(integer(-1, 1).decode('-0')).toBe(0);
  });

  it('is read by the controller within 32 bits, or the bounds that it has', () => {
    expect(['-2147483648', '2147483647'].map(integer(1, 9).read)).toEqual([-(2 ** 31), 2 ** 31 - 1]);
    for (const beyond of ['2147483648', '-2147483649']) {
      expect(refusal(() => integer(1, 9).read(beyond))).toMatchObject({ value: beyond, reason: 'must be an integer from 1 to 9' });
    }
    expect(refusal(() => integer(1, 65535).read('true'))).toMatchObject({ reason: 'must be a port from 1 to 65535' });
    expect(refusal(() => small.read('1.0'))).toMatchObject({ value: '1.0' });
    expect(refusal(() => integer(1, 9, [1, 9]).read('10'))).toMatchObject({ reason: 'must be an integer from 1 to 9' });
  });

  it.each(['0', '10', '', ' 9', '9 ', '1.0', '1e0', '0x1', 'nine'])('does not read %p', written => {
    expect(refusal(() => small.decode(written))).toEqual({ prop: '', value: written, reason: 'must be an integer from 1 to 9', path: '' });
  });

  it.each([0, 10, 1.5, NaN])('does not write %p', value => {
    expect(refusal(() => small.encode(value))).toMatchObject({ value });
  });
});

describe('enum', () => {
  const scheme = word({ A: 'internal', B: 'internet-facing' });
  it('accepts its values, case-sensitive', () => {
    expect({ encoded: scheme.encode('internal'), decoded: scheme.decode('internet-facing') }).toEqual({ encoded: 'internal', decoded: 'internet-facing' });
    expect(refusal(() => scheme.decode('Internal'))).toMatchObject({ value: 'Internal', reason: 'must be one of internal, internet-facing' });
  });
});

describe('list', () => {
  const letters = list(letter, 2);
  it('joins with commas, and reads past blanks and empty items', () => {
    expect(letters.encode(['b', 'a'])).toBe('b,a');
    expect(list(letter, 2).decode(' b , a,,')).toEqual(['b', 'a']);
    expect(list(letter, 2).read(' b , b,,')).toEqual(['b', 'b']);
    expect(list(letter, 2).read('')).toEqual([]);
  });

  it('rejects too few, invalid and duplicate items', () => {
    expect(refusal(() => letters.encode(['a']))).toMatchObject({ prop: '', value: ['a'], reason: 'must have at least 2 entries' });
    expect(refusal(() => list(letter).encode([]))).toMatchObject({ prop: '', value: [], reason: 'must have at least 1 entry' });
    expect(refusal(() => letters.encode('ab' as never))).toMatchObject({ prop: '', value: 'ab' });
    expect(refusal(() => letters.encode(['a', '1']))).toMatchObject({ prop: '[1]', value: '1', reason: 'must be one letter' });
    expect(refusal(() => letters.decode('a,b,a'))).toMatchObject({ prop: '[2]', value: 'a', reason: '"a" is already in the list' });
  });
});

describe('stringMap', () => {
  const map = stringMap();
  it('sorts keys and escapes commas and backslashes', () => {
    expect(map.encode({ b: '1', a: 'x,y\\z=' })).toBe('a=x\\,y\\\\z=,b=1');
    expect(map.decode('a=x\\,y\\\\z=,b=1')).toEqual({ a: 'x,y\\z=', b: '1' });
  });

  it.each<[string, object]>([
    ['a=b\\,c,d=e', { a: 'b,c', d: 'e' }],
    ['a=b,', { a: 'b,' }],
    ['a=b, \n', { a: 'b,' }],
    [' a = 1 , a=2, b=c=d ,e=', { a: '2', b: 'c=d', e: '' }],
    ['a=\\a\\\\', { a: 'a\\' }],
    ['', {}],
    ['\u0085a\u00a0=\u20281', { a: '1' }],
    ['__proto__=1', Object.fromEntries([['__proto__', '1']])],
  ])('reads %p as the controller does', (written, read) => {
    expect(Object.entries(map.decode(written))).toEqual(Object.entries(read));
    expect(map.read(written)).toEqual(map.decode(written));
  });

  it('decodes a long string in linear time', () => {
    const pieces = Array.from({ length: 50_000 }, (_, index) => `key${index}=1`);
    expect(Object.keys(map.read(pieces.join(',')))).toHaveLength(pieces.length);
  });

  it.each(['a', '=1', ' =1', 'a=1,b', 'a=b,c', 'x=1,,y=2', ',a=1', 'a=1,,'])('does not read %p', written => {
    expect(refusal(() => map.decode(written))).toMatchObject({ value: written });
  });

  it('does not write what could not be read back', () => {
    expect(refusal(() => map.encode({ 'a=b': '1' }))).toMatchObject({ prop: '', value: 'a=b' });
    expect(refusal(() => map.encode({ '': '1' }))).toMatchObject({ prop: '', value: '' });
    expect(refusal(() => map.encode({ ' a': '1' }))).toMatchObject({ prop: '', value: ' a' });
    expect(refusal(() => map.encode({ 'a\u3000': '1' }))).toMatchObject({ prop: '', value: 'a\u3000' });
    expect(refusal(() => map.encode({ a: ' 1' }))).toMatchObject({ prop: '.a', value: ' 1' });
    expect(refusal(() => map.encode({ a: 1 as never }))).toMatchObject({ prop: '.a', value: 1 });
  });
});

describe('boolean', () => {
  it('reads the spellings of Go, and no others', () => {
    expect(['1', 't', 'T', 'true', 'TRUE', 'True'].map(boolean().decode)).toEqual(Array(6).fill(true));
    expect(['0', 'f', 'F', 'false', 'FALSE', 'False'].map(boolean().decode)).toEqual(Array(6).fill(false));
    ['', 'yes', 'tRUE', ' true'].forEach(written => expect(refusal(() => boolean().read(written))).toMatchObject({ value: written }));
    expect(refusal(() => boolean().encode('true' as never))).toMatchObject({ value: 'true' });
  });

  it('is false to a controller that does not check', () => {
    expect(['yes', '', 'True', 'a1', '1a'].map(boolean(true).read)).toEqual([false, false, true, false, false]);
    expect(refusal(() => boolean(true).decode('yes'))).toMatchObject({ value: 'yes', reason: 'must be true or false' });
  });
});

describe('json', () => {
  const codec = json('an object', anObject<{ a: string; b?: number; c?: readonly boolean[]; d?: { readonly [key: string]: string } }>({
    a: aText('x or y', /^[xy]$/),
    b: aNumber(1, 2),
    c: aList(aBoolean, 1, 2),
    d: aMap(1),
  }, ['a']));

  it('encodes compact JSON and omits undefined values', () => {
    expect(codec.encode({ a: 'x', b: undefined, c: [true] })).toBe('{"a":"x","c":[true]}');
  });

  it('reads property names case-insensitively, ignores unknown ones, and treats null as unset', () => {
    expect(codec.decode(' {"A":"x","B":1,"C":[false],"more":{},"d":null} ')).toEqual({ a: 'x', b: 1, c: [false] });
    expect(codec.decode('{"a":"x","D":{"Key":"v"}}')).toEqual({ a: 'x', d: { Key: 'v' } });
  });

  it.each(['', '{', '{"a":"x"} x', '[]', 'null', '"x"', '{}', '{"a":null}', '{"a":1}', '{"a":"z"}', '{"a":"x","b":3}', '{"a":"x","b":"1"}', '{"a":"x","b":1.5}', '{"a":"x","c":[]}',
    '{"a":"x","c":[true,true,true]}', '{"a":"x","c":["true"]}', '{"a":"x","d":{"e":1}}', '{"a":"x","d":{"e":"","f":""}}', '“{}”'])('does not read %p', written => {
    expect(() => codec.decode(written)).toThrow(InvalidProps);
  });

  it('is read by the controller without regard to bounds and required names, and with zeros for null', () => {
    expect(codec.read('{"A":"z","b":3,"c":[null,true,true],"d":{"e":null,"f":""}}')).toEqual({ a: 'z', b: 3, c: [false, true, true], d: { e: '', f: '' } });
    expect([codec.read('null'), codec.read('{}')]).toEqual([{}, {}]);
    ['', '{"a":1}', '{"b":"1"}', '{"b":1.5}', '{"c":{}}', '{"c":["true"]}', '{"d":{"e":1}}', '[]'].forEach(written => expect(() => codec.read(written)).toThrow(InvalidProps));
  });

  it.each([
    [aList(aBoolean), {}, 'must be a list of at least 1 entry'], [aList(aBoolean, 2), [true], 'must be a list of at least 2 entries'],
    [aList(aBoolean, 0, 1), [true, true], 'must be a list of 0 to 1 entry'], [aList(aBoolean, 1, 2), [], 'must be a list of 1 to 2 entries'],
    [aMap(), [], 'must be a map of strings'], [aMap(1), { a: '', b: '' }, 'must be a map of at most 1 strings'],
    [anObject<{ a: boolean; b: boolean }>({ a: aBoolean, b: aBoolean }), [], 'must be an object with a, b'],
  ])('says what a value must be: case %#', (shape, value, reason) => {
    expect(refusal(() => shape(value))).toEqual({ prop: '', value, reason, path: '' });
  });

  it('accepts lists and maps up to their limits', () => {
    expect([aList(aBoolean, 0, 2)([]), aList(aBoolean, 1, 2)([true, false]), aMap(1)({ a: '' }), aMap()({})]).toEqual([[], [true, false], { a: '' }, {}]);
  });

  it('tells checks of AWS from those of the controller', () => {
    const even = refined(aNumber(0, 9), value => { if (value % 2) { throw InvalidProps.value('', value, 'must be an even number'); } });
    expect([even(4), even(5, true)]).toEqual([4, 5]);
    expect(refusal(() => even(5))).toMatchObject({ reason: 'must be an even number' });
    expect(refusal(() => always(aWord('a.b', 'c'))('axb', true))).toMatchObject({ value: 'axb', reason: 'must be one of a.b, c' });
  });
});

test('an error names the part of the value that is wrong, and other errors pass', () => {
  expect(refusal(() => within('a', () => { throw InvalidProps.value('[1]', 1, 'must be x'); })).prop).toBe('a[1]');
  expect(() => within('a', () => { throw new TypeError('mine'); })).toThrow(new TypeError('mine'));
});
