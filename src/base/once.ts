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

/**
 * Keeps a value, and returns it: `known.get(key) ?? kept(known, key, make())` is {@link once} without the function that this makes at each call, whether it
 * is called or not. For what every request asks.
 */
export function kept<K, V>(known: Known<K, V>, key: K, value: V): V {
  known.set(key, value);
  return value;
}
