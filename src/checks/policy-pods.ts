// The pods that policies select by labels.
import { type Manifest, namespaceOf, specOf } from '../manifests/manifest';
import { asList, asObject } from '../manifests/plain-json';
import { type Labels, readLabels, selects } from '../mesh/objects/config';
import { asksForAdded } from './known-pods';
import type { Subject } from './subject';

/** Empty if the policy may apply to pods that it does not select by labels of their template in its own namespace. */
export function selectorOf(manifest: Manifest, { settings }: Subject): Labels {
  const { selector, targetRef, targetRefs } = specOf(manifest);
  const labels = readLabels(asObject(selector).matchLabels);
  const isOther = namespaceOf(manifest) === settings.rootNamespace || targetRef !== undefined || asList(targetRefs).length > 0;
  return isOther || asksForAdded(labels) ? new Map() : labels;
}

/** Whether a namespace has pods with the labels, or objects whose pods the input lacks. */
export function mayHavePods(namespace: string, labels: Labels, { models: { mesh }, namespaces, complete }: Subject): boolean {
  const { workloads, services } = mesh;
  return workloads.selectedBy(namespace, labels).length > 0 || mesh.gatewaysIn(namespace).some(own => selects(labels, own.labels))
    || namespaces.mayBringInto(namespace)
    || (!complete && services.all.some(own => own.registry === 'kubernetes' && own.namespace === namespace && mayBeOf(own.selector, labels)));
}

/** Whether a Service may have pods with the labels: it shares one, and has no other value of another. */
function mayBeOf(selector: Labels | undefined, labels: Labels): boolean {
  const shared = [...selector ?? []].filter(([key]) => labels.has(key));
  return shared.length > 0 && shared.every(([key, value]) => labels.get(key) === value);
}
