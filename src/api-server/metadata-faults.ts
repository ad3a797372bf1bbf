// What the API server refuses of metadata: names, labels and annotation keys that it does not allow (Kubernetes 1.34).
import { isDnsLabel, isDnsSubdomain, isServiceName } from '../base/kubernetes-name';
import { once } from '../base/once';
import type { StoreFault } from './kubernetes/field';
import { asList, asObject, asText, asTexts, type PlainObject } from '../manifests/plain-json';
import { pointer } from '../manifests/pointer';

/** Groups of Kubernetes itself. All others are of CRDs, whose objects have names that are DNS subdomains. */
const OF_KUBERNETES = /^(v1 |[a-z]+\/|[a-z]+(\.authorization|\.authentication)?\.k8s\.io\/|internal\.apiserver\.k8s\.io\/|flowcontrol\.apiserver\.k8s\.io\/)/;

/** Kinds of Kubernetes whose names are DNS subdomains. Of the others, which RBAC is one of, some allow more. */
const WITH_SUBDOMAIN = new RegExp(`^(${[
  'v1 (ConfigMap|LimitRange|PersistentVolumeClaim|Pod|ReplicationController|ResourceQuota|Secret|ServiceAccount)',
  'apps/\\w+ (DaemonSet|Deployment|ReplicaSet)', 'autoscaling/\\w+ HorizontalPodAutoscaler', 'batch/\\w+ (CronJob|Job)',
  'networking\\.k8s\\.io/\\w+ (Ingress|IngressClass|NetworkPolicy)',
].join('|')})$`);

const WITH_LABEL = /^(v1 Namespace|apps\/\w+ StatefulSet)$/;

const NAME_PART = /^[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/;

const LABEL = 'must be empty, or at most 63 letters, digits, "-", "_" and ".", starting and ending with a letter or digit';
const KEY = 'is not a valid key: at most 63 letters, digits, "-", "_" and ".", starting and ending with a letter or digit, after an optional DNS name and "/"';

/** The faults of metadata whose types are right. `type` is the API version and kind. */
export function metadataFaultsOf(type: string, metadata: PlainObject): StoreFault[] {
  return [
    ...nameFaults(type, metadata), ...keyFaults(metadata, 'labels'), ...keyFaults(metadata, 'annotations'), ...labelFaults(metadata),
    ...asTexts(metadata.finalizers).flatMap((finalizer, index): StoreFault[] => (
      isFinalizer(type, finalizer) ? [] : [{ pointer: pointer('metadata', 'finalizers', index), message: `"${finalizer}" ${KEY}` }])),
    ...asList(metadata.ownerReferences).flatMap((owner, index) => ['apiVersion', 'kind', 'name', 'uid'].filter(key => !asText(asObject(owner)[key]))
      .map((key): StoreFault => ({ pointer: pointer('metadata', 'ownerReferences', index, key), message: 'is required' }))),
  ];
}

function nameFaults(type: string, { name, generateName, namespace }: PlainObject): StoreFault[] {
  const own = asText(name) ?? '';
  const generated = asText(generateName) ?? '';
  const place = asText(namespace) ?? '';
  const [test, expected] = once(NAME_RULES, type, () => nameRule(type));
  return [
    ...own === '' || test(own) ? [] : [{ pointer: '/metadata/name', message: `"${own}" ${expected}` }],
    // A suffix follows, so that the last character may be any.
    ...generated === '' || test(`${generated}a`) ? [] : [{ pointer: '/metadata/generateName', message: `"${generated}" ${expected}` }],
    ...place === '' || isDnsLabel(place) ? []
      : [{ pointer: '/metadata/namespace', message: `"${place}" must be at most 63 lowercase letters, digits and hyphens` }],
  ];
}

type NameRule = readonly [test: (name: string) => boolean, expected: string];

/** Thousands of objects have few types. */
const NAME_RULES = new Map<string, NameRule>();

function nameRule(type: string): NameRule {
  return WITH_LABEL.test(type) ? [isDnsLabel, 'must be at most 63 lowercase letters, digits and hyphens']
    : type === 'v1 Service' ? [isServiceName, 'must be at most 63 lowercase letters, digits and hyphens, starting with a letter']
      : WITH_SUBDOMAIN.test(type) || !OF_KUBERNETES.test(type) ? [isDnsSubdomain, 'must be at most 253 lowercase letters, digits, hyphens and dots']
        : [name => name !== '.' && name !== '..' && !/[/%]/.test(name), 'cannot contain / or %'];
}

/** Finalizers without domain, which Kubernetes itself has. */
const STANDARD_FINALIZERS = ['foregroundDeletion', 'kubernetes', 'orphan'];

/** Kubernetes wants a domain in the finalizers of its own kinds, those of a PodDisruptionBudget apart (pkg/apis/core/validation, validateFinalizerName). */
function isFinalizer(type: string, finalizer: string): boolean {
  return isQualifiedName(finalizer)
    && (finalizer.includes('/') || STANDARD_FINALIZERS.includes(finalizer) || !OF_KUBERNETES.test(type) || type.endsWith(' PodDisruptionBudget'));
}

/** Whether keys are valid: thousands of objects have few. */
const KEYS = { labels: new Map<string, boolean>(), annotations: new Map<string, boolean>() };

/** Keys of annotations may have capitals in their prefix (k8s.io/apimachinery pkg/api/validation/objectmeta.go ValidateAnnotations). */
function keyFaults(metadata: PlainObject, field: 'labels' | 'annotations'): StoreFault[] {
  return Object.keys(asObject(metadata[field])).filter(key => !once(KEYS[field], key, () => isQualifiedName(field === 'labels' ? key : key.toLowerCase())))
    .map(key => ({ pointer: pointer('metadata', field, key), message: `"${key}" ${KEY}` }));
}

function labelFaults({ labels }: PlainObject): StoreFault[] {
  return Object.entries(asObject(labels)).filter(([, value]) => !isLabelValue(asText(value) ?? ''))
    .map(([key, value]) => ({ pointer: pointer('metadata', 'labels', key), message: `"${String(value)}" ${LABEL}` }));
}

/** Whether a text can be the key of a label: a name, optionally with a DNS subdomain and a slash in front. */
export function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  return (slash === -1 || isDnsSubdomain(key.slice(0, slash))) && name.length <= 63 && NAME_PART.test(name);
}

/** Whether a text can be the value of a label. */
export function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= 63 && NAME_PART.test(value));
}
