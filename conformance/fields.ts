// Fields of an object, with values to choose from.
import * as fc from 'fast-check';
import { mostly } from './rule-annotations';

/** Some of the fields, each with a value, mostly one of its first two. */
export function someFields(fields: Readonly<Record<string, readonly unknown[]>>, most: number): fc.Arbitrary<object> {
  const field = fc.constantFrom(...Object.entries(fields)).chain(([key, values]) => (
    mostly(fc.constantFrom(...values.slice(0, 2)), fc.constantFrom(...values)).map((value): readonly [string, unknown] => [key, value])));
  return fc.array(field, { maxLength: most }).map(pairs => Object.fromEntries(pairs) as object);
}
