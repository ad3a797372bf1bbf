// Objects of the input that the cluster will not have, or of which the controller builds nothing: a trace goes on without them.
import { groupBy } from '../base/multimap';
import type { Manifest } from '../manifests/manifest';
import type { Mesh } from '../mesh/mesh';
import type { Plan } from '../plan/plan';
import { refuserOf } from '../plan/refusal';

/** An object that is refused. */
export interface NotApplied {
  readonly manifest: Manifest;
  /** Who refuses it, and why: each fault with a pointer into the object. */
  readonly reason: string;
}

/** What the API server, the webhooks and the controller refuse: each object once. */
export function notApplied({ events }: Plan, { refusals }: Mesh): NotApplied[] {
  const byMesh = refusals.map(({ manifest, by, pointer, message }) => (
    { manifest, by: by === 'schema' ? 'the API server' : 'Istio\'s webhook', pointer, message }));
  const byPlan = events.filter(({ severity }) => severity === 'refused').map(event => (
    { manifest: event.manifest, by: refuserOf(event), pointer: event.pointer, message: event.reason }));
  // The plan and the mesh each refuse a Service that the API server does not store.
  return [...groupBy([...byMesh, ...byPlan], ({ manifest }) => manifest)].map(([manifest, faults]) => {
    const byWhom = groupBy(faults, ({ by }) => by);
    const reasons = [...byWhom].map(([by, own]) => `refused by ${by}: ${[...new Set(own.map(faultText))].join('; ')}`);
    return { manifest, reason: reasons.join('; ') };
  });
}

/** Several errors of the webhook are a list with a line for each. */
function faultText({ pointer, message }: { readonly pointer: string; readonly message: string }): string {
  return `${pointer === '' ? '' : `${pointer}: `}${message.trim().replace(/\s*\n\s*/g, ' ')}`;
}
