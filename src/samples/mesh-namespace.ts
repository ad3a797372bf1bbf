// A namespace with sidecar injection.
import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** Adds a Namespace with the label that enables istiod's sidecar injection. */
export function addMeshNamespace(scope: Construct, name: string): void {
  new ApiObject(scope, 'Namespace', k8s.KubeNamespace.manifest({ metadata: { name, labels: { 'istio-injection': 'enabled' } } }));
}
