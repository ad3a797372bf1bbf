// What cdk8s-plus writes although it says nothing: zero values that the API server does not store.
import { ApiObject, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';

/** The zero values by kind (cdk8s-plus-28 2.5.6). Kubernetes encodes these fields with `omitempty` (k8s.io/api v0.35 apps/v1 and core/v1). */
const ZERO_VALUES: { readonly [kind: string]: readonly string[] } = {
  Deployment: ['/spec/minReadySeconds', '/spec/template/spec/hostNetwork'],
  Service: ['/spec/externalIPs'],
};

/**
 * Removes the zero values of a Deployment or Service. With them, `kubectl apply` finds a difference on every run and reports the object as
 * configured.
 */
export function removeZeroValues(construct: Construct): void {
  const object = ApiObject.of(construct);
  // A version of cdk8s-plus may write no value there, and nothing can be removed from nowhere.
  object.addJsonPatch(...(ZERO_VALUES[object.kind] ?? []).flatMap(path => [JsonPatch.add(path, 0), JsonPatch.remove(path)]));
}
