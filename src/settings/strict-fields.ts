// Reads fields strictly: an unknown field or a wrong value is an error that says where it is and what is expected.
import { similarTo } from '../base/spelling';
import type { PlainObject } from '../manifests/plain-json';
import type { FieldType } from './config-fields';

/** Keys and indexes from the root of the file. */
export type Path = readonly (string | number)[];

/** Refuses the file because of what is at a path. */
export type Fail = (path: Path, message: string) => never;

/** Refuses a key that is not known, with the one that was probably meant. */
export function requireKnown(value: PlainObject, known: readonly string[], path: Path, fail: Fail): void {
  const unknown = Object.keys(value).find(key => !known.includes(key));
  if (unknown !== undefined) {
    const meant = similarTo(unknown, known);
    const written = showPath([...path, unknown]);
    fail([...path, unknown], `${written} is not a field; ${meant === undefined ? `expected ${[...known].sort().join(', ')}` : `did you mean ${meant}?`}`);
  }
}

/** Refuses a value of another type, or one of its keys. */
export function requireType(value: unknown, { expected, accepts, keys }: FieldType, path: Path, fail: Fail): void {
  if (!accepts(value)) {
    fail(path, `${showPath(path)} must be ${expected}; got ${JSON.stringify(value)}`);
  }
  if (keys !== undefined) {
    requireKnown(value as PlainObject, keys, path, fail);
  }
}

/** `acknowledgements[0].reason`. */
export function showPath(path: Path): string {
  return path.reduce<string>((written, step) => (typeof step === 'number' ? `${written}[${step}]` : written === '' ? step : `${written}.${step}`), '');
}
