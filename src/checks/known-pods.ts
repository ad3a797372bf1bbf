// Pods of which the input shows enough: all of a host, and those without a sidecar.
import { Kind } from '../manifests/kind';
import { nameOf, namespaceOf } from '../manifests/manifest';
import { asObject } from '../manifests/plain-json';
import { valueAt } from '../manifests/pointer';
import { labelsOf } from '../mesh/objects/config';
import type { Workload } from '../mesh/objects/workloads';
import type { Subject } from './subject';

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
  const { proxy, labels, annotations, namespace, manifest, pointer } = workload;
  const isAmbient = subject.models.mesh.unmodelled.touching(workload).some(own => own.isAmbient === true);
  if (proxy !== 'none' || isAmbient) {
    return undefined;
  }
  const disabled = subject.of(Kind.NAMESPACE).some(own => nameOf(own) === namespace && labelsOf(own).get('istio-injection') === 'disabled');
  return (labels.get('sidecar.istio.io/inject') ?? annotations.get('sidecar.istio.io/inject')) === 'false' ? 'sidecar.istio.io/inject is "false"'
    : asObject(valueAt(manifest.object, `${pointer}/spec`)).hostNetwork === true ? 'hostNetwork is true'
      : disabled ? `Namespace ${namespace} has istio-injection: disabled` : undefined;
}
