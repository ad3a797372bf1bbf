// Integers that a JavaScript number cannot hold. Kubernetes can, up to 64 bits, so two of them may differ although their numbers are equal.

/** The exact values, by the object or list that contains the number. */
const EXACT = new WeakMap<object, Map<string, bigint>>();

/** Replaces every bigint in what a YAML parser returned by its number, and notes the exact value for {@link withBigints}. */
export function withoutBigints(content: unknown): unknown {
  const seen = new Set<object>();
  const open: object[] = [];
  const enter = (value: unknown): unknown => {
    // An anchor may be used many times.
    if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value);
      open.push(value);
    }
    return typeof value === 'bigint' ? Number(value) : value;
  };
  const root = enter(content);
  for (let container = open.pop(); container !== undefined; container = open.pop()) {
    const fields = container as Record<string, unknown>;
    for (const [key, value] of Object.entries(fields)) {
      if (typeof value === 'bigint') {
        const exact = EXACT.get(container) ?? new Map<string, bigint>();
        EXACT.set(container, exact.set(key, value));
        Object.defineProperty(fields, key, { value: Number(value) });
      } else {
        enter(value);
      }
    }
  }
  return root;
}

/** The value with bigints in place of the numbers that are not exact. Parts without such numbers are not copied. */
export function withBigints(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const exact = EXACT.get(value);
  const changed = Object.entries(value).map(([key, own]) => [key, exact?.get(key) ?? withBigints(own), own] as const).filter(([, now, own]) => now !== own);
  if (changed.length === 0) {
    return value;
  }
  const copy: object = Array.isArray(value) ? [...value as unknown[]] : { ...value };
  changed.forEach(([key, now]) => Object.defineProperty(copy, key, { value: now, enumerable: true, configurable: true, writable: true })); // also `__proto__`
  return copy;
}
