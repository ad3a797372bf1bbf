// A namespace whose pods get a sidecar.
import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** Renders a Namespace with the label that istiod's injector looks for. */
export function addMeshNamespace(scope: Construct, name: string): void {
  new ApiObject(scope, 'Namespace', k8s.KubeNamespace.manifest({ metadata: { name, labels: { 'istio-injection': 'enabled' } } }));
}
