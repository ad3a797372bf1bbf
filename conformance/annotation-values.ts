// Annotations with values to choose from, right and wrong ones.
import * as fc from 'fast-check';
import { mangled } from './mangled';

/** Values of one annotation. Wrong ones are refused, or mean something else than people think; faults are added to the right ones anyway. */
export interface Values {
  readonly right: fc.Arbitrary<string>;
  readonly wrong?: fc.Arbitrary<string>;
  readonly isExact?: true;
}

/** Values of a family of keys, such as `actions.<name>`, with the names. */
export interface Family {
  readonly names: readonly string[];
  readonly values: Values;
}

/** Values from lists. */
export function values(right: readonly string[], wrong: readonly string[] = []): Values {
  return { right: fc.constantFrom(...right), ...wrong.length > 0 ? { wrong: fc.constantFrom(...wrong) } : {} };
}

/** Values from lists, without faults added to them: what they mean is for AWS to say. */
export function exactly(right: readonly string[], wrong: readonly string[]): Values {
  return { ...values(right, wrong), isExact: true };
}

/** An annotation: right alone, and right or wrong. */
export interface Annotation {
  readonly right: fc.Arbitrary<readonly [key: string, value: string]>;
  readonly any: fc.Arbitrary<readonly [key: string, value: string]>;
}

/** The annotations of a setting: one for each name of a family. */
export function annotationsOf(key: string, own: Values | Family): Annotation[] {
  return 'names' in own ? own.names.map(name => annotation(`${key}.${name}`, own.values)) : [annotation(key, own)];
}

function annotation(key: string, { right, wrong, isExact }: Values): Annotation {
  const faulty = fc.oneof(...wrong ? [wrong] : [], ...isExact ? [] : [mangled(right)]);
  return { right: right.map(value => [key, value] as const), any: fc.oneof({ weight: 2, arbitrary: right }, { weight: 1,
    arbitrary: faulty }).map(value => [key, value] as const) };
}

/** Some of the annotations. In most sets all values are right, because one refusal hides everything else. */
export function someOf(annotations: readonly Annotation[], most: number): fc.Arbitrary<Record<string, string>> {
  const set = (how: 'right' | 'any') => fc.array(fc.oneof(...annotations.map(own => own[how])), { maxLength: most }).map(pairs => Object.fromEntries(pairs));
  return fc.oneof({ weight: 6, arbitrary: set('right') }, { weight: 1, arbitrary: set('any') });
}
