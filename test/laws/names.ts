// Names, hosts and texts as users write them, the awkward ones among them.
import * as fc from 'fast-check';

/** Texts that YAML reads as something else when they are not quoted. */
const TRAPS = ['null', '~', 'yes', 'n', 'off', '012', '0x1F', '1_000', '1e3', '.inf', '12:30:45', '2020-01-01', '=', '<<', '- a', 'a: b', '# a', ' a ', 'a\nb\n', '---\n', '\t', '\u2028'];

/** Texts without line breaks and the like, as conditions on headers take them. */
export const line = fc.oneof(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), fc.constantFrom(...TRAPS)).filter(each => !/\p{Cc}/u.test(each));

export const text = fc.oneof(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), fc.constantFrom(...TRAPS));

// cdk8s writes YAML 1.1, where 0o7 is a text and not quoted; readers of YAML 1.2 take it for a number.
const isOctal = (name: string) => /^0o[0-7]+$/.test(name);

export const dnsLabel = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/).filter(name => !isOctal(name)),
  fc.constantFrom('1', '0', 'null', 'y', 'true', '1e3', '0x1', '012', 'a'.repeat(63)),
);
export const serviceName = fc.stringMatching(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
export const port = fc.integer({ min: 1, max: 65535 });
export const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,8}[a-z0-9])?$/);
export const host = fc.tuple(fc.boolean(), fc.array(name, { minLength: 2, maxLength: 4 })).map(([wild, labels]) => (wild ? '*.' : '') + labels.join('.'));
export const certificate = fc.stringMatching(/^arn:aws(-cn|-us-gov)?:acm:[a-z]{2}-[a-z]{4}-\d:\d{12}:certificate\/[a-f0-9]{8}$/);
export const subnet = fc.oneof(fc.stringMatching(/^subnet-[0-9a-f]{8}$/), fc.stringMatching(/^subnet-[0-9a-f]{17}$/), name.filter(tag => !tag.startsWith('subnet-')));

/** A wish that may stay open. */
export function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}
