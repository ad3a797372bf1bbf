// Values that occur more than once in a list.

/** Each value that the list has before, once for every time that it comes again. */
export function duplicatesIn<T>(values: readonly T[]): T[] {
  const known = new Set<T>();
  return values.filter(value => known.size === known.add(value).size);
}
