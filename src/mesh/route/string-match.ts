// StringMatch: how Istio compares a header, a path or any other text of a request.
import { Regex, findRegex } from '../../base/re2';
import { asObject, asText } from '../../manifests/plain-json';

/** A condition on a text. */
export type StringMatch =
  | { readonly is: 'exact' | 'prefix'; readonly value: string }
  | { readonly is: 'regex'; readonly value: string; readonly regex: Regex }
  /** The text is there, whatever it is: `{}`, or the regular expression `*`. */
  | { readonly is: 'present' };

const PRESENT: StringMatch = { is: 'present' };

/**
 * Reads a condition. A regular expression that RE2 cannot compile is refused by the webhook, and here matches nothing.
 *
 * @param knowsStar whether the regular expression `*` stands for any text, which it does everywhere but in conditions on claims (Istio 1.30, route.go)
 */
export function readStringMatch(value: unknown, knowsStar = true): StringMatch {
  const { exact, prefix, regex } = asObject(value);
  if (typeof exact === 'string') {
    return { is: 'exact', value: exact };
  }
  if (typeof prefix === 'string') {
    return { is: 'prefix', value: prefix };
  }
  const written = asText(regex);
  return written === undefined || (written === '*' && knowsStar) ? PRESENT : { is: 'regex', value: written, regex: findRegex(written) ?? NOTHING };
}

const NOTHING: Regex = { groups: 0, matches: () => false, replaceAll: text => text };

/** Whether a text that is there satisfies the condition. Comparison respects letter case, and a regular expression covers the whole text. */
export function matchesText(match: StringMatch, text: string): boolean {
  switch (match.is) {
    case 'exact':
      return text === match.value;
    case 'prefix':
      return text.startsWith(match.value);
    case 'regex':
      return match.regex.matches(text);
    case 'present':
      return true;
  }
}
