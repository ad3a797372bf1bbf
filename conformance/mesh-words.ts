// Words from which random objects of a mesh are made: namespaces, hosts, and small generators that all kinds share.
import * as fc from 'fast-check';

export const NAMESPACES = ['shop', 'shop', 'team-a', 'edge', 'istio-system'];

/** One of the values, the first three times as often as all others together. */
export function mostly<T>(first: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(first) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
}

/** The value, or in most cases nothing. */
export function rarely<T>(arbitrary: fc.Arbitrary<T>, freq = 4): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: freq, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** One to three different values. */
export function few<T>(...values: readonly T[]): fc.Arbitrary<T[]> {
  return fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
}

/** An object. Half of all inputs have ages; `age` is dropped from the others. */
export function object(group: 'networking' | 'security', kind: string, spec: fc.Arbitrary<object>, names: readonly string[], namespaces = NAMESPACES): fc.Arbitrary<object> {
  return fc.record({
    name: fc.constantFrom(...names), namespace: fc.constantFrom(...namespaces), spec, created: fc.constantFrom('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z', '2024-01-03T00:00:00Z'),
  }).map(({ name, namespace, spec: own, created }) => (
    { apiVersion: `${group}.istio.io/v1`, kind, metadata: { name, namespace, creationTimestamp: created }, spec: own }));
}

/** A condition on a string. */
export function stringMatch(...values: readonly string[]): fc.Arbitrary<object> {
  const value = fc.constantFrom(...values);
  return fc.oneof(
    { weight: 4, arbitrary: value.map(exact => ({ exact })) }, { weight: 4, arbitrary: value.map(prefix => ({ prefix })) },
    { weight: 3, arbitrary: fc.constantFrom('.*', 'a|b', '^/v[0-9]+.*', '[', '*', '').map(regex => ({ regex })) }, { weight: 1, arbitrary: fc.constant({}) },
  );
}

/** Labels of pods that selectors choose. */
export const podLabels = fc.constantFrom<Record<string, string>>({ app: 's1' }, { app: 's1', version: 'v1' }, { version: 'v2' }, { app: 'client' }, { app: 'gw' }, { app: 'none' });

export const exportTo = rarely(fc.constantFrom(['*'], ['.'], ['~'], ['shop'], ['edge', 'shop'], ['team-a'], ['.', '*'], ['.', 'edge']), 5);
