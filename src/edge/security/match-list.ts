// The value lists of authorization rules: `paths` and its negation `notPaths`, validated the same way for every field.
import { InvalidProps } from '../../base/errors';
import { OBJECT, requireProps, STRINGS } from '../../base/prop-types';
import { requireUnique } from '../wire/bounds';

/** How the values of a field are validated, and when one pattern matches everything that another one matches. */
export interface ListField {
  readonly checked: (prop: string, values: readonly string[]) => string[];
  readonly covers: (pattern: string, value: string) => boolean;
  /** Patterns that together match every possible value, for fields that every request has. */
  readonly all?: readonly string[];
}

/** Returns the string. @throws InvalidProps if it does not match the pattern */
export function requireString(prop: string, value: string, expected: string, pattern: RegExp): string {
  if (typeof value !== 'string' || !pattern.test(value)) {
    throw InvalidProps.value(prop, value, `must be ${expected}`);
  }
  return value;
}

/** Returns a copy of the list. @throws InvalidProps for an empty list, which never matches, and for empty strings, which Istio rejects */
export function requireStrings(
  prop: string, values: readonly string[], expected = 'a string that does not start or end with a space', pattern = /^\S(.*\S)?$/,
): string[] {
  const strings = requireProps(STRINGS, values, '', prop);
  if (strings.length === 0) {
    throw InvalidProps.value(prop, strings, 'must contain at least one value, because an empty list never matches');
  }
  strings.forEach((value, index) => requireString(`${prop}[${index}]`, value, expected, pattern));
  requireUnique(prop, strings);
  return [...strings];
}

/** Whether a pattern has a `*` in the middle, or more than one. Istio reads such a star as a literal character. */
export function misplacesStar(pattern: string): boolean {
  return pattern.replace(/^\*|\*$/, '').includes('*');
}

/** Returns a copy of a list of patterns with at most one `*`, at the start or the end. Istio reads a star elsewhere as a literal character. */
export function requireWildcards(prop: string, values: readonly string[], expected = 'a string', pattern?: RegExp): string[] {
  const described = `${expected}, optionally with one * at the start or the end, or * for any value`;
  const strings = requireStrings(prop, values, described, pattern);
  strings.forEach((value, index) => {
    if (misplacesStar(value)) {
      throw InvalidProps.value(`${prop}[${index}]`, value, `must be ${described}`);
    }
  });
  return strings;
}

/** Whether a pattern with at most one `*`, at the start or the end, matches everything that the other pattern matches. */
export function coversString(pattern: string, value: string): boolean {
  if (pattern.startsWith('*')) {
    return value.endsWith(pattern.slice(1));
  }
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
}

/** A field whose values may have one `*` at the start or the end. */
export function wildcardField(expected: string, pattern?: RegExp): ListField {
  return { checked: (prop, values) => requireWildcards(prop, values, expected, pattern), covers: coversString };
}

/** Throws if the excluded values leave nothing to match, neither of the given values nor of all possible ones. */
export function requireSatisfiable(
  prop: string, values: readonly string[] | undefined, excluded: readonly string[] | undefined, { covers, all }: ListField,
): void {
  const candidates = values ?? all;
  if (candidates && excluded && candidates.every(value => excluded.some(pattern => covers(pattern, value)))) {
    throw InvalidProps.conflict(prop, excluded, `excludes every ${values ? 'given' : 'possible'} value, so the rule can never match`);
  }
}

/** The field with the excluded values: `paths` → `notPaths`. */
export function negationOf(field: string): string {
  return `not${field[0].toUpperCase()}${field.slice(1)}`;
}

/**
 * Validates options that consist of value lists, each field with its negation.
 *
 * @returns the options that are set, with validated copies of the lists
 * @throws InvalidProps for an unknown field, which would leave the rule wider than written, for no field at all, and for values that can
 * never match
 */
export function settleLists<T extends object>(fields: { readonly [name: string]: ListField }, options: T, subject: string): T {
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
    throw only !== undefined && others.length === 0
      ? InvalidProps.value(only, undefined, 'must be a list')
      : InvalidProps.value('options', options, `must contain at least one condition on ${subject}`);
  }
  return settled as T;
}

function requireKnown(prop: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find(name => !known.includes(name));
  if (unknown !== undefined) {
    throw InvalidProps.value(prop, unknown, `must only contain ${known.join(', ')}`);
  }
}
