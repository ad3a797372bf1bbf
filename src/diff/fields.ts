// Compares two versions of an object field by field.
import { isObject, type PlainObject } from '../manifests/plain-json';
import { pointer } from '../manifests/pointer';

/** A field whose value differs. */
export interface FieldChange {
  /**
   * The path of the field, like a JSON pointer: entries of a list that all have a `name` are identified by it, others by their index.
   * A path that ends in ` (order)` is a list whose entries changed places.
   */
  readonly path: string;
  /** The old value; absent when the field is new. An integer that a JavaScript number cannot hold is a bigint. */
  readonly before?: unknown;
  /** The new value, likewise; absent when the field was removed. */
  readonly after?: unknown;
}

/** What is shown instead of the values of a Secret. */
const HIDDEN = '***';

/** Fields of a Secret that contain no secrets. Annotations do: kubectl keeps the whole object in one. */
const SHOWN_OF_A_SECRET = /^\/(apiVersion|kind|type|immutable|metadata\/(name|namespace|labels))(\/|$)/;

/** The fields that differ, in the order of their paths. The order of keys makes no difference. */
export function changedFields(before: PlainObject, after: PlainObject): FieldChange[] {
  const changes = compareObjects('', before, after);
  return before.kind === 'Secret' || after.kind === 'Secret' ? changes.map(hideSecret) : changes;
}

/** Whether two JSON values are equal, whatever the order of their keys. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
  }
  return a === b || (typeof a === 'bigint' && typeof b === 'number' ? a === exact(b) : typeof a === 'number' && typeof b === 'bigint' && exact(a) === b);
}

/** The same integer; only YAML has the others. */
function exact(number: number): bigint | undefined {
  return Number.isInteger(number) ? BigInt(number) : undefined;
}

/** A JSON value as text: the same text for values that are equal, whatever the order of their keys. */
export function contentOf(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(contentOf).join()}]`;
  }
  if (isObject(value)) {
    return `{${Object.keys(value).sort().map(key => `${JSON.stringify(key)}:${contentOf(value[key])}`).join()}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function compare(path: string, before: unknown, after: unknown): FieldChange[] {
  if (isObject(before) && isObject(after)) {
    return compareObjects(path, before, after);
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return compareLists(path, before, after);
  }
  return isEqual(before, after) ? [] : [{ path, before, after }];
}

function compareObjects(path: string, before: PlainObject, after: PlainObject): FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap(key => {
    const own = path + pointer(key);
    if (!Object.hasOwn(after, key)) {
      return leaves(own, before[key]).map(([leaf, value]) => ({ path: leaf, before: value }));
    }
    if (!Object.hasOwn(before, key)) {
      return leaves(own, after[key]).map(([leaf, value]) => ({ path: leaf, after: value }));
    }
    return compare(own, before[key], after[key]);
  });
}

/** An object that exists on one side only is reported by its fields, so that each of them has its own path. */
export function leaves(path: string, value: unknown): [path: string, value: unknown][] {
  return isObject(value) && Object.keys(value).length > 0
    ? Object.keys(value).sort().flatMap(key => leaves(path + pointer(key), value[key]))
    : [[path, value]];
}

function compareLists(path: string, before: readonly unknown[], after: readonly unknown[]): FieldChange[] {
  const [old, now] = [byName(before), byName(after)];
  return old && now ? compareByName(path, old, now) : compareByIndex(path, before, after);
}

/** The entries by name, when every entry has one of its own. */
function byName(list: readonly unknown[]): Map<string, PlainObject> | undefined {
  const named = new Map<string, PlainObject>();
  for (const entry of list) {
    if (isObject(entry) && typeof entry.name === 'string') {
      named.set(entry.name, entry);
    }
  }
  return named.size === list.length ? named : undefined;
}

function compareByName(path: string, before: ReadonlyMap<string, PlainObject>, after: ReadonlyMap<string, PlainObject>): FieldChange[] {
  const kept = [...before.keys()].filter(name => after.has(name));
  const order = [...after.keys()].filter(name => before.has(name));
  return [
    ...isEqual(kept, order) ? [] : [{ path: `${path} (order)`, before: kept, after: order }],
    ...[...before].filter(([name]) => !after.has(name)).map(([name, entry]) => ({ path: path + pointer(name), before: entry })),
    ...[...after].flatMap(([name, entry]) => {
      const old = before.get(name);
      return old === undefined ? [{ path: path + pointer(name), after: entry }] : compareObjects(path + pointer(name), old, entry);
    }),
  ];
}

/** Entries that are equal at the start and at the end are left out, so that an inserted entry is one change. */
function compareByIndex(path: string, before: readonly unknown[], after: readonly unknown[]): FieldChange[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isEqual(before[start], after[start])) {
    start++;
  }
  let end = 0;
  while (end < shorter - start && isEqual(before[before.length - 1 - end], after[after.length - 1 - end])) {
    end++;
  }
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  return Array.from({ length: Math.max(old.length, now.length) }, (_, index): FieldChange[] => {
    const own = path + pointer(start + index);
    return index >= now.length ? [{ path: own, before: old[index] }]
      : index >= old.length ? [{ path: own, after: now[index] }]
        : compare(own, old[index], now[index]);
  }).flat();
}

function hideSecret(change: FieldChange): FieldChange {
  return !SHOWN_OF_A_SECRET.test(change.path)
    ? { path: change.path, ...'before' in change ? { before: HIDDEN } : {}, ...'after' in change ? { after: HIDDEN } : {} }
    : change;
}
