// What is made when it is first asked for, and kept.

/** A Map or a WeakMap. */
interface Known<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** The value of a key; the first time it is made. */
export function once<K, V>(known: Known<K, V>, key: K, make: () => V & (object | string | number | boolean)): V {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}
