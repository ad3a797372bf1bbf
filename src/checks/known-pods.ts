// The pods of a host, where the input shows all of them.
import { Kind } from '../manifests/kind';
import { namespaceOf } from '../manifests/manifest';
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
