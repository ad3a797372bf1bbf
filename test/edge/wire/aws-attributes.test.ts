// Attributes: a row for every prop, and an open map for the rest.
import { Duration } from 'cdk8s';
import { boolean } from '../../../src/base/alb-annotations/codecs';
import { attribute, group, renderAttributes, seconds } from '../../../src/edge/wire/aws-attributes';
import { refusal } from '../../refusal';

interface Some {
  readonly on?: boolean;
  readonly deep?: { readonly time?: Duration };
  readonly other?: { readonly [key: string]: string };
}

const ROWS = { on: attribute('on.enabled', boolean()), deep: group<NonNullable<Some['deep']>>({ time: seconds('deep.seconds', 1, 9) }) };
const render = (some: Some) => renderAttributes('some', some, ROWS, { 'far.key': 'elsewhere' });

test('props are rendered, nested ones too', () => {
  expect(render({})).toEqual({});
  expect(render({ on: false, deep: { time: Duration.seconds(9) }, other: { z: '' } })).toEqual({ 'on.enabled': 'false', 'deep.seconds': '9', z: '' });
  expect(render({ on: undefined, deep: {}, other: {} })).toEqual({});
});

test('an error names the prop', () => {
  expect(refusal(() => render({ on: 1 as never }))).toMatchObject({ prop: 'some.on', value: 1 });
  expect(refusal(() => render({ deep: { time: Duration.seconds(10) } }))).toMatchObject({ prop: 'some.deep.time', value: '10000 ms' });
});

test.each([['on.enabled', 'some.on'], ['deep.seconds', 'some.deep'], ['far.key', 'elsewhere']])('%s can be set in one place only', (key, place) => {
  expect(refusal(() => render({ other: { [key]: 'true' } }))).toEqual({
    prop: `some.other.${key}`, value: 'true', reason: `cannot be set here; use ${place} instead`, path: '',
  });
});
