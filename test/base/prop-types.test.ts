// Types of props, asked at run time.
import { BOOLEAN, instanceOf, listOf, marked, NUMBER, OBJECT, objectOf, partOf, type PropType, requireProps, TEXT, TEXT_MAP, TEXTS, wordOf } from '../../src/base/prop-types';
import { refusal } from '../refusal';

class Door {
  public readonly _class = 'Door';
}
class Gate extends Door {}
enum Side { LEFT = 'left', RIGHT = 'right' }
interface Props { readonly side?: Side; readonly doors?: Door[]; readonly size: number; readonly inner?: { readonly name: string } }
const PROPS = objectOf<Props>({ side: wordOf(Side), doors: listOf(instanceOf(Door, 'open()')), size: NUMBER, inner: objectOf({ name: TEXT }, ['name']) }, ['size']);

test.each<[string, PropType<unknown>, unknown[], unknown[], string]>([
  ['a text', TEXT, ['', 'a'], [undefined, null, 1, ['a'], Object('a')], 'a text'],
  ['a number', NUMBER, [0, -0.5], [NaN, Infinity, '1', 1n, null], 'a number'],
  ['a boolean', BOOLEAN, [true, false], ['yes', 0, 1, null], 'true or false'],
  ['an object', OBJECT, [{}, new Door()], [null, [], 'a', () => 1], 'an object'],
  ['texts', TEXTS, [[], ['a']], ['a', { length: 0 }, new Set()], 'a list'],
  ['a map', TEXT_MAP, [{}, { a: 'b' }], ['ab', ['a'], null], 'an object'],
  ['a word', wordOf(Side), ['left'], ['LEFT', 'both', null, ['left']], 'one of left, right'],
  ['an instance', instanceOf(Door, 'open()'), [new Door(), new Gate()], [{}, Door, null, 'Door'], 'what a maker of Door returns, such as Door.open()'],
  ['a mark', marked<Door>('Door', 'open()'), [new Door(), new Gate()], [{}, Door, null, undefined, 'Door'], 'what a maker of Door returns, such as Door.open()'],
])('%s is told from other values', (_, type, good, wrong, allowed) => {
  good.forEach(value => expect(type(value)).toBe(value));
  wrong.forEach(value => expect(refusal(() => type(value))).toEqual({ prop: '', value, reason: `must be ${allowed}`, path: '' }));
});

describe('props', () => {
  it('are handed on as they are', () => {
    const props = { size: 1, side: Side.LEFT, doors: [new Gate()], inner: { name: 'a' } };
    expect(requireProps(PROPS, props)).toBe(props);
    expect(() => requireProps(PROPS, { size: 1, side: undefined })).not.toThrow();
  });

  it('that nobody knows are refused, unless they say nothing', () => {
    expect(refusal(() => requireProps(PROPS, { size: 1, sise: 2 }, 'chart/Made'))).toEqual({
      prop: 'sise', value: 2, reason: 'must be no such prop; there are: doors, inner, side, size', path: 'chart/Made',
    });
    expect(refusal(() => requireProps(PROPS, { size: 1, inner: { name: 'a', nane: 'b' } }))).toMatchObject({ prop: 'inner.nane', value: 'b' });
    expect(() => requireProps(PROPS, { size: 1, sise: undefined })).not.toThrow();
  });

  it('are a part of an object that may have others', () => {
    const some = partOf<Pick<Props, 'size'>>({ size: NUMBER }, ['size']);
    expect(requireProps(some, { size: 1, doors: 'many' })).toEqual({ size: 1, doors: 'many' });
    expect(refusal(() => requireProps(some, { size: '1' }))).toMatchObject({ prop: 'size', value: '1' });
    expect(refusal(() => requireProps(some, {}))).toMatchObject({ prop: 'size', value: undefined });
  });

  it.each<[unknown, string, unknown]>([
    [undefined, 'props', undefined], ['a', 'props', 'a'], [{}, 'size', undefined], [{ size: '1' }, 'size', '1'], [{ size: 1, side: null }, 'side', null],
    [{ size: 1, doors: [new Door(), {}] }, 'doors[1]', {}], [{ size: 1, doors: [undefined] }, 'doors[0]', undefined], [{ size: 1, inner: {} }, 'inner.name', undefined],
  ])('%p are refused by the name of the part', (props, prop, value) => {
    expect(refusal(() => requireProps(PROPS, props, 'chart/Made'))).toMatchObject({ prop, value, path: 'chart/Made' });
  });

  it('have a name of their own where they are no props', () => {
    expect(refusal(() => requireProps(TEXTS, ['a', 1], '', 'hosts'))).toMatchObject({ prop: 'hosts[1]', value: 1 });
  });

  it('lets other errors pass', () => {
    expect(() => requireProps(PROPS, { get size(): number { throw new RangeError('mine'); } })).toThrow(new RangeError('mine'));
  });
});
