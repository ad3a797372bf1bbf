// Small texts, numbers and times of Istio's objects, cheap enough for ten thousand edges: drawn from few, the awkward ones among them.
import { Duration } from 'cdk8s';
import * as fc from 'fast-check';

/** A record of which every part may be missing. */
export function partly<T extends object>(model: { [P in keyof T]-?: fc.Arbitrary<NonNullable<T[P]>> }): fc.Arbitrary<Partial<T>> {
  return fc.record(model, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<Partial<T>>;
}

/** A record of which these parts may not be missing. */
export function needing<T extends object, K extends keyof T>(needed: readonly K[], model: { [P in keyof T]-?: fc.Arbitrary<NonNullable<T[P]>> }): fc.Arbitrary<Pick<T, K> & Partial<T>> {
  return fc.record(model, { requiredKeys: [...needed], noNullPrototype: true }) as unknown as fc.Arbitrary<Pick<T, K> & Partial<T>>;
}

/** One to some of a few, each once. */
export function someOf<T>(values: readonly T[], maxLength = 3): fc.Arbitrary<T[]> {
  return fc.subarray([...values], { minLength: 1, maxLength: Math.min(maxLength, values.length) });
}

/** A word of an enum. */
export function wordOf<T extends string>(words: Record<string, T>): fc.Arbitrary<T> {
  return fc.constantFrom(...Object.values(words));
}

/** One line of text that is not empty. */
export const line = fc.oneof(fc.constantFrom('null', '~', 'yes', '012', '1e3', '<<', '- a', 'a: b', '# a', ' a ', 'ü€', '{{', '\u2028', '"', '*'), fc.string({ minLength: 1, maxLength: 10 }));

/** Regular expressions of RE2 that no empty text matches. */
export const regex = fc.constantFrom('a', 'v[12]', '/(a|b)/.+', '(?i)chrome.+', '\\d+', '[^/]+', '^.*\\.html$', 'a{2,3}', '(?P<name>x)y', '\\p{Greek}+');

/** Segments of paths. */
const segment = fc.constantFrom('a', 'b', 'cart', 'B', '1.0', '%20', 'ü', '~x', "!$&'()+,;=:@", '.well-known', '..');

/** A path below `/`, and never `/` alone. */
export const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map(parts => `/${parts.join('/')}`);

/** Names of headers. */
export const HEADERS = ['x-a', 'x-b', 'end-user', 'cookie', 'a', "!#$%&'*+.^_`|~-9"] as const;

/** A time in whole milliseconds. */
export const time = fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 4000 }).map(seconds => seconds * 1000)).map(value => Duration.millis(value));

/** A time, or none at all. */
export const timeOrZero = fc.oneof(time, fc.constant(Duration.millis(0)));

/** A share in percent, as Envoy counts it. */
export const percentage = fc.oneof(fc.constantFrom(0, 0.0001, 0.5, 33.3, 100), fc.integer({ min: 1, max: 100 }));

/** Names of namespaces that are not those of a gateway or of the mesh. */
export const NAMESPACES = ['shop', '1', 'team-a', 'null'] as const;

/** Labels of pods. */
export const labels = fc.constantFrom<Record<string, string>>({ app: 'a' }, { 'app.kubernetes.io/name': 'B_1.x', tier: '' }, { version: '012' });

/** Namespaces that see an object of the namespace `own`. */
export function exportToOf(choice: number, own: string): string[] | undefined {
  return [undefined, ['*'], ['.'], [own, 'istio-ingress', 'gw'], ['.', 'istio-ingress', 'gw', 'team-z']][choice];
}

/** Which of them. */
export const exportChoice = fc.nat({ max: 4 });
