// Lists that Kubernetes treats as maps (`x-kubernetes-list-type: map`): the keys of their entries have to differ.
import { asObject } from '../../model/plain-json';

/** Two entries of a list with the same keys, by their indexes. */
export interface Duplicate {
  readonly first: number;
  readonly second: number;
}

/** The first two entries whose values under all the keys are the same; nothing when there are none. */
export function duplicateKey(keys: readonly string[], list: readonly unknown[]): Duplicate | undefined {
  const seen = new Map<string, number>();
  for (const [second, entry] of list.entries()) {
    const identity = JSON.stringify(keys.map(key => asObject(entry)[key] ?? null));
    const first = seen.get(identity);
    if (first !== undefined) {
      return { first, second };
    }
    seen.set(identity, second);
  }
  return undefined;
}
