// How Istio matches a string: exactly, by prefix, or by regular expression. All three are case-sensitive.
import { InvalidProps } from '../../base/errors';
import { requireRegex } from '../../base/re2';

/** The StringMatch of a VirtualService. At most one field is set; if none is, any value matches. */
export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

/** Matches any value, as long as there is one. */
export const ANY_STRING: StringMatch = {};

/** Matches this value. */
export function exactString(value: string): StringMatch {
  return { exact: requireLine('value', value) };
}

/** Matches strings that start with this one. */
export function prefixString(value: string): StringMatch {
  return { prefix: requireLine('value', value) };
}

/** Matches strings that match the whole regular expression. */
export function regexString(regex: string): StringMatch {
  requireRegex('regex', regex);
  return { regex };
}

/** Returns the string. @throws InvalidProps if it is empty, which Istio rejects, or has control characters, which no part of a request has */
export function requireLine(prop: string, value: string): string {
  if (typeof value !== 'string' || !/^[^\p{Cc}]+$/u.test(value)) {
    throw InvalidProps.value(prop, value, 'must be a non-empty string without control characters');
  }
  return value;
}
