// Codecs for the values of ALB annotations (AWS Load Balancer Controller 3.5.0, pkg/annotations/parser.go).
import { InvalidProps, within } from '../errors';

/** Encodes a setting as the value of an annotation and decodes it. All three functions throw `InvalidProps` for what they reject. */
export interface Codec<T> {
  /** What a user may write, as a noun phrase for errors and docs. */
  readonly syntax: string;
  encode(value: T): string;
  /** Accepts what both the controller and AWS accept. */
  decode(text: string): T;
  /** Accepts what the controller accepts; AWS may still refuse the value. */
  read(text: string): T;
}

/** A string that matches a pattern. @param taken what the controller accepts */
export function text(syntax: string, pattern: Pick<RegExp, 'test'>, taken: Pick<RegExp, 'test'> = /^/): Codec<string> {
  const matching = (expected: Pick<RegExp, 'test'>) => (value: string) => {
    if (typeof value !== 'string' || !expected.test(value)) {
      throw InvalidProps.value('', value, `must be ${syntax}`);
    }
    return value;
  };
  return { syntax, encode: matching(pattern), decode: matching(pattern), read: matching(taken) };
}

/** Whether Go's strconv.ParseInt takes the digits: a JavaScript number is too coarse to tell. */
function isInt64(digits: string): boolean {
  const value = BigInt(digits.replace('+', ''));
  return BigInt.asIntN(64, value) === value;
}

const MAX_PORT = 65535;

/** An integer between two inclusive bounds. @param taken the controller's bounds, 32 bits by default */
export function integer(min: number, max: number, taken: readonly [number, number] = [-(2 ** 31), 2 ** 31 - 1]): Codec<number> {
  // What AWS accepts is the better hint, even if the controller takes more.
  const expected = `must be ${max === MAX_PORT ? 'a port' : 'an integer'} from ${min} to ${max}`;
  const bounded = (value: number, found: unknown, [least, most]: readonly [number, number] = [min, max]) => {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw InvalidProps.value('', found, expected);
    }
    return value;
  };
  // Adding 0 turns -0 into 0.
  const parse = (written: string) => /^[+-]?\d+$/.test(written) && isInt64(written) ? Number(written) + 0 : NaN;
  return {
    syntax: `an integer from ${min} to ${max}`,
    encode: value => String(bounded(value, value)),
    decode: written => bounded(parse(written), written),
    read: written => bounded(parse(written), written, taken),
  };
}

/** One value of a closed set, case-sensitive. @param unchecked the controller passes any string to AWS */
export function word<T extends string>(words: { readonly [name: string]: T }, unchecked = false): Codec<T> {
  const allowed = Object.values(words);
  const syntax = allowed.length === 1 ? allowed[0] : `one of ${allowed.join(', ')}`;
  const known = (value: string) => {
    if (!allowed.includes(value as T)) {
      throw InvalidProps.value('', value, `must be ${syntax}`);
    }
    return value as T;
  };
  return { syntax, encode: known, decode: known, read: unchecked ? value => value as T : known };
}

/**
 * A comma-separated list without duplicates. Spaces around items and empty items are ignored.
 *
 * @param taken the minimum number of items that the controller accepts
 */
export function list(item: Codec<string>, min = 1, taken = 0): Codec<readonly string[]> {
  const checked = (values: readonly string[], least: number, use: (value: string) => string) => {
    if (!Array.isArray(values) || values.length < least) {
      throw InvalidProps.value('', values, `must have at least ${least} ${least === 1 ? 'entry' : 'entries'}`);
    }
    return values.map((value, index) => within(`[${index}]`, () => use(value)));
  };
  const once = (values: readonly string[]) => {
    const seen = new Set<string>();
    values.forEach((value, index) => {
      if (seen.size === seen.add(value).size) {
        throw InvalidProps.duplicate(`[${index}]`, value, 'in the list');
      }
    });
    return values;
  };
  const split = (written: string) => written.split(',').map(trimmed).filter(part => part !== '');
  return {
    syntax: `a list of at least ${min}, each ${item.syntax}`,
    encode: values => once(checked(values, min, item.encode)).join(','),
    decode: written => once(checked(split(written), min, item.decode)),
    read: written => checked(split(written), taken, item.read),
  };
}

const ANY = text('a string', /^/);

/** `key=value` pairs, separated by commas; a backslash escapes the next character. */
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
    syntax: key === ANY ? 'a map of strings' : `a map from ${key.syntax} to ${value.syntax}`,
    encode: map => Object.keys(map).sort().map(name => {
      if (name === '' || name !== trimmed(name) || name.includes('=')) {
        throw InvalidProps.value('', name, 'must have non-empty keys without = and without leading or trailing spaces');
      }
      if (typeof map[name] !== 'string' || map[name] !== trimmed(map[name])) {
        throw InvalidProps.value(`.${name}`, map[name], 'must be a string without leading or trailing spaces');
      }
      return `${escape(key.encode(name))}=${escape(within(`.${name}`, () => value.encode(map[name])))}`;
    }).join(','),
    decode: written => checked(readStringMap(written), 'decode'),
    read: written => checked(readStringMap(written), 'read'),
  };
}

/** Decodes a map as the controller does (pkg/annotations/parser.go:149 and :218): the last duplicate wins, the first `=` separates. */
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

/** A comma ends a piece if more than spaces follow; otherwise it belongs to the value. */
function piecesOf(written: string): string[] {
  const end = written.lastIndexOf(trimmed(written).slice(-1));
  const pieces = [''];
  for (let i = 0; i < written.length; i++) {
    if (written[i] === ',' && i < end) {
      pieces.push('');
    } else {
      i += written[i] === '\\' && i + 1 < written.length ? 1 : 0;
      pieces[pieces.length - 1] += written[i];
    }
  }
  return written === '' ? [] : pieces;
}

const BLANK = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Trims the white space that Go's strings.TrimSpace trims, which differs slightly from JavaScript's. */
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

/** `true` or `false`; Go's other spellings are decoded too (pkg/annotations/parser.go:92). @param unchecked the controller reads anything else as false */
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
