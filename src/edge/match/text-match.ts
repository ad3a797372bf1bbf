// How Istio compares a text: as a whole, by its beginning, or with a regular expression. Case counts.
import { InvalidProps } from '../../base/errors';
import { requireRegex } from '../../base/re2';

/** One of the three, as it stands in a VirtualService; none of them where any text will do. */
export interface TextMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

/** Any text, as long as there is one. */
export const ANY_TEXT: TextMatch = {};

/** This text. */
export function exactText(value: string): TextMatch {
  return { exact: requireText('value', value) };
}

/** A text that starts with this one. */
export function prefixText(value: string): TextMatch {
  return { prefix: requireText('value', value) };
}

/** A text that matches the regular expression as a whole. */
export function regexText(regex: string): TextMatch {
  requireRegex('regex', regex);
  return { regex };
}

/** Returns the text, or throws when it is empty, which Istio refuses, or longer than a line, which no part of a request is. */
export function requireText(prop: string, value: string): string {
  if (typeof value !== 'string' || !/^[^\p{Cc}]+$/u.test(value)) {
    throw InvalidProps.value(prop, value, 'must be a text that is not empty, without control characters');
  }
  return value;
}
