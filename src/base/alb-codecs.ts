// How the values of ALB annotations are written and read (AWS Load Balancer Controller 3.5.0, pkg/annotations/parser.go).
import { InvalidProps } from './errors';

/** Writes a setting as the text of an annotation and reads it back. Both throw `InvalidProps` for what is out of bounds. */
export interface Codec<T> {
  /** What a user may write, in words. */
  readonly syntax: string;
  encode(value: T): string;
  decode(text: string): T;
}

/** Plain text that has to match a pattern. */
export function text(syntax: string, pattern: RegExp): Codec<string> {
  const same = (value: string) => {
    if (typeof value !== 'string' || !pattern.test(value)) {
      throw new InvalidProps('', value, syntax);
    }
    return value;
  };
  return { syntax, encode: same, decode: same };
}

/** A whole number between two bounds, both included. */
export function integer(min: number, max: number): Codec<number> {
  const syntax = `a whole number from ${min} to ${max}`;
  const bounded = (value: number, found: unknown) => {
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidProps('', found, syntax);
    }
    return value;
  };
  return {
    syntax,
    encode: value => String(bounded(value, value)),
    decode: written => bounded(/^[+-]?\d+$/.test(written) ? Number(written) : NaN, written),
  };
}

/** One word of a closed set; the controller compares case. */
export function word<T extends string>(words: { readonly [name: string]: T }): Codec<T> {
  const allowed = Object.values(words);
  const syntax = `one of ${allowed.join(', ')}`;
  const known = (value: string) => {
    if (!allowed.includes(value as T)) {
      throw new InvalidProps('', value, syntax);
    }
    return value as T;
  };
  return { syntax, encode: known, decode: known };
}

/** A comma separated list without repetitions; blanks around items and empty items do not count. */
export function list(item: Codec<string>, min = 1): Codec<readonly string[]> {
  const syntax = `a list of ${min} or more, each ${item.syntax}`;
  const checked = (values: readonly string[], write: boolean) => {
    if (!Array.isArray(values) || values.length < min) {
      throw new InvalidProps('', values, `at least ${min}`);
    }
    return values.map((value, index) => {
      if (values.indexOf(value) !== index) {
        throw new InvalidProps(`[${index}]`, value, 'every item once');
      }
      return within(`[${index}]`, () => write ? item.encode(value) : item.decode(value));
    });
  };
  return {
    syntax,
    encode: values => checked(values, true).join(','),
    decode: written => checked(written.split(',').map(part => part.trim()).filter(part => part !== ''), false),
  };
}

/** `key=value` pairs, separated by commas; a backslash makes the next character literal. */
export function stringMap(): Codec<{ readonly [key: string]: string }> {
  const escape = (part: string) => part.replace(/[\\,]/g, '\\$&');
  return {
    syntax: 'a map of texts without blanks at either end, keys without =',
    encode: map => Object.keys(map).sort().map(key => {
      if (key === '' || key !== key.trim() || key.includes('=')) {
        throw new InvalidProps('', key, 'keys that are not empty, without = and without blanks at either end');
      }
      if (typeof map[key] !== 'string' || map[key] !== map[key].trim()) {
        throw new InvalidProps(`.${key}`, map[key], 'a text without blanks at either end');
      }
      return `${escape(key)}=${escape(map[key])}`;
    }).join(','),
    decode: readStringMap,
  };
}

/** Reads a map as the controller does (pkg/annotations/parser.go:149 and :218): escapes first, then trimming, the last duplicate wins. */
function readStringMap(written: string): { readonly [key: string]: string } {
  const map: Record<string, string> = {};
  for (const piece of splitUnescaped(written, ',').filter(part => part.trim() !== '')) {
    const [key, ...value] = splitUnescaped(piece, '=');
    const name = unescape(key).trim();
    if (value.length === 0 || name === '') {
      throw new InvalidProps('', written, 'key=value pairs separated by commas');
    }
    map[name] = unescape(value.join('=')).trim();
  }
  return map;
}

function splitUnescaped(written: string, separator: string): string[] {
  const parts = [''];
  for (let i = 0; i < written.length; i++) {
    if (written[i] === separator) {
      parts.push('');
    } else {
      parts[parts.length - 1] += written[i] === '\\' ? written[i] + (written[++i] ?? '') : written[i];
    }
  }
  return parts;
}

function unescape(part: string): string {
  return part.replace(/\\([\s\S])/g, '$1');
}

/** JSON of a shape that `check` accepts; it throws `InvalidProps` for one that it does not. */
export function json<T>(syntax: string, write: (value: T) => unknown, read: (json: unknown) => T): Codec<T> {
  return {
    syntax,
    encode: value => JSON.stringify(write(value)),
    decode: written => {
      let parsed: unknown;
      try {
        parsed = JSON.parse(written);
      } catch {
        throw new InvalidProps('', written, syntax);
      }
      return read(parsed);
    },
  };
}

/** `true` or `false`; the controller also reads the other spellings of Go (pkg/annotations/parser.go:92). */
export function boolean(): Codec<boolean> {
  const syntax = 'true or false';
  return {
    syntax,
    encode: value => {
      if (typeof value !== 'boolean') {
        throw new InvalidProps('', value, syntax);
      }
      return String(value);
    },
    decode: written => {
      if (!/^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(written)) {
        throw new InvalidProps('', written, syntax);
      }
      return /^[1tT]/.test(written);
    },
  };
}

/** Runs a codec on a part of a value, so that an error names the part. */
export function within<T>(part: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof InvalidProps ? error.at('', part) : error;
  }
}
