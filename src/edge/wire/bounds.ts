// How the values of props are bounded by what AWS takes on the wire, with errors that name the prop.
import type { Codec } from '../../base/alb-annotations/codecs';
import { InvalidProps, renaming } from '../../base/errors';

/**
 * Returns the value that a row of the annotation table takes, so that its bounds stand in one place. An error names the prop:
 * `names` says which one a field on the wire comes from, where it is not the same word.
 */
export function boundedBy<T>(codec: Codec<T>, value: T, names: { readonly [field: string]: string } = {}): T {
  renaming(refused => {
    const field = refused.replace(/^\./, '');
    const known = Object.keys(names).filter(name => field.startsWith(name)).sort((a, b) => b.length - a.length)[0];
    return known === undefined ? field : names[known] + field.slice(known.length);
  }, () => codec.encode(value));
  return value;
}

/** Throws for the first value that stands twice in a list. */
export function requireUnique(prop: string, values: readonly unknown[]): void {
  values.forEach((value, index) => {
    if (values.indexOf(value) !== index) {
      throw InvalidProps.value(`${prop}[${index}]`, value, 'must be every value once');
    }
  });
}

/** Returns the map, or nothing where it is empty: an empty annotation says nothing either. */
export function filled<T extends object>(map: T | undefined): T | undefined {
  return map && Object.keys(map).length > 0 ? map : undefined;
}
