// Objects that an input has several times: `kubectl apply` stores the last one.
import type { Manifest } from '../manifests/manifest';
import { identityOf } from '../manifests/manifest';
import type { PlanEvent } from './refusal';

/** An event for each object that the same object replaces later in the input. */
export function replacedBySame(manifests: readonly Manifest[]): ReadonlyMap<Manifest, PlanEvent> {
  const last = new Map<string, Manifest>();
  const replaced = new Map<Manifest, PlanEvent>();
  for (const manifest of manifests) {
    const id = identityOf(manifest);
    const earlier = last.get(id);
    if (earlier !== undefined && earlier !== manifest) {
      const reason = `is given twice: the same object ${placeOf(manifest)} replaces it`;
      replaced.set(earlier, { severity: 'ignored', topic: 'repeated-object', reason, manifest: earlier, pointer: '', reach: 'object' });
    }
    last.set(id, manifest);
  }
  return replaced;
}

function placeOf({ origin }: Manifest): string {
  return 'file' in origin ? `at ${origin.file}:${origin.line}` : origin.construct ? `at ${origin.construct}` : 'after it';
}
