// What the API server refuses of metadata: unknown fields, and names, labels and annotation keys that it does not allow (Kubernetes 1.34).
import { isDnsLabel, isDnsSubdomain, isServiceName } from '../base/kubernetes-name';
import { similarTo } from '../base/spelling';
import { asObject, asText, type PlainObject } from './plain-json';
import { pointer } from './pointer';

/** Why the API server refuses an object. */
export interface StoreFault {
  /** JSON pointer to the value. */
  readonly pointer: string;
  /** What is expected, and the value. No period at the end. */
  readonly message: string;
}

/** Fields of ObjectMeta (k8s.io/apimachinery pkg/apis/meta/v1/types.go). */
const FIELDS: readonly string[] = [
  'name', 'generateName', 'namespace', 'labels', 'annotations', 'finalizers', 'ownerReferences', 'managedFields', 'uid', 'resourceVersion', 'generation',
  'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink',
];

/** Groups whose objects all have names that are DNS subdomains; others, such as RBAC, allow more. */
const WITH_SUBDOMAINS = /^((\w+\.istio\.io|elbv2\.k8s\.aws|networking\.k8s\.io|apps|batch|autoscaling|policy)\/|v1 (ConfigMap|Pod|Secret|ServiceAccount)$)/;

const NAME_PART = /^[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/;

const LABEL = 'must be empty, or at most 63 letters, digits, "-", "_" and ".", starting and ending with a letter or digit';
const KEY = 'is not a valid key: at most 63 letters, digits, "-", "_" and ".", starting and ending with a letter or digit, after an optional DNS name and "/"';

/** The faults of metadata whose types are right. `type` is the API version and kind. */
export function metadataFaultsOf(type: string, metadata: PlainObject): StoreFault[] {
  return [...unknownFields(metadata), ...nameFaults(type, metadata), ...keyFaults(metadata, 'labels'), ...keyFaults(metadata, 'annotations'),
    ...Object.entries(asObject(metadata.labels)).flatMap(([key, value]): StoreFault[] => (
      isLabelValue(value) ? [] : [{ pointer: pointer('metadata', 'labels', key), message: `"${String(value)}" ${LABEL}` }]))];
}

/** `kubectl apply` asks for strict validation, which refuses unknown fields. */
function unknownFields(metadata: PlainObject): StoreFault[] {
  return Object.keys(metadata).filter(field => !FIELDS.includes(field)).map(field => {
    const meant = similarTo(field, FIELDS);
    return { pointer: pointer('metadata', field), message: `metadata has no field ${field}${meant === undefined ? '' : `; did you mean ${meant}?`}` };
  });
}

function nameFaults(type: string, { name, namespace }: PlainObject): StoreFault[] {
  const own = asText(name) ?? '';
  const fault = own === '' ? undefined
    : type === 'v1 Namespace' ? isDnsLabel(own) ? undefined : 'must be at most 63 lowercase letters, digits and hyphens'
      : type === 'v1 Service' ? isServiceName(own) ? undefined : 'must be at most 63 lowercase letters, digits and hyphens, starting with a letter'
        : WITH_SUBDOMAINS.test(type) && !isDnsSubdomain(own) ? 'must be at most 253 lowercase letters, digits, hyphens and dots' : undefined;
  const place = asText(namespace) ?? '';
  return [
    ...fault === undefined ? [] : [{ pointer: '/metadata/name', message: `"${own}" ${fault}` }],
    ...place === '' || isDnsLabel(place) ? []
      : [{ pointer: '/metadata/namespace', message: `"${place}" must be at most 63 lowercase letters, digits and hyphens` }],
  ];
}

/** Keys of annotations may have capitals in their prefix (k8s.io/apimachinery pkg/api/validation/objectmeta.go ValidateAnnotations). */
function keyFaults(metadata: PlainObject, field: 'labels' | 'annotations'): StoreFault[] {
  return Object.keys(asObject(metadata[field])).filter(key => !isQualifiedName(field === 'labels' ? key : key.toLowerCase()))
    .map(key => ({ pointer: pointer('metadata', field, key), message: `"${key}" ${KEY}` }));
}

function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  return (slash === -1 || isDnsSubdomain(key.slice(0, slash))) && name.length <= 63 && NAME_PART.test(name);
}

function isLabelValue(value: unknown): boolean {
  return typeof value !== 'string' || value === '' || (value.length <= 63 && NAME_PART.test(value));
}
