// Law of types: wherever a user hands over a value of another type, it is refused by the name of its prop, whatever the compiler would say.
import { Construct } from 'constructs';
import { InvalidProps } from '../../src/base/errors';
import { PUBLIC_VALUES } from './public-values';
import type { Entry } from './entry';
import { ENTRIES, OTHER_CLASSES, OTHER_MAKERS } from './public-entries';

/** Values of all kinds, each of which is wrong wherever another kind belongs. */
const WRONG: readonly unknown[] = [null, 5, NaN, 'x', 'yes', true, [], [null], {}, new URL('https://a.b'), () => 1, Symbol('x')];

/** The words of all enums. */
const WORDS = new Set(Object.values(PUBLIC_VALUES).flatMap(each => typeof each === 'object' && each !== null ? Object.values(each) as unknown[] : []));

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return value === null || Number.isNaN(value) ? String(value) : WORDS.has(value) ? 'word' : typeof value;
  }
  if (Array.isArray(value)) {
    return value.includes(null) ? 'list of nothing' : 'list';
  }
  return value.constructor === Object ? 'object' : `instance of ${value.constructor.name}`;
}

/** Whether a value cannot stand where another is good. Props may be instances of a class that has them. */
function isWrong(value: unknown, good: unknown): boolean {
  return kindOf(value) !== kindOf(good) && !(kindOf(good) === 'object' && value instanceof URL);
}

/** A part of good arguments. */
interface Place {
  /** As an error calls it. */
  readonly name: string;
  readonly good: unknown;
  /** The arguments with another value there. */
  readonly with: (value: unknown) => unknown[];
}

function placesIn(name: string, good: unknown, put: (value: unknown) => unknown[], prefix = `${name}.`): Place[] {
  const parts = kindOf(good) === 'object'
    ? Object.entries(good as object).flatMap(([key, part]) => placesIn(prefix + key, part, value => put({ ...good as object, [key]: value })))
    : kindOf(good) === 'list' && (good as unknown[]).length > 0 ? placesIn(`${name}[0]`, (good as unknown[])[0], value => put([value])) : [];
  return [{ name, good, with: put }, ...parts];
}

function placesOf({ good, handedOn = [], nested = [] }: Entry): Place[] {
  const args = Object.values(good);
  return Object.entries(good).flatMap(([name, own], index) => placesIn(name, own, value => [...args.slice(0, index), value, ...args.slice(index + 1)], nested.includes(name) ? `${name}.` : ''))
    .filter(({ name }) => !handedOn.some(prefix => name.startsWith(prefix)));
}

/** What comes of a call: nothing where it goes through, what was refused, or another error, which no user should see. */
function outcome(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidProps)) {
      return String(error);
    }
    return `${error.prop} of ${typeof error.value} ${JSON.stringify(error.value)} is ${error.reason === '' ? '' : 'not allowed'}, at ${error.path || 'no path'}`;
  }
}

describe.each(Object.entries(ENTRIES))('%s', (_, entry) => {
  const places = placesOf(entry);
  const at = entry.path ?? 'no path';

  it('accepts valid arguments', () => {
    expect(outcome(() => entry.call(...Object.values(entry.good)))).toBeUndefined();
  });

  it('rejects every value of another type, with prop, value and path', () => {
    const cases = places.flatMap(place => WRONG.filter(value => isWrong(value, place.good)).map(value => ({ ...place, value })));
    const wrong = cases.map(({ name, good, value, with: put }) => {
      // A list of nothing is refused for its first item.
      const [prop, found] = kindOf(value) === 'list of nothing' && kindOf(good) === 'list' ? [`${name}[0]`, null] : [name, value];
      return { expected: `${prop} of ${typeof found} ${JSON.stringify(found)} is not allowed, at ${at}`, was: outcome(() => entry.call(...put(value))) };
    }).filter(({ expected, was }) => expected !== was);
    expect(wrong).toEqual([]);
  });

  it('rejects a missing required prop, and throws no other error', () => {
    const left = places.map(({ name, with: put }) => ({ name, was: outcome(() => entry.call(...put(undefined))) }));
    const needed = left.filter(({ name }) => name.endsWith('[0]') || entry.needed?.includes(name));
    expect(needed.filter(({ name, was }) => was !== `${name} of undefined undefined is not allowed, at ${at}`)).toEqual([]);
    expect(left.filter(({ was }) => was !== undefined && !was.includes(' is not allowed, at '))).toEqual([]);
    expect(entry.needed?.filter(name => !left.some(each => each.name === name)) ?? []).toEqual([]);
  });
});

test('every maker of every class is in the table, or known to be tested elsewhere', () => {
  const classes = Object.entries(PUBLIC_VALUES).filter(([name, type]) => typeof type === 'function' && !OTHER_CLASSES.includes(name)) as [string, { prototype: unknown }][];
  const missing = classes.flatMap(([name, type]) => {
    const makers = Object.entries(Object.getOwnPropertyDescriptors(type)).filter(([, { value }]) => typeof value === 'function' && !/^\w+\(\)/.test(String(value)));
    const own = makers.map(([maker]) => `${name}.${maker}`).filter(maker => !maker.includes('._'));
    return own.length === 0 || type.prototype instanceof Construct ? [...own, name] : own;
  }).filter(name => !(name in ENTRIES) && !OTHER_MAKERS.includes(name));
  expect(missing).toEqual([]);
});
