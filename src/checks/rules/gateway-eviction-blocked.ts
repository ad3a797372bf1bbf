// A disruption budget lets no pod of a gateway be evicted.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { namespaceOf, specOf } from '../../manifests/manifest';
import { asInteger, asList, asObject, asText } from '../../manifests/plain-json';
import { readLabels } from '../../mesh/objects/config';
import type { Workload } from '../../mesh/objects/workloads';
import { autoscalerOf } from '../autoscalers';
import type { Check } from '../check';
import type { Subject } from '../subject';

/** https://kubernetes.io/docs/tasks/run-application/configure-pdb/; percentages are rounded up. */
export const gatewayEvictionBlocked: Check = {
  id: 'gateway-eviction-blocked',
  severity: 'warning',
  title: 'A disruption budget lets no pod of a gateway be evicted',
  why: 'To drain a node, Kubernetes evicts its pods, and the budget refuses that permanently. Upgrades of nodes hang until somebody deletes the pod, or until '
    + 'they end it by force, before another pod has replaced it.',
  fix: 'Set maxUnavailable: 1, and at least two pods.',
  related: ['E111'],
  about: [Kind.POD_DISRUPTION_BUDGET],
  reads: [Kind.DEPLOYMENT, Kind.HORIZONTAL_POD_AUTOSCALER],

  *run(subject) {
    const { workloads } = subject.models.mesh;
    for (const manifest of subject.of(Kind.POD_DISRUPTION_BUDGET)) {
      const { selector, minAvailable, maxUnavailable } = specOf(manifest);
      const labels = readLabels(asObject(selector).matchLabels);
      const selected = labels.size === 0 || asList(asObject(selector).matchExpressions).length > 0 ? [] : workloads.selectedBy(namespaceOf(manifest), labels);
      const pods = selected.map(workload => podsOf(workload, subject)).reduce((sum, count) => sum + count, 0);
      const needed = numberOf(minAvailable, pods);
      const isBlocked = maxUnavailable === undefined ? needed > 0 && needed >= pods : numberOf(maxUnavailable, pods) === 0;
      if (isBlocked && selected.length > 0 && selected.every(({ kind, proxy }) => kind === Kind.DEPLOYMENT && proxy === 'router')) {
        const [field, value] = maxUnavailable === undefined ? ['minAvailable', minAvailable] : ['maxUnavailable', maxUnavailable];
        const most = field === 'minAvailable' && pods < Infinity ? ` of at most ${pods}` : '';
        const message = `${field} ${String(value)}${most} lets no pod of gateway ${selected.map(namespacedName).join(', ')} be evicted`;
        yield { manifest, pointer: `/spec/${field}`, message };
      }
    }
  },
};

/** The most pods that a workload can have. Without a number, an autoscaler that is not in the input may decide. */
function podsOf(workload: Workload, subject: Subject): number {
  return autoscalerOf(workload, subject)?.max ?? asInteger(specOf(workload.manifest).replicas) ?? Infinity;
}

/** A number or a percentage, rounded up. */
function numberOf(value: unknown, pods: number): number {
  const percent = Number(/^(\d+)%$/.exec(asText(value) ?? '')?.[1] ?? NaN);
  return Number.isNaN(percent) ? asInteger(value) ?? 0 : percent === 0 ? 0 : percent < 100 && pods === Infinity ? 1 : Math.ceil(percent * pods / 100);
}
