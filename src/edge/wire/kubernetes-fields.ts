// Fields of Kubernetes' own structs, which props take as they are.
import { InvalidProps } from '../../base/errors';

/**
 * Returns what the constructs of cdk8s-plus wrote, or throws for a field that they dropped because Kubernetes 1.28 does not have it: a misspelled key of
 * a toleration would leave one that tolerates everything.
 *
 * @param given the value of a prop, typed as a struct of `k8s`
 * @param written the same value as plain JSON
 */
export function requireWritten<T>(prop: string, given: unknown, written: T): T {
  if (given !== undefined && typeof given !== 'object' && given !== written) {
    throw InvalidProps.conflict(prop, given, 'has the wrong type for this field of Kubernetes');
  }
  if (typeof given === 'object' && given !== null && typeof written === 'object' && written !== null) {
    for (const [key, value] of Object.entries(given)) {
      const place = Array.isArray(given) ? `${prop}[${key}]` : `${prop}.${key}`;
      if (value !== undefined && !Object.hasOwn(written, key)) {
        throw InvalidProps.conflict(place, value, 'is not a field of Kubernetes 1.28 here');
      }
      requireWritten(place, value, (written as Readonly<Record<string, unknown>>)[key]);
    }
  }
  return written;
}
