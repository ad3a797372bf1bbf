// The relation "matches everything the other matches", for conditions on texts and for whole matches of requests. Where it does not know, it says no.
import type { Regex } from './re2';

/** A condition on a text. A regular expression covers the whole text. */
export type TextMatch =
  | { readonly is: 'exact' | 'prefix'; readonly value: string }
  | { readonly is: 'regex'; readonly value: string; readonly regex: Regex }
  /** Any text that is there. */
  | { readonly is: 'present' };

type Named = readonly (readonly [name: string, match: TextMatch])[];

/** What a request must be like. */
export interface RequestMatch {
  /** Path without query. */
  readonly path: TextMatch;
  readonly ignoresCase: boolean;
  readonly headers: Named;
  /** Must not match; with a value, a missing header counts as empty. */
  readonly withoutHeaders: Named;
  readonly queryParams: Named;
  readonly claims: readonly (readonly [path: readonly string[], match: TextMatch, inverted: boolean])[];
}

/** The conditions other than on the path. */
type Conditions = Omit<RequestMatch, 'path' | 'ignoresCase'>;

/** Whether `wide` matches every request that `narrow` matches. */
export function coversMatch(wide: RequestMatch, narrow: RequestMatch): boolean {
  return coversPath(wide, narrow) && coversConditions(wide, narrow);
}

/** Whether the conditions of `wide`, other than on the path, hold for every request that `narrow` matches. */
function coversConditions(wide: Conditions, narrow: Conditions): boolean {
  return wide.headers.every(([name, match]) => narrow.headers.some(([own, other]) => isSameHeader(own, name) && coversText(match, other)))
    && wide.queryParams.every(([name, match]) => narrow.queryParams.some(([own, other]) => own === name && coversText(match, other)))
    && wide.withoutHeaders.every(([name, match]) => excludes(narrow, name, match))
    && wide.claims.every(([path, match, inverted]) => narrow.claims.some(([own, other, isInverted]) => (
      isInverted === inverted && own.join('\n') === path.join('\n') && (inverted ? coversText(other, match) : coversText(match, other)))));
}

/** Whether two matches differ only in the path, and together match a path and everything below it: `/a` exactly, and the prefix `/a/`. */
export function areOnePath(exact: RequestMatch, below: RequestMatch): boolean {
  const [at, under] = [exact.path, below.path];
  return at.is === 'exact' && under.is === 'prefix' && under.value === `${at.value}/` && exact.ignoresCase === below.ignoresCase
    && coversConditions(exact, below) && coversConditions(below, exact);
}

/** Whether `wide` matches every text that `narrow` matches. */
export function coversText(wide: TextMatch, narrow: TextMatch): boolean {
  if (wide.is === 'present' || (wide.is === 'regex' && wide.value === '.*')) {
    return true;
  }
  if (narrow.is === 'present') {
    return false;
  }
  if (narrow.is === 'exact') {
    return wide.is === 'regex' ? wide.regex.matches(narrow.value) : wide.is === 'exact' ? wide.value === narrow.value : narrow.value.startsWith(wide.value);
  }
  const start = narrow.is === 'prefix' ? narrow.value : literalStart(narrow.value);
  if (wide.is === 'regex') {
    const [, own] = LITERAL_PREFIX.exec(wide.value) ?? [];
    return wide.value === (narrow.is === 'regex' ? narrow.value : undefined) || (own !== undefined && start.startsWith(unescaped(own)));
  }
  return wide.is === 'prefix' && start.startsWith(wide.value);
}

/** A text that a regular expression matches as it is, and then anything. */
const LITERAL_PREFIX = /^\^?((?:[^\\^$.*+?()[\]{}|]|\\[^\w\s])*)\.\*\$?$/;

/** The text that all matches of a regular expression start with, as far as it is plain to see. */
function literalStart(regex: string): string {
  const [whole, literal] = /^\^?((?:[^\\^$.*+?()[\]{}|]|\\[^\w\s])*)/.exec(regex)!;
  const next = regex.charAt(whole.length);
  // A quantifier makes the last character optional, and an alternative makes all of it optional.
  return regex.includes('|') ? '' : unescaped('*?{'.includes(next) && next !== '' ? literal.replace(/(\\.|.)$/s, '') : literal);
}

/**
 * The paths that a match needs, in lowercase, for finding candidates: the text that all start with, or the whole path.
 */
export function pathStart({ path }: Pick<RequestMatch, 'path'>): string {
  return path.is === 'present' ? '' : (path.is === 'regex' ? literalStart(path.value) : path.value).toLowerCase();
}

function unescaped(literal: string): string {
  return literal.replace(/\\(.)/gs, '$1');
}

/** Every path starts with a slash. A comparison that ignores case has no effect on regular expressions. */
function coversPath(wide: RequestMatch, narrow: RequestMatch): boolean {
  if (wide.path.is === 'prefix' && wide.path.value === '/') {
    return true;
  }
  const lowered = ({ path, ignoresCase }: Pick<RequestMatch, 'path' | 'ignoresCase'>): TextMatch => (
    ignoresCase && (path.is === 'exact' || path.is === 'prefix') ? { is: path.is, value: path.value.toLowerCase() } : path);
  if (isFolded(wide)) {
    return coversText(lowered(wide), lowered({ path: narrow.path, ignoresCase: true }));
  }
  return !isFolded(narrow) || hasNoCase(narrow.path) || hasNoCase(wide.path) ? coversText(wide.path, lowered(narrow)) : false;
}

function isFolded({ path, ignoresCase }: RequestMatch): boolean {
  return ignoresCase && (path.is === 'exact' || path.is === 'prefix');
}

function hasNoCase(path: TextMatch): boolean {
  return path.is === 'present' || (path.is !== 'regex' ? path.value.toLowerCase() === path.value.toUpperCase() : path.value === '.*');
}

function isSameHeader(a: string, b: string): boolean {
  const name = (text: string) => (text.toLowerCase() === 'host' ? ':authority' : text.toLowerCase());
  return name(a) === name(b);
}

/** Whether a match excludes every request whose header satisfies a condition. */
function excludes({ headers, withoutHeaders }: Conditions, name: string, match: TextMatch): boolean {
  const isWider = (other: TextMatch) => (other.is === 'present' ? match.is === 'present' : match.is !== 'present' && coversText(other, match));
  return withoutHeaders.some(([own, other]) => isSameHeader(own, name) && isWider(other))
    || headers.some(([own, other]) => isSameHeader(own, name) && other.is === 'exact' && areDisjoint(match, other.value));
}

function areDisjoint(match: TextMatch, value: string): boolean {
  return match.is !== 'present' && !coversText(match, { is: 'exact', value });
}
