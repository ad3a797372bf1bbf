// Objects that the API server refuses, so that the controller never sees them.
import { faultsForModels } from '../api-server/admission';
import type { SchemaFault } from '../api-server/crd/structural-schema';
import { Kind, kindOf } from '../manifests/kind';
import type { Manifest } from '../manifests/manifest';
import type { PlanEvent } from './refusal';

/** The kinds that a plan is made of. */
const KINDS: ReadonlySet<Kind | undefined> = new Set([
  Kind.INGRESS, Kind.INGRESS_CLASS, Kind.INGRESS_CLASS_PARAMS, Kind.INGRESS_CLASS_PARAMS_OF_AUTO_MODE, Kind.NAMESPACE, Kind.SECRET, Kind.SERVICE,
  Kind.TARGET_GROUP_BINDING,
]);

/** The events of each object that the API server refuses. What a kind that nobody plans is made of does not matter. */
export function unstoredOf(manifests: readonly Manifest[]): ReadonlyMap<Manifest, readonly PlanEvent[]> {
  const unstored = new Map<Manifest, readonly PlanEvent[]>();
  for (const manifest of manifests) {
    const isOldIngress = manifest.object.apiVersion === 'extensions/v1beta1' && manifest.object.kind === 'Ingress';
    const faults = isOldIngress || KINDS.has(kindOf(manifest)) ? faultsForModels(manifest) : [];
    if (faults.length > 0) {
      unstored.set(manifest, faults.map(fault => eventOf(manifest, fault)));
    }
  }
  return unstored;
}

function eventOf(manifest: Manifest, { pointer, message }: SchemaFault): PlanEvent {
  return { severity: 'refused', reason: message, manifest, pointer, reach: 'object' };
}
