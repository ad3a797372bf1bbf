// Smaller inputs that still show a disagreement: objects and fields are left out as long as the disagreement stays.
import { pointer } from '../src/manifests/pointer';

type Path = readonly (string | number)[];

/**
 * All variants of the objects with one object, field or list entry less, the big cuts first.
 *
 * @param isNeeded whether a part must stay, by its JSON pointer in the list of objects
 */
export function smaller<T>(objects: readonly T[], isNeeded: (pointer: string) => boolean): T[][] {
  const paths = pathsIn(objects).filter(path => !isNeeded(pointer(...path))).sort((a, b) => a.length - b.length);
  return paths.map(path => removed(objects, path) as T[]);
}

function pathsIn(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const keys: (string | number)[] = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return keys.flatMap(key => {
    const inner = pathsIn((value as Record<string, unknown>)[key]).map((path): Path => [key, ...path]);
    return [[key], ...inner];
  });
}

function removed(value: unknown, [key, ...rest]: Path): unknown {
  if (Array.isArray(value)) {
    return rest.length === 0 ? value.filter((_, index) => index !== key) : value.map((own, index) => (index === key ? removed(own, rest) : own));
  }
  const entries = Object.entries(value as object);
  return Object.fromEntries(rest.length === 0 ? entries.filter(([own]) => own !== key) : entries.map(([own, inner]) => [own, own === key ? removed(inner, rest) : inner]));
}
