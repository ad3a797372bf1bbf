// Pods of which the input shows enough: all of a host, and those without a sidecar.
import { Kind, kindNameOf, kindOf } from '../manifests/kind';
import { type Manifest, nameOf, namespaceOf, specOf } from '../manifests/manifest';
import { asObject } from '../manifests/plain-json';
import { type Labels, labelsOf, readLabels, selects } from '../mesh/objects/config';
import { type Workload, isOnHostNetwork, writtenInjection } from '../mesh/objects/workloads';
import type { Subject } from './subject';

/** Labels that controllers, nodes or Istio add to pods, so that no template has them; `app.kubernetes.io` is for people. */
const ADDED = new RegExp([
  /^(?!app\.kubernetes\.io\/)([^/]*\.)?(kubernetes|k8s|istio)\.io\//, /^eks\.amazonaws\.com\//,
  /^(controller-(revision-hash|uid)|job-name|pod-template-generation|(rollouts-)?pod-template-hash)$/,
].map(({ source }) => source).join('|'));

/** Whether a selector asks for a label that only a running pod has. */
export function asksForAdded(labels: Labels): boolean {
  return [...labels.keys()].some(key => ADDED.test(key));
}

/** The labels that a template sets itself. */
export function ownLabels(labels: Labels): Labels {
  return new Map([...labels].filter(([key]) => !ADDED.test(key)));
}

/** Whether labels select none of the pods, of which there are some, for certain. */
export function selectsNone(labels: Labels, pods: readonly Workload[]): boolean {
  return pods.length > 0 && !asksForAdded(labels) && !pods.some(own => selects(labels, own.labels));
}

/**
 * The pods of a host, if the input shows all of them: a Rollout and operators change labels, a release of a chart may bring pods, and a WorkloadEntry may stand
 * beside them.
 */
export function knownPods(subject: Subject, host: string): readonly Workload[] {
  const { models: { mesh }, services, namespaces } = subject;
  const [service, ...others] = services.at(host);
  if (service?.selector === undefined || service.resolution !== 'endpoints' || others.length > 0) {
    return [];
  }
  const { namespace, selector } = service;
  const mayHaveMore = namespaces.mayHaveMore(namespace) || subject.of(Kind.ROLLOUT, Kind.WORKLOAD_ENTRY).some(own => namespaceOf(own) === namespace);
  return mayHaveMore ? [] : mesh.workloads.selectedBy(namespace, selector);
}

/**
 * Why pods certainly have no sidecar. A label of a Namespace that the input lacks may be there: `kubectl label namespace` leaves no trace in manifests.
 */
export function whyWithoutSidecar(workload: Workload, subject: Subject): string | undefined {
  const { proxy, namespace } = workload;
  if (proxy !== 'none' || subject.models.mesh.unmodelled.touching(workload).some(({ isAmbient }) => isAmbient === true)) {
    return undefined;
  }
  const isDisabled = () => subject.of(Kind.NAMESPACE).some(own => nameOf(own) === namespace && labelsOf(own).get('istio-injection') === 'disabled');
  return writtenInjection(workload) === 'false' ? 'sidecar.istio.io/inject is "false"' : isOnHostNetwork(workload) ? 'hostNetwork is true'
    : isDisabled() ? `Namespace ${namespace} has istio-injection: disabled` : undefined;
}

/**
 * Why no pod of a namespace has a sidecar, if the input describes the Namespace and pods that serve, and nothing in it may bring others. A pod of another
 * repository may still have a sidecar by a label of its own.
 */
export function whyNamespaceWithoutSidecars(namespace: string, subject: Subject): string | undefined {
  const { manifests, models: { mesh }, services, namespaces } = subject;
  const labels = subject.of(Kind.NAMESPACE).filter(own => nameOf(own) === namespace).map(labelsOf);
  const isDisabled = labels.some(own => own.get('istio-injection') === 'disabled');
  const isEnabled = labels.some(own => (own.has('istio-injection') && !isDisabled) || own.has('istio.io/rev'));
  const pods = mesh.workloads.selectedBy(namespace, new Map());
  const mayHaveSidecar = (own: Workload) => own.proxy !== 'none' || ![undefined, 'false'].includes(writtenInjection(own))
    || mesh.unmodelled.touching(own).some(({ isAmbient }) => isAmbient === true);
  const isKnown = labels.length > 0 && pods.some(({ kind }) => kind !== Kind.JOB && kind !== Kind.CRON_JOB) && !namespaces.mayHaveMore(namespace)
    && services.all.every(own => own.namespace !== namespace || own.selector === undefined || mesh.workloads.selectedBy(namespace, own.selector).length > 0);
  if (!isKnown || isEnabled || pods.some(mayHaveSidecar) || manifests.some(mayLabelNamespaces)) {
    return undefined;
  }
  return `Namespace ${namespace} has ${isDisabled ? 'istio-injection: disabled' : 'neither label istio-injection nor istio.io/rev'}`;
}

const INJECTION_LABEL = /"(istio-injection|istio\.io\/rev|sidecar\.istio\.io\/inject)"/;

/** Whether an object may label Namespaces or pods for the injector, such as a policy of Kyverno. The webhooks of istiod name these labels as well. */
function mayLabelNamespaces(manifest: Manifest): boolean {
  return kindOf(manifest) === undefined && !kindNameOf(manifest).endsWith('.k8s.io') && INJECTION_LABEL.test(JSON.stringify(manifest.object));
}

/** The pods that a policy selects; none for one without selector, which is for all of its namespace or of the mesh. */
export function selectedPods(policy: Manifest, { models: { mesh } }: Subject): readonly Workload[] {
  const selector = readLabels(asObject(specOf(policy).selector).matchLabels);
  return selector.size === 0 ? [] : mesh.workloads.selectedBy(namespaceOf(policy), selector);
}
