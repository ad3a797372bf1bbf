// Validates props with the codecs of the annotation table, so that errors name the prop.
import type { Codec } from '../../base/alb-annotations/codecs';
import { InvalidProps, renaming } from '../../base/errors';

/**
 * Returns the value, validated by a codec of the annotation table, which is the only place with its bounds.
 *
 * @param names the prop by the field on the wire, for fields with another name; errors use the name of the prop
 */
export function boundedBy<T>(codec: Codec<T>, value: T, names: { readonly [field: string]: string } = {}): T {
  renaming(refused => {
    const field = refused.replace(/^\./, '');
    const known = Object.keys(names).filter(name => field.startsWith(name)).sort((a, b) => b.length - a.length)[0];
    return known === undefined ? field : names[known] + field.slice(known.length);
  }, () => codec.encode(value));
  return value;
}

/** Throws for the first duplicate value in a list. */
export function requireUnique(prop: string, values: readonly unknown[]): void {
  values.forEach((value, index) => {
    const same = values.indexOf(value);
    if (same !== index) {
      throw InvalidProps.duplicate(`${prop}[${index}]`, value, `in ${prop}[${same}]`);
    }
  });
}

/** Returns the map, or undefined if it is empty, so that no empty annotation is rendered. */
export function filled<T extends object>(map: T | undefined): T | undefined {
  return map && Object.keys(map).length > 0 ? map : undefined;
}
