// Checks the types of props at run time, for callers without a type checker. Interfaces are described in a file generated from the jsii assembly.
import { InvalidProps, renamed, within } from './errors';
import { CLASSES, ENUMS, IMPLEMENTATIONS, INTERFACES } from './prop-types.generated';
import { similarTo } from './spelling';

/** Returns the value unchanged, or throws `InvalidProps` that names the part of it that has the wrong type. */
export type PropType<T> = (value: unknown) => T;

/** Types of some props, which replace the generated ones. */
export type PropTypes<T> = { readonly [P in keyof T]?: PropType<unknown> };

type Interfaces = typeof INTERFACES;
type InterfaceName = keyof Interfaces;
type ClassName = keyof typeof CLASSES;

/** What the generated file says about a type, as far as it is no name of another one. */
type Described<D> = D extends `${infer B}?` ? Described<B> | undefined
  : D extends 'string' ? string : D extends 'number' ? number : D extends 'boolean' ? boolean
    : D extends 'string[]' ? readonly string[] : D extends 'number[]' ? readonly number[] : unknown;
type Optional<D> = { [P in keyof D]: D[P] extends `${string}?` ? P : never }[keyof D];
type Shape<D> = { readonly [P in Exclude<keyof D, Optional<D>>]: Described<D[P]> } & { readonly [P in Optional<D>]?: Described<D[P]> };
type IsA<T, S> = T extends S ? true : false;
type PublicKey<T> = Exclude<keyof T, `_${string}`>;

/** Whether the generated file describes the interface T under the name N. */
type Describes<N extends InterfaceName, T> = string extends keyof Interfaces[N] ? true
  : [PublicKey<T>, keyof Interfaces[N]] extends [keyof Interfaces[N], PublicKey<T>] ? IsA<T, Shape<Interfaces[N]>> : false;

/** Compiles only if the interface is described as it is declared. */
type Checked<N extends InterfaceName, T> = Describes<N, T> extends true ? unknown
  : { readonly 'run `npm run props`: this is another interface, or it has changed': N };

/** The names under which the generated file describes T. */
type NameOf<T> = { [N in InterfaceName]: Describes<N, T> extends true ? N : never }[InterfaceName];

/** Values for which a test holds. @param requirement what the value must be, such as "a string" */
export function typeOf<T>(requirement: string, holds: (value: unknown) => boolean): PropType<T> {
  return value => {
    if (!holds(value)) {
      throw InvalidProps.value('', value, `must be ${requirement}`);
    }
    return value as T;
  };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Any string. */
export const STRING = typeOf<string>('a string', value => typeof value === 'string');

/** Any finite number. */
export const NUMBER = typeOf<number>('a number', Number.isFinite);

/** Anything: the value is checked elsewhere. */
export const ANYTHING: PropType<unknown> = value => value;

/** `true` or `false`. */
export const BOOLEAN = typeOf<boolean>('true or false', value => typeof value === 'boolean');

/** Anything, or nothing: another check knows more about the value, and reports a missing one as well. */
export const CHECKED_LATER: PropType<unknown> = value => value;

/** A plain object. Others, such as a Map, keep their content where reading props by name finds nothing. */
export const OBJECT = typeOf<object>('a plain object', isPlain);

const FUNCTION = typeOf<() => unknown>('a function', value => typeof value === 'function');

/** A list of strings. */
export const STRINGS = listOf(STRING, 'a list of strings');

/** Strings by name. */
export const STRING_MAP = mapOf(STRING);

/** A list. */
export function listOf<T>(item: PropType<T>, requirement = 'a list'): PropType<T[]> {
  const list = typeOf<unknown[]>(requirement, Array.isArray);
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

/** Values by name. */
export function mapOf<T>(entry: PropType<T>): PropType<{ readonly [name: string]: T }> {
  return value => {
    const map = OBJECT(value) as { readonly [name: string]: T };
    Object.keys(map).forEach(name => within(`.${name}`, () => entry(map[name])));
    return map;
  };
}

/** A value of an enum. */
export function enumOf<T extends string>(name: keyof typeof ENUMS): PropType<T> {
  const allowed: readonly string[] = ENUMS[name];
  return typeOf(`one of ${allowed.join(', ')}`, value => allowed.includes(value as string));
}

/**
 * An instance of a class or of its subclasses. Classes are compared by name: the caller may have another copy of the package, and this file may
 * not import the class.
 */
export function instanceOf<T extends object>(name: ClassName): PropType<T> {
  return typeOf(`${withArticle(name)}, such as ${CLASSES[name]}`, value => {
    for (let at: unknown = typeof value === 'object' ? value : null; at !== null; at = Object.getPrototypeOf(at)) {
      if ((at as object).constructor?.name === name) {
        return true;
      }
    }
    return false;
  });
}

function withArticle(name: string): string {
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** The compiled types, by their notation in the generated file. */
const COMPILED = new Map<string, PropType<unknown>>();

/** The type that a notation describes, such as `PathMatch[]`. Compiled when it is first needed. */
function compiled(notation: string): PropType<unknown> {
  let type = COMPILED.get(notation);
  if (type === undefined) {
    type = compile(notation);
    COMPILED.set(notation, type);
  }
  return type;
}

const PRIMITIVES: Readonly<Record<string, PropType<unknown>>> = {
  any: ANYTHING, boolean: BOOLEAN, function: FUNCTION, number: NUMBER, object: OBJECT, string: STRING, 'string[]': STRINGS, '{string}': STRING_MAP,
};

function compile(notation: string): PropType<unknown> {
  if (notation in PRIMITIVES) {
    return PRIMITIVES[notation];
  }
  if (notation.endsWith('[]')) {
    return listOf(later(notation.slice(0, -2)));
  }
  if (notation.startsWith('{')) {
    return mapOf(compiled(notation.slice(1, -1)));
  }
  if (notation in ENUMS) {
    return enumOf(notation as keyof typeof ENUMS);
  }
  return notation in CLASSES ? instanceOf(notation as ClassName) : described(notation as InterfaceName, {});
}

/** The type, compiled when the first value comes: an interface may contain a list of itself. */
function later(notation: string): PropType<unknown> {
  let type: PropType<unknown> | undefined;
  return value => (type ??= compiled(notation))(value);
}

/**
 * The type of an interface of the public API.
 *
 * @param replaced types of props that the generated file does not describe well enough, and of further props that the object may have
 */
export function propsOf<T extends object>(name: NameOf<T>, replaced: PropTypes<T> & { readonly [prop: string]: PropType<unknown> } = {}): PropType<T> {
  let type: PropType<T> | undefined;
  return value => (type ??= described(name, replaced) as PropType<T>)(value);
}

/** Types by member, or their notations, which are compiled when the first value comes: most programs use few of the interfaces. */
type MemberTypes = { readonly [member: string]: PropType<unknown> | string | undefined };

function described(name: InterfaceName, replaced: { readonly [prop: string]: PropType<unknown> | undefined }): PropType<object> {
  const members = Object.entries<string>(INTERFACES[name]);
  // Without a prototype: an object may well have a prop called constructor.
  const types: MemberTypes = Object.assign(
    Object.create(null) as object, Object.fromEntries(members.map(([prop, notation]) => [prop, notation.replace(/\?$/, '')])), replaced,
  );
  const required = members.filter(([prop, notation]) => !notation.endsWith('?') && types[prop] !== CHECKED_LATER).map(([prop]) => prop);
  // By the rule of jsii, only the names of interfaces with behavior start with I. Classes implement them, with members of their own.
  return /^I[A-Z]/.test(name) ? behavior(name, types, required) : struct(name, types, required);
}

/** An object with these props and no others. */
function struct(name: string, types: MemberTypes, required: readonly string[]): PropType<object> {
  const whole = required.length === 0 ? OBJECT : typeOf<object>(`an object with ${required.join(', ')}`, isPlain);
  return withMembers(whole, types, required, (prop, value) => {
    throw InvalidProps.conflict('', value, notAProp(prop, name, Object.keys(types)));
  });
}

/** An object with these members among others. One that lacks a method, or that has none of several members, is not an implementation at all. */
function behavior(name: InterfaceName, types: MemberTypes, required: readonly string[]): PropType<object> {
  const members: Readonly<Record<string, string>> = INTERFACES[name];
  const methods = required.filter(member => members[member] === 'function');
  const known: string | undefined = (IMPLEMENTATIONS as Readonly<Record<string, string>>)[name];
  const example = known === undefined ? `: an object with ${required.join(', ')}` : `, such as ${known}`;
  const implementation = typeOf<object>(withArticle(name) + example, value => {
    const member = (prop: string): unknown => (value as Readonly<Record<string, unknown>> | null | undefined)?.[prop];
    return methods.length > 0 ? methods.every(method => typeof member(method) === 'function')
      : isObject(value) && (required.length === 1 || required.some(prop => member(prop) !== undefined));
  });
  return withMembers(implementation, types, required, () => undefined);
}

function withMembers(
  whole: PropType<object>, types: MemberTypes, required: readonly string[], other: (prop: string, value: unknown) => void,
): PropType<object> {
  // Called for every one of thousands of routes: a prop that is not set costs nothing, and a name is composed only for an error.
  return value => {
    const object = whole(value) as Readonly<Record<string, unknown>>;
    let name = '';
    try {
      for (name in object) {
        const given = object[name];
        if (given !== undefined) {
          const type = types[name];
          if (type === undefined) {
            other(name, given);
          } else if (typeof type === 'string') {
            compiled(type)(given);
          } else {
            type(given);
          }
        }
      }
      for (name of required) {
        if (object[name] === undefined) {
          throw InvalidProps.missing('');
        }
      }
    } catch (error) {
      throw inside(`.${name}`, error);
    }
    return object;
  };
}

/** Whether the value is an object of JSON or an object literal, made in any realm: Jest runs tests in realms of their own. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function notAProp(prop: string, owner: string, known: readonly string[]): string {
  const meant = similarTo(prop, known);
  return meant !== undefined
    ? `is not a prop of ${owner}; did you mean ${meant}?`
    : `is not a prop of ${owner}; its props are ${[...known].sort().join(', ')}`;
}

function inside(place: string, error: unknown): unknown {
  return renamed(error, prop => place + prop);
}

/**
 * Returns the props, or throws for the first that has the wrong type, is not declared, or is missing.
 *
 * @param type a type, or the name of the interface of the props
 * @param whole what to call all of them together
 */
export function requireProps<N extends InterfaceName, T extends object>(type: N, props: (T & Checked<N, T>) | undefined, path?: string, whole?: string): T;
export function requireProps<T>(type: PropType<T>, props: unknown, path?: string, whole?: string): T;
export function requireProps(type: string | PropType<unknown>, props: unknown, path = '', whole = 'props'): unknown {
  try {
    return (typeof type === 'string' ? compiled(type) : type)(props);
  } catch (error) {
    throw renamed(error, prop => (prop.startsWith('.') ? prop.slice(1) : whole + prop), path);
  }
}
