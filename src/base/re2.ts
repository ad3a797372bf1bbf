// RE2 regular expressions, the syntax of Envoy and Istio. The only file that imports the engine.
import { InvalidProps } from './errors';

/** Maximum length of a regular expression in Istio, in bytes (Istio 1.30, pkg/config/validation/validation.go). */
const MAX_BYTES = 1024;

/** A regular expression that compiles. */
export interface Regex {
  /** Number of capture groups. */
  readonly groups: number;
  /** Whether it matches the whole string, as in Envoy. */
  matches(text: string): boolean;
  /**
   * Replaces every occurrence, with `\\1` to `\\9` for groups and `\\0` for the whole match, as Envoy does (RE2 re2/re2.cc, GlobalReplace). A text
   * stays as it is if the rewrite has a group that the expression does not have.
   */
  replaceAll(text: string, rewrite: string): string;
}

const COMPILED = new Map<string, Regex>();

/** Returns the regular expression, or throws if Istio would refuse it: RE2 supports neither look-around nor back-references. */
export function requireRegex(prop: string, regex: string, path = ''): Regex {
  const known = COMPILED.get(regex);
  if (known) {
    return known;
  }
  if (typeof regex !== 'string' || regex === '' || new TextEncoder().encode(regex).length > MAX_BYTES) {
    throw InvalidProps.value(prop, regex, `must be a regular expression of 1 to ${MAX_BYTES} bytes`, path);
  }
  try {
    const compiled = compile(regex);
    COMPILED.set(regex, compiled);
    return compiled;
  } catch (error) {
    const why = (error as Error).message;
    throw InvalidProps.value(prop, regex, `must be a valid RE2 regular expression, without look-around and back-references (${why})`, path);
  }
}

/** The regular expression, or nothing if Istio would refuse it. For objects that were written elsewhere, where a fault is no reason to throw. */
export function findRegex(regex: string): Regex | undefined {
  try {
    return requireRegex('regex', regex);
  } catch {
    return undefined;
  }
}

/** Why Istio would refuse a regular expression, in its words: the engine has those of Go (Istio 1.30, pkg/config/validation/validation.go:2336). */
export function faultOfRegex(regex: string): string | undefined {
  if (COMPILED.has(regex)) {
    return undefined;
  }
  if (new TextEncoder().encode(regex).length > MAX_BYTES) {
    return `regex is too large, max length allowed is ${MAX_BYTES}`;
  }
  try {
    engine().compile(regex);
    return undefined;
  } catch (error) {
    return `${(error as Error).message}; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)`;
  }
}

/** A regular expression that matches exactly this string. */
export function quoteRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Whether a regular expression matches any part of a string. @throws Error if RE2 cannot compile it */
export function matchesPart(regex: string, text: string): boolean {
  return engine().compile(regex).test(text);
}

/** Replaces the first match, with `$1` to `$9` for groups. @throws Error if RE2 cannot compile it, or if a group is missing */
export function replaceFirst(regex: string, text: string, replacement: string): string {
  return engine().compile(regex).matcher(text).replaceFirst(replacement);
}

function compile(regex: string): Regex {
  const pattern = engine().compile(regex);
  return {
    groups: pattern.groupCount(),
    matches: text => pattern.matches(text),
    replaceAll(text, rewrite) {
      const parts = rewrite.split(/\\(\d|\\)/);
      if (parts.some((part, index) => index % 2 === 1 && Number(part) > pattern.groupCount())) {
        return text;
      }
      const matcher = pattern.matcher(text);
      let [replaced, end, last] = ['', 0, -1];
      while (matcher.find()) {
        // RE2 skips an empty match right after another match, where Java's matcher replaces it.
        if (matcher.end() !== last) {
          const inserted = parts.map((part, index) => (index % 2 === 0 || part === '\\' ? part : matcher.group(Number(part)) ?? ''));
          replaced += text.slice(end, matcher.start()) + inserted.join('');
          end = matcher.end();
          last = end;
        }
      }
      return replaced + text.slice(end);
    },
  };
}

/** The engine is loaded at the first regular expression: most programs have none, and it is a fifth as large as the rest. */
function engine(): typeof import('re2js').RE2JS {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('re2js') as typeof import('re2js')).RE2JS;
}
