// The shapes of JSON in annotations. The controller matches property names without regard to case and ignores those it does not know
// (AWS Load Balancer Controller 3.5.0, pkg/annotations/parser.go:143), and so do we; we write the names of its guides.
import { type Codec } from './codecs';
import { InvalidProps, within } from '../errors';

/**
 * Checks a piece of JSON and returns it with the names spelled as in the guides. Throws `InvalidProps`.
 *
 * `lenient` reads as the controller decodes: only JSON types count, null stands for the type's zero, and nothing is required.
 */
export type Shape<T> = (json: unknown, lenient?: boolean) => T;

/** A codec for JSON of a shape. What is written is checked by the same shape, so it can always be read back. */
export function json<T>(syntax: string, shape: Shape<T>): Codec<T> {
  const parse = (written: string): unknown => {
    try {
      return JSON.parse(written);
    } catch {
      throw InvalidProps.value('', written, `must be ${syntax}`);
    }
  };
  return {
    syntax,
    encode: value => JSON.stringify(shape(withoutUndefined(value))),
    decode: written => shape(parse(written)),
    read: written => shape(parse(written), true),
  };
}

/** A text, within bounds and of a pattern. */
export function aText(allowed: string, pattern: Pick<RegExp, 'test'> = /^[\s\S]+$/): Shape<string> {
  return (json, lenient) => {
    const value = lenient ? json ?? '' : json;
    if (typeof value !== 'string' || !(lenient || pattern.test(value))) {
      throw InvalidProps.value('', value, `must be ${allowed}`);
    }
    return value;
  };
}

/** One of some words, letter for letter. */
export function aWord<T extends string>(...words: readonly T[]): Shape<T> {
  return aText(`one of ${words.join(', ')}`, new RegExp(`^(${words.map(word => word.replace(/[/.+]/g, '\\$&')).join('|')})$`)) as Shape<T>;
}

/** A whole number between two bounds, both included. */
export function aNumber(min: number, max: number): Shape<number> {
  return (json, lenient) => {
    const value = lenient ? json ?? 0 : json;
    if (!Number.isInteger(value) || (!lenient && ((value as number) < min || (value as number) > max))) {
      throw InvalidProps.value('', value, `must be a whole number from ${min} to ${max}`);
    }
    return value as number;
  };
}

/** `true` or `false`. */
export const aBoolean: Shape<boolean> = (json, lenient) => {
  const value = lenient ? json ?? false : json;
  if (typeof value !== 'boolean') {
    throw InvalidProps.value('', value, 'must be true or false');
  }
  return value;
};

/** A list, within bounds. */
export function aList<T>(item: Shape<T>, min = 1, max = Infinity): Shape<readonly T[]> {
  return (json, lenient) => {
    const value = lenient ? json ?? [] : json;
    if (!Array.isArray(value) || (!lenient && (value.length < min || value.length > max))) {
      throw InvalidProps.value('', value, max === Infinity ? `must be a list of at least ${min}` : `must be a list of ${min} to ${max}`);
    }
    return value.map((one, index) => within(`[${index}]`, () => item(one, lenient)));
  };
}

/** A map from text to text. */
export function aMap(max = Infinity): Shape<{ readonly [key: string]: string }> {
  return (json, lenient) => {
    const value = lenient ? json ?? {} : json;
    if (!isObject(value) || (!lenient && Object.keys(value).length > max)) {
      throw InvalidProps.value('', value, max === Infinity ? 'must be a map of texts' : `must be a map of at most ${max} texts`);
    }
    const read = aText('a text', /^/);
    return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, within(`.${key}`, () => read(text, lenient))]));
  };
}

type Fields<T> = { readonly [P in keyof T]-?: Shape<NonNullable<T[P]>> };

/** An object; `required` names the properties that may not be left out. Null counts as left out. */
export function anObject<T extends object>(fields: Fields<T>, required: readonly (keyof T & string)[] = []): Shape<T> {
  const names = new Map(Object.keys(fields).map(name => [name.toLowerCase(), name as keyof T & string]));
  return (json, lenient) => {
    const value = lenient ? json ?? {} : json;
    if (!isObject(value)) {
      throw InvalidProps.value('', value, `must be an object with ${[...names.values()].join(', ')}`);
    }
    const result: Partial<T> = {};
    for (const [written, part] of Object.entries(value)) {
      const name = names.get(written.toLowerCase());
      if (name !== undefined && part !== null) {
        result[name] = within(`.${name}`, () => fields[name](part, lenient)) as T[typeof name];
      }
    }
    for (const name of lenient ? [] : required) {
      if (result[name] === undefined) {
        throw InvalidProps.value(`.${name}`, undefined, 'must be a value');
      }
    }
    return result as T;
  };
}

/** A shape with a check of more than types, which the controller leaves to AWS. */
export function refined<T>(shape: Shape<T>, check: (value: T) => void): Shape<T> {
  return (json, lenient) => {
    const value = shape(json, lenient);
    if (!lenient) {
      check(value);
    }
    return value;
  };
}

/** A shape that the controller checks itself, to the letter. */
export function always<T>(shape: Shape<T>): Shape<T> {
  return json => shape(json);
}

/** Whether the value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutUndefined(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
