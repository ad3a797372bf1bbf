// How the values of props are bounded by what AWS takes on the wire: times in whole seconds, and errors that name the prop.
import type { Duration } from 'cdk8s';
import type { Codec } from '../base/alb-codecs';
import { InvalidProps } from '../base/errors';

/** Returns the time in seconds, or throws when it is not a whole number of them between the bounds (both included). */
export function wholeSeconds(prop: string, duration: Duration, min: number, max: number): number {
  const milliseconds = duration.toMilliseconds({ integral: false });
  if (milliseconds % 1000 !== 0 || milliseconds < min * 1000 || milliseconds > max * 1000) {
    throw new InvalidProps(prop, `${milliseconds} ms`, `whole seconds, from ${min} to ${max}`);
  }
  return milliseconds / 1000;
}

/**
 * Returns the value that a row of the annotation table takes, so that its bounds stand in one place. An error names the prop:
 * `names` says which one a field on the wire comes from, where it is not the same word.
 */
export function boundedBy<T>(codec: Codec<T>, value: T, names: { readonly [field: string]: string } = {}): T {
  try {
    codec.encode(value);
  } catch (error) {
    if (!(error instanceof InvalidProps)) {
      throw error;
    }
    const field = error.prop.replace(/^\./, '');
    const known = Object.keys(names).filter(name => field.startsWith(name)).sort((a, b) => b.length - a.length)[0];
    throw new InvalidProps(known === undefined ? field : names[known] + field.slice(known.length), error.value, error.allowed);
  }
  return value;
}

/** Throws for the first value that stands twice in a list. */
export function requireUnique(prop: string, values: readonly unknown[]): void {
  values.forEach((value, index) => {
    if (values.indexOf(value) !== index) {
      throw new InvalidProps(`${prop}[${index}]`, value, 'every value once');
    }
  });
}
