// Renders the attributes of load balancers, listeners and target groups: one row per prop, and an open map for new keys.
import type { Duration } from 'cdk8s';
import { type Codec } from '../../base/alb-annotations/codecs';
import { InvalidProps, within } from '../../base/errors';
import { OBJECT } from '../../base/prop-types';
import { wholeSeconds } from './duration';

/** Attributes on the wire, by key. */
export type WrittenAttributes = { readonly [key: string]: string };

/** How one prop is rendered. */
export interface AttributeRow<V> {
  /** Every key that the prop can write. `other` may not contain any of them. */
  readonly keys: readonly string[];
  write(value: V): WrittenAttributes;
}

/** A row for every prop of a type except `other`. */
export type AttributeRows<A> = { readonly [P in Exclude<keyof A, 'other'>]-?: AttributeRow<NonNullable<A[P]>> };

/** The encoding half of a codec. */
export type Writer<V> = Pick<Codec<V>, 'encode'>;

/** A prop that maps to one attribute. */
export function attribute<V>(key: string, codec: Writer<V>): AttributeRow<V> {
  return { keys: [key], write: value => ({ [key]: codec.encode(value) }) };
}

/** A duration that maps to one attribute, in whole seconds. */
export function seconds(key: string, min: number, max: number): AttributeRow<Duration> {
  return { keys: [key], write: value => ({ [key]: String(wholeSeconds('', value, min, max)) }) };
}

/** A prop whose own props map to attributes. */
export function group<A extends object>(rows: AttributeRows<A>): AttributeRow<A> {
  const named = Object.entries(rows) as [string & keyof A, AttributeRow<unknown>][];
  return {
    keys: named.flatMap(([, row]) => row.keys),
    write: values => Object.assign({}, ...named
      .filter(([prop]) => (OBJECT(values) as A)[prop] !== undefined)
      .map(([prop, row]) => within(`.${prop}`, () => row.write(values[prop])))) as WrittenAttributes,
  };
}

/** Attribute keys of ELBv2 (API 2015-12-01: 256 characters at most). */
const KEY = /^[A-Za-z0-9._]{1,256}$/;

/**
 * Renders attributes.
 *
 * @param prop name of the prop that holds them
 * @param elsewhere keys that another prop sets, with the name of that prop
 * @throws InvalidProps for a value out of bounds, and for a key in `other` that has a prop of its own
 */
export function renderAttributes<A extends { readonly other?: WrittenAttributes }>(
  prop: string, attributes: A, rows: AttributeRows<A>, elsewhere: { readonly [key: string]: string } = {},
): WrittenAttributes {
  const covered = new Map(Object.entries(elsewhere));
  for (const [name, row] of Object.entries(rows) as [string, AttributeRow<unknown>][]) {
    row.keys.forEach(key => covered.set(key, `${prop}.${name}`));
  }
  const other = attributes.other === undefined ? [] : Object.entries(within(`${prop}.other`, () => OBJECT(attributes.other) as WrittenAttributes));
  for (const [key, value] of other) {
    if (!KEY.test(key)) {
      throw InvalidProps.value(`${prop}.other`, key, 'must have keys of 1 to 256 letters, digits, dots and underscores');
    }
    if (covered.has(key)) {
      throw InvalidProps.conflict(`${prop}.other.${key}`, value, `cannot be set here; use ${covered.get(key)} instead`);
    }
    if (typeof value !== 'string' || value !== value.trim()) {
      throw InvalidProps.value(`${prop}.other.${key}`, value, 'must be a string without leading or trailing spaces');
    }
  }
  return { ...within(prop, () => group<object>(rows as AttributeRows<object>).write(attributes)), ...Object.fromEntries(other) };
}
