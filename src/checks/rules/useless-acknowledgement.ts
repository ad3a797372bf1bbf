// An acknowledgement has no effect.
import { Manifest } from '../../manifests/manifest';
import { pointer } from '../../manifests/pointer';
import { ACKNOWLEDGEMENT_PREFIX, acknowledgementsOn } from '../acknowledgement';
import type { Check } from '../check';

/** Reports acknowledgements that are left over after the fault was fixed. The runner reports entries of a list, because several units share them. */
export const uselessAcknowledgement: Check = {
  id: 'useless-acknowledgement',
  severity: 'warning',
  title: 'An acknowledgement has no effect',
  why: 'The annotation or the entry is for a check that finds no fault there, it has no reason, or it has expired. It hides nothing now, but may '
    + 'hide a real fault later.',
  fix: `Remove the annotation, or set ${ACKNOWLEDGEMENT_PREFIX}<check-id> to a reason.`,
  related: [],
  about: [],
  reads: [],
  last: true,

  *run({ manifests }, found, deselected = new Set()) {
    const foundOn = new Map<Manifest, Set<string>>();
    for (const { manifest, finding } of found) {
      foundOn.set(manifest, (foundOn.get(manifest) ?? new Set()).add(finding.id));
    }
    const crashed = new Set(found.filter(own => own.crashed).map(own => own.finding.id));
    for (const manifest of manifests) {
      for (const { key, id, reason } of acknowledgementsOn(manifest)) {
        const ids = foundOn.get(manifest) ?? new Set<string>();
        if (!crashed.has(id) && !deselected.has(id) && !(ids.has(id) && reason)) {
          yield { manifest, pointer: pointer('metadata', 'annotations', key), message: uselessBecause(id, ids) };
        }
      }
    }
  },
};

function uselessBecause(id: string, found: ReadonlySet<string>): string {
  if (found.has(id)) {
    return `the acknowledgement of "${id}" has no reason, so the finding still counts`;
  }
  const others = found.size > 0 ? `; findings here: ${[...found].sort().join(', ')}` : '';
  return `the acknowledgement of "${id}" has no effect: this object has no such finding${others}`;
}
