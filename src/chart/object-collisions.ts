// Detects two constructs that write the same object: the second would be rejected, or would silently replace the first.
import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { EdgeError } from '../base/errors';

/**
 * Cluster-scoped kinds, whose objects have no namespace even if the chart sets one: those of Kubernetes 1.28, and those of common add-ons.
 * All other kinds are assumed to be namespaced.
 */
const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  'APIService', 'CSIDriver', 'CSINode', 'CertificateSigningRequest', 'ClusterExternalSecret', 'ClusterIssuer', 'ClusterRole',
  'ClusterRoleBinding', 'ClusterSecretStore',
  'CustomResourceDefinition', 'FlowSchema', 'GatewayClass', 'IngressClass', 'IngressClassParams', 'MutatingWebhookConfiguration',
  'Namespace', 'Node', 'PersistentVolume', 'PriorityClass', 'PriorityLevelConfiguration', 'RuntimeClass', 'StorageClass',
  'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'ValidatingWebhookConfiguration', 'VolumeAttachment',
]);

/** The identity of an object in Kubernetes. */
export interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/**
 * Rejects two constructs that write the same object. kustomize 5.5, and so Flux, rejects them ("may not add resource with an already
 * registered id"); with `kubectl apply -f` the last one silently wins. An omitted namespace is `default`, as for kustomize.
 *
 * @throws EdgeError with the paths of both constructs
 */
export function refuseCollisions(root: IConstruct): void {
  const collision = collisionIn(root);
  if (collision !== undefined) {
    throw new EdgeError(collision);
  }
}

/** A sentence about the first two constructs that write the same object, if any do. */
export function collisionIn(root: IConstruct): string | undefined {
  const seen = new Map<string, string>();
  for (const construct of root.node.findAll()) {
    if (ApiObject.isApiObject(construct)) {
      const { apiVersion, kind, namespace, name } = identityOf(construct);
      const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
      // None of the parts can have a line break, so no two objects share a key.
      const key = `${group}\n${kind}\n${isClusterWide(kind) ? '' : namespace ?? 'default'}\n${name}`;
      const other = seen.get(key);
      if (other !== undefined) {
        const object = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
        return `${other} and ${construct.node.path} both write ${object}: change the name or namespace of one`;
      }
      seen.set(key, construct.node.path);
    }
  }
  return undefined;
}

/** Whether a kind is cluster-scoped. */
export function isClusterWide(kind: string): boolean {
  return CLUSTER_WIDE.has(kind);
}

/** The identity of the rendered object. A patch can change every part of it, and a lazy value is known only after rendering. */
export function identityOf(construct: ApiObject): Identity {
  const { apiVersion, kind, name, metadata: { namespace } } = construct;
  const declared = { apiVersion, kind, namespace, name };
  if (!isPatched(construct) && [name, namespace ?? ''].every(value => typeof value === 'string')) {
    return declared;
  }
  const { metadata, ...written } = construct.toJson();
  return { ...declared, ...written, ...metadata, namespace: metadata?.namespace };
}

/** cdk8s 2.70 keeps patches in a private field. Without that field an object counts as patched, which is slower but correct. */
function isPatched(construct: ApiObject): boolean {
  return (construct as unknown as { readonly patches?: readonly unknown[] }).patches?.length !== 0;
}
