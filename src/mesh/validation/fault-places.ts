// Where the faults are that Istio's webhook names without a field: the place whose removal removes the fault.
import { type PlainObject, isObject } from '../../manifests/plain-json';
import { pointer } from '../../manifests/pointer';

/** One fault, and the narrowest place in the spec that causes it. */
export interface FaultPlace {
  readonly message: string;
  /** JSON pointer from the object. */
  readonly pointer: string;
  readonly value: unknown;
}

type Path = readonly (string | number)[];

/** Fields and items that are tried in one object or list; of longer ones the whole is the place. */
const MAX_PARTS = 200;

/** The places of all faults of a spec. @param faultsOf the messages of the webhook for a spec */
export function faultPlaces(spec: PlainObject, faultsOf: (spec: PlainObject) => readonly string[]): FaultPlace[] {
  const messages = faultsOf(spec);
  return [...new Set(messages)].flatMap(message => {
    const count = (tried: PlainObject) => faultsOf(tried).filter(own => own === message).length;
    const all = messages.filter(own => own === message).length;
    return narrowest([], all).map(path => ({ message, pointer: pointer('spec', ...path), value: valueAt(spec, path) }));

    /** Unless parts remove the expected faults, each its own, no single part is the cause: two fields exclude each other, or one is missing. */
    function narrowest(path: Path, expected: number): Path[] {
      const parts = partsOf(valueAt(spec, path));
      const tried = parts.length > MAX_PARTS ? [] : parts.map(part => [...path, part]);
      const causes = tried.map(place => ({ place, removed: all - count(without(spec, place) as PlainObject) })).filter(({ removed }) => removed > 0);
      return causes.length === 0 || causes.reduce((sum, { removed }) => sum + removed, 0) !== expected ? [path]
        : causes.flatMap(({ place, removed }) => narrowest(place, removed));
    }
  });
}

function partsOf(value: unknown): (string | number)[] {
  return Array.isArray(value) ? value.map((_, index) => index) : isObject(value) ? Object.keys(value) : [];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((found, key) => (found as Record<string | number, unknown>)[key], value);
}

function without(value: unknown, [key, ...rest]: Path): unknown {
  if (Array.isArray(value)) {
    return rest.length === 0 ? value.filter((_, index) => index !== key) : value.map((item: unknown, index) => (index === key ? without(item, rest) : item));
  }
  const entries = Object.entries(value as PlainObject);
  return Object.fromEntries(rest.length === 0 ? entries.filter(([own]) => own !== key)
    : entries.map(([own, field]) => [own, own === key ? without(field, rest) : field]));
}
