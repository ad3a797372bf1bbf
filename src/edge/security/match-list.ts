// Lists of values that a field of a rule has to match, and those that it may not: checked alike wherever a rule has them.
import { InvalidProps } from '../../base/errors';
import { OBJECT, requireProps, TEXTS } from '../../base/prop-types';
import { requireUnique } from '../wire/bounds';

/** How the values of a field are checked, and which one matches all that another does. */
export interface ListField {
  readonly checked: (prop: string, values: readonly string[]) => string[];
  readonly covers: (pattern: string, value: string) => boolean;
  /** Patterns that together stand for every value there can be, where every request has one. */
  readonly all?: readonly string[];
}

/** Returns the text, or throws when it does not match. */
export function requireText(prop: string, value: string, allowed: string, pattern: RegExp): string {
  if (typeof value !== 'string' || !pattern.test(value)) {
    throw InvalidProps.value(prop, value, `must be ${allowed}`);
  }
  return value;
}

/** Returns a copy of the texts, or throws: an empty list matches nothing, and Istio refuses empty texts. */
export function requireTexts(prop: string, values: readonly string[], allowed = 'a text', pattern = /^\S(.*\S)?$/): string[] {
  const texts = requireProps(TEXTS, values, '', prop);
  if (texts.length === 0) {
    throw InvalidProps.value(prop, texts, 'must be at least one value: an empty list never matches');
  }
  texts.forEach((text, index) => requireText(`${prop}[${index}]`, text, allowed, pattern));
  requireUnique(prop, texts);
  return [...texts];
}

/** Returns a copy of the texts, each perhaps with one `*` at an end: Istio takes a star elsewhere for the letter. */
export function requireWildcards(prop: string, values: readonly string[], allowed = 'a text', pattern?: RegExp): string[] {
  const described = `${allowed}, perhaps with one * at its beginning or its end, or * for any`;
  const texts = requireTexts(prop, values, described, pattern);
  texts.forEach((text, index) => {
    const star = text.indexOf('*');
    if (star !== text.lastIndexOf('*') || (star > 0 && star < text.length - 1)) {
      throw InvalidProps.value(`${prop}[${index}]`, text, `must be ${described}`);
    }
  });
  return texts;
}

/** Whether a pattern with at most one `*`, at an end, matches every text that the value stands for. */
export function coversText(pattern: string, value: string): boolean {
  if (pattern === '*' || pattern === value) {
    return true;
  }
  if (pattern.startsWith('*')) {
    return value !== '*' && !value.endsWith('*') && value.endsWith(pattern.slice(1));
  }
  return pattern.endsWith('*') && !value.startsWith('*') && value.startsWith(pattern.slice(0, -1));
}

/** The field that takes texts with one `*` at an end. */
export function wildcardField(allowed: string, pattern?: RegExp): ListField {
  return { checked: (prop, values) => requireWildcards(prop, values, allowed, pattern), covers: coversText };
}

/** Throws where every value is excluded again, of those given or of all there can be: such a rule could never match. */
export function requireSatisfiable(
  prop: string, values: readonly string[] | undefined, excluded: readonly string[] | undefined, { covers, all }: ListField,
): void {
  const left = values ?? all;
  if (left && excluded && left.every(value => excluded.some(pattern => covers(pattern, value)))) {
    throw InvalidProps.value(prop, excluded, 'must be values that leave one over: as it is, the rule could never match');
  }
}

/** The name of the field with the values that do not match: `paths` and `notPaths`. */
export function negationOf(field: string): string {
  return `not${field[0].toUpperCase()}${field.slice(1)}`;
}

/**
 * Checks options that are lists of values by field, each field with its negation.
 *
 * @returns what is there, with checked copies of the lists
 * @throws InvalidProps for a name that is no field (the rule would be wider than it reads), for no field at all, and for values that
 * never match
 */
export function settleLists<T extends object>(fields: { readonly [name: string]: ListField }, options: T, what: string): T {
  const given: Readonly<Record<string, readonly string[] | undefined>> = { ...requireProps(OBJECT, options, '', 'options') };
  const settled: Record<string, string[]> = {};
  for (const [name, field] of Object.entries(fields)) {
    for (const side of [name, negationOf(name)]) {
      const values = given[side];
      if (values !== undefined) {
        settled[side] = field.checked(side, values);
      }
    }
    requireSatisfiable(negationOf(name), settled[name], settled[negationOf(name)], field);
  }
  requireKnown('options', given, Object.keys(fields).flatMap(name => [name, negationOf(name)]));
  if (Object.keys(settled).length === 0) {
    const [only, ...others] = Object.keys(given);
    const isLone = only !== undefined && others.length === 0;
    throw InvalidProps.value(isLone ? only : 'options', isLone ? undefined : options, isLone ? 'must be a list' : `must be at least one condition on ${what}`);
  }
  return settled as T;
}

/** Throws for a name that stands for nothing: a condition that is left out makes a rule wider than it reads. */
function requireKnown(prop: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find(name => !known.includes(name));
  if (unknown !== undefined) {
    throw InvalidProps.value(prop, unknown, `must be the names ${known.join(', ')}`);
  }
}
