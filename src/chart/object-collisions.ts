// No object of an app may be written twice: the second would be refused, or would silently take the place of the first.
import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { EdgeError } from '../base/errors';

/**
 * Kinds that are in no namespace, whatever namespace a chart gives them: those of Kubernetes 1.28 that are applied, and some that many
 * clusters add. Other kinds are taken for namespaced.
 */
const CLUSTER_WIDE: readonly string[] = [
  'APIService', 'CSIDriver', 'CSINode', 'CertificateSigningRequest', 'ClusterExternalSecret', 'ClusterIssuer', 'ClusterRole',
  'ClusterRoleBinding', 'ClusterSecretStore',
  'CustomResourceDefinition', 'FlowSchema', 'GatewayClass', 'IngressClass', 'IngressClassParams', 'MutatingWebhookConfiguration',
  'Namespace', 'Node', 'PersistentVolume', 'PriorityClass', 'PriorityLevelConfiguration', 'RuntimeClass', 'StorageClass',
  'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'ValidatingWebhookConfiguration', 'VolumeAttachment',
];

/** What Kubernetes knows an object by. */
export interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/**
 * Refuses two constructs that write one object. kustomize 5.5, and so Flux, refuses the documents ("may not add resource with an
 * already registered id"); `kubectl apply -f` would silently let the last one win. No namespace is `default`, as it is for kustomize.
 *
 * @throws EdgeError that names both constructs
 */
export function refuseCollisions(root: IConstruct): void {
  const collision = collisionIn(root);
  if (collision !== undefined) {
    throw new EdgeError(collision);
  }
}

/** The first two constructs that write one object, in a sentence. */
export function collisionIn(root: IConstruct): string | undefined {
  const seen = new Map<string, string>();
  for (const construct of root.node.findAll()) {
    if (ApiObject.isApiObject(construct)) {
      const { apiVersion, kind, namespace, name } = identityOf(construct);
      const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
      const key = JSON.stringify([group, kind, isClusterWide(kind) ? '' : namespace ?? 'default', name]);
      const other = seen.get(key);
      if (other !== undefined) {
        const object = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
        return `${other} and ${construct.node.path} both write ${object}: give one of them another name or namespace`;
      }
      seen.set(key, construct.node.path);
    }
  }
  return undefined;
}

/** Whether objects of a kind are in no namespace. */
export function isClusterWide(kind: string): boolean {
  return CLUSTER_WIDE.includes(kind);
}

/** What the object will be known by. A patch may change all of it, and a lazy value is only known when it is written. */
export function identityOf(construct: ApiObject): Identity {
  const { apiVersion, kind, name, metadata: { namespace } } = construct;
  const stated = { apiVersion, kind, namespace, name };
  if (!isPatched(construct) && [name, namespace ?? ''].every(text => typeof text === 'string')) {
    return stated;
  }
  const { metadata, ...written } = construct.toJson();
  return { ...stated, ...written, ...metadata, namespace: metadata?.namespace };
}

/** cdk8s 2.70 keeps patches in a private list. Where there is none, an object counts as patched: that costs time, and misses nothing. */
function isPatched(construct: ApiObject): boolean {
  return (construct as unknown as { readonly patches?: readonly unknown[] }).patches?.length !== 0;
}
