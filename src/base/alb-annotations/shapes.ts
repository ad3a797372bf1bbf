// The shapes of JSON in annotations. The controller matches property names case-insensitively and ignores unknown ones
// (AWS Load Balancer Controller 3.5.0, pkg/annotations/parser.go:143), and so does this file; it writes the names of the guides.
import { type Codec } from './codecs';
import { InvalidProps, within } from '../errors';

/**
 * Checks a piece of JSON and returns it with property names as in the guides. Throws `InvalidProps`.
 *
 * `lenient` accepts what the controller decodes: only JSON types are checked, null is the type's zero value, and no property is required.
 */
export type Shape<T> = (json: unknown, lenient?: boolean) => T;

/** A codec for JSON of a shape. Encoding checks the same shape, so every encoded value can be decoded. */
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

/** A string that matches a pattern. */
export function aText(allowed: string, pattern: Pick<RegExp, 'test'> = /^[\s\S]+$/): Shape<string> {
  return (json, lenient) => {
    const value = lenient ? json ?? '' : json;
    if (lenient && typeof value !== 'string') {
      throw InvalidProps.value('', value, `must be a string${typeof value === 'object' ? '' : `: put quotes around ${String(value)}`}`);
    }
    if (typeof value !== 'string' || !(lenient || pattern.test(value))) {
      throw InvalidProps.value('', value, `must be ${allowed}`);
    }
    return value;
  };
}

/** One of several strings, case-sensitive. */
export function aWord<T extends string>(...words: readonly T[]): Shape<T> {
  return aText(`one of ${words.join(', ')}`, new RegExp(`^(${words.map(word => word.replace(/[/.+]/g, '\\$&')).join('|')})$`)) as Shape<T>;
}

/** An integer between two inclusive bounds. */
export function aNumber(min: number, max: number): Shape<number> {
  return (json, lenient) => {
    const value = lenient ? json ?? 0 : json;
    if (lenient && typeof value === 'string' && /^\d+$/.test(value)) {
      throw InvalidProps.value('', value, `must be an integer: remove the quotes around ${value}`);
    }
    if (!Number.isInteger(value) || (!lenient && ((value as number) < min || (value as number) > max))) {
      throw InvalidProps.value('', value, `must be an integer from ${min} to ${max}`);
    }
    return value as number;
  };
}

/** `true` or `false`. */
export const aBoolean: Shape<boolean> = (json, lenient) => {
  const value = lenient ? json ?? false : json;
  if (lenient && (value === 'true' || value === 'false')) {
    throw InvalidProps.value('', value, `must be true or false: remove the quotes around ${value}`);
  }
  if (typeof value !== 'boolean') {
    throw InvalidProps.value('', value, 'must be true or false');
  }
  return value;
};

/** A list, within bounds. */
export function aList<T>(item: Shape<T>, min = 1, max = Infinity): Shape<readonly T[]> {
  return (json, lenient) => {
    const value = lenient ? json ?? [] : json;
    if (lenient && !Array.isArray(value)) {
      throw InvalidProps.value('', value, `must be a JSON list${isObject(value) ? ': put [ ] around the object' : ''}`);
    }
    if (!Array.isArray(value) || (!lenient && (value.length < min || value.length > max))) {
      throw InvalidProps.value('', value,
        `must be a list of ${max === Infinity ? `at least ${min}` : `${min} to ${max}`} ${max === 1 || (min === 1 && max === Infinity) ? 'entry' : 'entries'}`);
    }
    return value.map((one, index) => within(`[${index}]`, () => item(one, lenient)));
  };
}

/** A map from string to string. */
export function aMap(max = Infinity): Shape<{ readonly [key: string]: string }> {
  return (json, lenient) => {
    const value = lenient ? json ?? {} : json;
    if (!isObject(value) || (!lenient && Object.keys(value).length > max)) {
      throw InvalidProps.value('', value, max === Infinity ? 'must be a map of strings' : `must be a map of at most ${max} strings`);
    }
    const read = aText('a string', /^/);
    return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, within(`.${key}`, () => read(text, lenient))]));
  };
}

type Fields<T> = { readonly [P in keyof T]-?: Shape<NonNullable<T[P]>> };

/** An object; `required` lists the required properties. Null counts as missing. */
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
        throw InvalidProps.missing(`.${name}`);
      }
    }
    return result as T;
  };
}

/** A shape with an additional check that the controller leaves to AWS. */
export function refined<T>(shape: Shape<T>, check: (value: T) => void): Shape<T> {
  return (json, lenient) => {
    const value = shape(json, lenient);
    if (!lenient) {
      check(value);
    }
    return value;
  };
}

/** A shape that the controller itself enforces. */
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
