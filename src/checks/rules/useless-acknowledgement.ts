// An acknowledgement that silences nothing.
import { Manifest } from '../../model/manifest';
import { pointer } from '../../model/pointer';
import { ACKNOWLEDGEMENT_PREFIX, acknowledgementsOn } from '../acknowledgement';
import type { Check } from '../check';

/** Acknowledgements outlive their cause unless somebody says so. */
export const uselessAcknowledgement: Check = {
  id: 'useless-acknowledgement',
  severity: 'warning',
  title: 'An acknowledgement silences nothing',
  why: 'The annotation names a check that finds nothing on this object, or gives no reason. It hides nothing today and may hide '
    + 'a real fault tomorrow.',
  fix: `Remove the annotation, or write ${ACKNOWLEDGEMENT_PREFIX}<check-id> with a reason as its value.`,
  related: [],
  about: [],
  reads: [],
  last: true,

  *run(model, found) {
    const foundOn = new Map<Manifest, Set<string>>();
    for (const { manifest, finding } of found) {
      foundOn.set(manifest, (foundOn.get(manifest) ?? new Set()).add(finding.id));
    }
    const crashed = new Set(found.filter(own => own.crashed).map(own => own.finding.id));
    for (const manifest of model.manifests) {
      for (const { key, id, reason } of acknowledgementsOn(manifest)) {
        const ids = foundOn.get(manifest) ?? new Set<string>();
        if (!crashed.has(id) && !(ids.has(id) && reason)) {
          yield { manifest, pointer: pointer('metadata', 'annotations', key), message: uselessBecause(id, ids) };
        }
      }
    }
  },
};

function uselessBecause(id: string, found: ReadonlySet<string>): string {
  if (found.has(id)) {
    return `the acknowledgement of "${id}" gives no reason, so the finding stands`;
  }
  const others = found.size > 0 ? `; found here: ${[...found].sort().join(', ')}` : '';
  return `the acknowledgement of "${id}" silences nothing: there is no such finding on this object${others}`;
}
