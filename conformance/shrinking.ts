// Smaller inputs that still show a disagreement: objects and fields are left out as long as the disagreement stays.

type Path = readonly (string | number)[];

const KEPT = new Set(['apiVersion', 'kind', 'metadata', 'name', 'namespace', 'spec']);

/** All variants of the objects with one object, field or list entry less, the big cuts first. */
export function smaller(objects: readonly object[]): object[][] {
  const without = objects.map((_, index) => objects.filter((__, other) => other !== index));
  const paths = objects.flatMap((object, index) => pathsIn(object).map((path): Path => [index, ...path])).sort((a, b) => a.length - b.length);
  return [...without, ...paths.map(path => removed(objects, path) as object[])];
}

function pathsIn(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const keys: (string | number)[] = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return keys.flatMap(key => {
    const inner = pathsIn((value as Record<string, unknown>)[key]).map((path): Path => [key, ...path]);
    return typeof key === 'string' && KEPT.has(key) ? inner : [[key], ...inner];
  });
}

function removed(value: unknown, [key, ...rest]: Path): unknown {
  if (Array.isArray(value)) {
    return rest.length === 0 ? value.filter((_, index) => index !== key) : value.map((own, index) => (index === key ? removed(own, rest) : own));
  }
  const entries = Object.entries(value as object);
  return Object.fromEntries(rest.length === 0 ? entries.filter(([own]) => own !== key) : entries.map(([own, inner]) => [own, own === key ? removed(inner, rest) : inner]));
}
