// What the API server refuses to store, CRDs apart: fields and types that a built-in kind does not have, values that it does not allow, metadata, and kinds
// and API versions that do not exist (Kubernetes 1.34).
import { once } from '../base/once';
import { similarTo } from '../base/spelling';
import { type SchemaFault } from './crd/structural-schema';
import { isBuiltIn, kindsByVersion, metadataShapeFaults, objectFaults } from './kubernetes/shape';
import { type Manifest } from '../manifests/manifest';
import { metadataFaultsOf } from './metadata-faults';
import { asObject, asText, type PlainObject } from '../manifests/plain-json';

/** API versions that no API server serves any more, with the kinds that they had, since which version of Kubernetes, and where the kinds are now. */
const GONE: readonly (readonly [kinds: RegExp, since: string, now: string])[] = [
  [/^(extensions|networking\.k8s\.io)\/v1beta1 Ingress(Class)?$/, '1.22', 'networking.k8s.io/v1'],
  [/^extensions\/v1beta1 NetworkPolicy$/, '1.16', 'networking.k8s.io/v1'],
  [/^(extensions\/v1beta1|apps\/v1beta[12]) (DaemonSet|Deployment|ReplicaSet|StatefulSet)$/, '1.16', 'apps/v1'],
  [/^rbac\.authorization\.k8s\.io\/v1(alpha1|beta1) (Cluster)?Role(Binding)?$/, '1.22', 'rbac.authorization.k8s.io/v1'],
  [/^policy\/v1beta1 PodDisruptionBudget$/, '1.25', 'policy/v1'],
  [/^autoscaling\/v2beta1 HorizontalPodAutoscaler$/, '1.25', 'autoscaling/v2'],
  [/^autoscaling\/v2beta2 HorizontalPodAutoscaler$/, '1.26', 'autoscaling/v2'],
  [/^batch\/v1beta1 CronJob$/, '1.25', 'batch/v1'],
  [/^apiextensions\.k8s\.io\/v1beta1 CustomResourceDefinition$/, '1.22', 'apiextensions.k8s.io/v1'],
];

/** Groups of files that tools read and no cluster stores: settings of eksctl, kustomize, kind, istioctl and others. */
const NOT_STORED = /^([\w-]+\.)*config\.k8s\.io\/|^(eksctl\.io|kind\.x-k8s\.io|k3d\.io|kubeadm\.k8s\.io|audit\.k8s\.io|skaffold|backstage\.io|install\.istio\.io)\//;

/** What faults have as their rule whose values only the Go code of the API server refuses. */
export const VALUE_RULE = 'value';

/** The rules of values are loaded for the first object of a built-in kind. */
function valueFaults(kind: string, object: PlainObject): ReturnType<typeof import('./kubernetes/rules').valueFaults> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('./kubernetes/rules') as typeof import('./kubernetes/rules')).valueFaults(kind, object);
}

/** Why the API server refuses an object, in the order of its fields; empty if nothing is known against it. */
export function storeFaultsOf({ object }: Manifest): SchemaFault[] {
  const [apiVersion, kind] = [asText(object.apiVersion) ?? '', asText(object.kind) ?? ''];
  const type = `${apiVersion} ${kind}`;
  const { isStored, unknown } = once(TYPES, type, () => (
    { isStored: !NOT_STORED.test(apiVersion), ...isBuiltIn(type) ? {} : { unknown: unknownType(apiVersion, kind) } }));
  if (!isStored) {
    return [];
  }
  if (unknown !== undefined) {
    return [{ kind: 'schema', ...unknown }];
  }
  const shape: SchemaFault[] = isBuiltIn(type) ? objectFaults(type, object) : metadataShapeFaults(object.metadata);
  const { name, generateName } = asObject(object.metadata);
  if (isUnset(name) && isUnset(generateName) && (object.metadata !== undefined || isKnown(apiVersion, kind))) {
    shape.push({ kind: 'schema', pointer: '/metadata/name', message: 'is required' });
  }
  // Rules of values need the types.
  if (shape.some(fault => fault.kind === 'schema')) {
    return shape;
  }
  shape.push(...metadataFaultsOf(type, asObject(object.metadata)).map((fault): SchemaFault => ({ kind: 'schema', ...fault })));
  shape.push(...isBuiltIn(type) ? valueFaults(type, object).map((fault): SchemaFault => ({ kind: 'schema', ...fault, rule: VALUE_RULE })) : []);
  return shape;
}

interface UnknownType {
  readonly pointer: string;
  readonly message: string;
}

/** What is known of API versions and kinds: thousands of objects have few. */
const TYPES = new Map<string, { readonly isStored: boolean; readonly unknown?: UnknownType }>();

/** Why there is no such kind. */
function unknownType(apiVersion: string, kind: string): UnknownType | undefined {
  const [, since, now] = GONE.find(([kinds]) => kinds.test(`${apiVersion} ${kind}`)) ?? [];
  if (since !== undefined) {
    return { pointer: '/apiVersion', message: `must be ${now}; got ${apiVersion}, which Kubernetes does not serve since ${since}` };
  }
  const known = kindsOf(apiVersion);
  if (known.length === 0 || known.includes(kind) || kind.endsWith('List')) {
    return undefined;
  }
  const home = [...kindsByVersion()].find(([other, kinds]) => /(^|\/)v\d+$/.test(other) && kinds.includes(kind))?.[0];
  if (home !== undefined) {
    return { pointer: '/apiVersion', message: `must be ${home} for the kind ${kind}; got ${apiVersion}` };
  }
  const meant = similarTo(kind, known);
  return meant === undefined ? undefined : { pointer: '/kind', message: `${apiVersion} has no kind ${kind}; did you mean ${meant}?` };
}

/** Whether objects of the kind are certainly stored. Of others without metadata, such as a kubeconfig, nothing is known. */
function isKnown(apiVersion: string, kind: string): boolean {
  return kindsOf(apiVersion).includes(kind) || apiVersion.includes('.istio.io/') || apiVersion.startsWith('elbv2.k8s.aws/');
}

function kindsOf(apiVersion: string): readonly string[] {
  return kindsByVersion().get(apiVersion) ?? [];
}

/** Like an empty text, `null` is the same as nothing. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
