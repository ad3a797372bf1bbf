// What props may be, for callers whom no compiler stops: a table for every interface that a user fills in, asked where the props enter.
import { InvalidProps, renaming, within } from './errors';

/** Returns the value as it is, or throws `InvalidProps` that names the part of it that is of another type. */
export type PropType<T> = (value: unknown) => T;

/** A type for every prop of an interface; the compiler asks for those that are missing. */
export type PropTypes<T> = { readonly [P in keyof T]-?: PropType<T[P]> };

/** Values for which a test holds. */
export function typeOf<T>(allowed: string, holds: (value: unknown) => boolean): PropType<T> {
  return value => {
    if (!holds(value)) {
      throw InvalidProps.value('', value, `must be ${allowed}`);
    }
    return value as T;
  };
}

/** Any text. */
export const TEXT = typeOf<string>('a text', value => typeof value === 'string');

/** Any finite number; its bounds are checked where they are known. */
export const NUMBER = typeOf<number>('a number', Number.isFinite);

/** What another table is asked about. */
export const ANYTHING: PropType<unknown> = value => value;

/** `true` or `false`. */
export const BOOLEAN = typeOf<boolean>('true or false', value => typeof value === 'boolean');

/** Any object that is no list. */
export const OBJECT = typeOf<object>('an object', value => typeof value === 'object' && value !== null && !Array.isArray(value));

/** A list of any texts. */
export const TEXTS = listOf(TEXT);

/** Texts by name. */
export const TEXT_MAP: PropType<{ [name: string]: string }> = value => {
  const map = OBJECT(value) as { [name: string]: string };
  Object.entries(map).forEach(([name, text]) => within(`.${name}`, () => TEXT(text)));
  return map;
};

/** A list. */
export function listOf<T>(item: PropType<T>): PropType<T[]> {
  const list = typeOf<unknown[]>('a list', Array.isArray);
  return value => {
    const items = list(value);
    let index = 0;
    try {
      for (; index < items.length; index++) {
        item(items[index]);
      }
    } catch (error) {
      throw inside(`[${index}]`, error);
    }
    return value as T[];
  };
}

/** One word of an enum. */
export function wordOf<T extends string>(words: { readonly [name: string]: T }): PropType<T> {
  const allowed = Object.values(words);
  return typeOf(`one of ${allowed.join(', ')}`, value => allowed.includes(value as T));
}

/** An instance of a class. @param example a call of one of its makers */
export function instanceOf<T extends object>(type: { readonly name: string; readonly prototype: T }, example: string): PropType<T> {
  return typeOf(madeBy(type.name, example), value => value instanceof (type as unknown as new () => T));
}

/** An instance of a class that need not be loaded to tell: it carries its name. @param example a call of one of its makers */
export function marked<T extends { readonly _class: string }>(name: T['_class'], example: string): PropType<T> {
  return typeOf(madeBy(name, example), value => (value as Partial<T> | null | undefined)?._class === name);
}

function madeBy(name: string, example: string): string {
  return `what a maker of ${name} returns, such as ${name}.${example}`;
}

/** An object with these props and no others. @param needed those that may not be left out, as far as no check of their own says so better */
export function objectOf<T extends object>(types: PropTypes<T>, needed: readonly (keyof T & string)[] = []): PropType<T> {
  return checkedObject(types, needed, unknownProp(types));
}

/** An object with these props among others: a construct, or options of which another table has the rest. */
export function partOf<T extends object>(types: PropTypes<T>, needed: readonly (keyof T & string)[] = []): PropType<T> {
  return checkedObject(types, needed, () => undefined);
}

function checkedObject<T extends object>(types: PropTypes<T>, needed: readonly (keyof T & string)[], other: PropType<unknown>): PropType<T> {
  // Routes come by the thousand: what is not there costs nothing, and the way of an error is written only where there is one.
  return value => {
    const object = OBJECT(value) as T;
    let name: keyof T & string = needed[0];
    try {
      for (name in object) {
        if (object[name] !== undefined) {
          (types[name] ?? other)(object[name]);
        }
      }
      for (name of needed) {
        if (object[name] === undefined) {
          types[name](undefined);
        }
      }
    } catch (error) {
      throw inside(`.${name}`, error);
    }
    return object;
  };
}

/** What TypeScript says of a literal, said to those whom it does not stop: whoever runs it without checking it, or spreads an object. */
function unknownProp(types: object): PropType<never> {
  return typeOf(`no such prop; there are: ${Object.keys(types).sort().join(', ')}`, () => false);
}

function inside(place: string, error: unknown): unknown {
  return error instanceof InvalidProps ? error.renamed(prop => place + prop) : error;
}

/** Returns the props, or throws for the first that is of another type. @param whole what all of them together are called */
export function requireProps<T>(type: PropType<T>, props: unknown, path = '', whole = 'props'): T {
  return renaming(prop => (prop.startsWith('.') ? prop.slice(1) : whole + prop), () => type(props), path);
}
