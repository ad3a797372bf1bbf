// How the values of ALB annotations are written and read (AWS Load Balancer Controller 3.5.0, pkg/annotations/parser.go).
import { InvalidProps, within } from '../errors';

/** Writes a setting as the text of an annotation and reads it back. All three throw `InvalidProps` for what they refuse. */
export interface Codec<T> {
  /** What a user may write, in words. */
  readonly syntax: string;
  encode(value: T): string;
  /** Reads what controller and AWS accept. */
  decode(text: string): T;
  /** Reads as the controller does, and refuses only what it refuses; AWS may still refuse the value. */
  read(text: string): T;
}

/** The source of a pattern for port numbers, 1 to 65535. */
export const PORT_NUMBER = '[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5]';

/** Plain text that has to match a pattern. @param taken what the controller takes */
export function text(syntax: string, pattern: Pick<RegExp, 'test'>, taken: Pick<RegExp, 'test'> = /^/): Codec<string> {
  const matching = (expected: Pick<RegExp, 'test'>) => (value: string) => {
    if (typeof value !== 'string' || !expected.test(value)) {
      throw InvalidProps.value('', value, `must be ${syntax}`);
    }
    return value;
  };
  return { syntax, encode: matching(pattern), decode: matching(pattern), read: matching(taken) };
}

/** A whole number between two bounds, both included. @param taken the bounds of the controller, by default those of 32 bits */
export function integer(min: number, max: number, taken: readonly [number, number] = [-(2 ** 31), 2 ** 31 - 1]): Codec<number> {
  const bounded = (value: number, found: unknown, [least, most]: readonly [number, number] = [min, max]) => {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw InvalidProps.value('', found, `must be a whole number from ${least} to ${most}`);
    }
    return value;
  };
  // Adding 0 makes 0 of -0.
  const parse = (written: string) => /^[+-]?\d+$/.test(written) ? Number(written) + 0 : NaN;
  return {
    syntax: `a whole number from ${min} to ${max}`,
    encode: value => String(bounded(value, value)),
    decode: written => bounded(parse(written), written),
    read: written => bounded(parse(written), written, taken),
  };
}

/** One word of a closed set; case counts. @param unchecked the controller hands any text to AWS */
export function word<T extends string>(words: { readonly [name: string]: T }, unchecked = false): Codec<T> {
  const allowed = Object.values(words);
  const syntax = `one of ${allowed.join(', ')}`;
  const known = (value: string) => {
    if (!allowed.includes(value as T)) {
      throw InvalidProps.value('', value, `must be ${syntax}`);
    }
    return value as T;
  };
  return { syntax, encode: known, decode: known, read: unchecked ? value => value as T : known };
}

/**
 * A comma separated list without repetitions; blanks around items and empty items do not count.
 *
 * @param taken the fewest items that the controller takes
 */
export function list(item: Codec<string>, min = 1, taken = 0): Codec<readonly string[]> {
  const checked = (values: readonly string[], least: number, use: (value: string) => string) => {
    if (!Array.isArray(values) || values.length < least) {
      throw InvalidProps.value('', values, `must be at least ${least}`);
    }
    return values.map((value, index) => within(`[${index}]`, () => use(value)));
  };
  const once = (values: readonly string[]) => {
    const seen = new Set<string>();
    values.forEach((value, index) => {
      if (seen.size === seen.add(value).size) {
        throw InvalidProps.value(`[${index}]`, value, 'must be every item once');
      }
    });
    return values;
  };
  const split = (written: string) => written.split(',').map(trimmed).filter(part => part !== '');
  return {
    syntax: `a list of ${min} or more, each ${item.syntax}`,
    encode: values => once(checked(values, min, item.encode)).join(','),
    decode: written => once(checked(split(written), min, item.decode)),
    read: written => checked(split(written), taken, item.read),
  };
}

const ANY = text('a text', /^/);

/** `key=value` pairs, separated by commas; a backslash makes the next character literal. */
export function stringMap(key = ANY, value = ANY): Codec<{ readonly [key: string]: string }> {
  const escape = (part: string) => part.replace(/[\\,]/g, '\\$&');
  const checked = (map: { readonly [key: string]: string }, how: 'decode' | 'read') => {
    Object.entries(map).forEach(([name, own]) => {
      key[how](name);
      within(`.${name}`, () => value[how](own));
    });
    return map;
  };
  return {
    syntax: key === ANY ? 'a map of texts' : `a map from ${key.syntax} to ${value.syntax}`,
    encode: map => Object.keys(map).sort().map(name => {
      if (name === '' || name !== trimmed(name) || name.includes('=')) {
        throw InvalidProps.value('', name, 'must be keys that are not empty, without = and without blanks at either end');
      }
      if (typeof map[name] !== 'string' || map[name] !== trimmed(map[name])) {
        throw InvalidProps.value(`.${name}`, map[name], 'must be a text without blanks at either end');
      }
      return `${escape(key.encode(name))}=${escape(within(`.${name}`, () => value.encode(map[name])))}`;
    }).join(','),
    decode: written => checked(readStringMap(written), 'decode'),
    read: written => checked(readStringMap(written), 'read'),
  };
}

/** Reads a map as the controller does (pkg/annotations/parser.go:149 and :218): the last duplicate wins, the first `=` separates. */
function readStringMap(written: string): { readonly [key: string]: string } {
  const map = new Map(piecesOf(written).map((piece): [string, string] => {
    const equals = piece.indexOf('=');
    const name = trimmed(piece.slice(0, Math.max(equals, 0)));
    if (name === '') {
      throw InvalidProps.value('', written, 'must be key=value pairs separated by commas');
    }
    return [name, trimmed(piece.slice(equals + 1))];
  }));
  return Object.fromEntries(map);
}

/** A comma ends a piece where more than blanks follows; else it belongs to the value. */
function piecesOf(written: string): string[] {
  const end = written.lastIndexOf(trimmed(written).slice(-1));
  const pieces = [''];
  for (let i = 0; i < written.length; i++) {
    if (written[i] === ',' && i < end) {
      pieces.push('');
    } else {
      i += written[i] === '\\' ? 1 : 0;
      pieces[pieces.length - 1] += written[i] ?? '';
    }
  }
  return trimmed(written) === '' ? [] : pieces;
}

const BLANK = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** The text without blanks at its ends; blank is what Go calls so (strings.TrimSpace), not quite what JavaScript does. */
function trimmed(written: string): string {
  let [start, end] = [0, written.length];
  while (start < end && BLANK.test(written[start])) {
    start++;
  }
  while (end > start && BLANK.test(written[end - 1])) {
    end--;
  }
  return written.slice(start, end);
}

/** `true` or `false`; other spellings of Go are read too (pkg/annotations/parser.go:92). @param unchecked anything else is read as false */
export function boolean(unchecked = false): Codec<boolean> {
  const syntax = 'true or false';
  const parse = (strict: boolean) => (written: string) => {
    if (strict && !/^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(written)) {
      throw InvalidProps.value('', written, `must be ${syntax}`);
    }
    return /^(1|t|T|true|TRUE|True)$/.test(written);
  };
  return {
    syntax,
    encode: value => {
      if (typeof value !== 'boolean') {
        throw InvalidProps.value('', value, `must be ${syntax}`);
      }
      return String(value);
    },
    decode: parse(true),
    read: parse(!unchecked),
  };
}
