// The injector of Istio refuses pods because of the value of an annotation.
import { Kind } from '../../manifests/kind';
import { hasPlaceholder } from '../../manifests/placeholder';
import { asList, asObject } from '../../manifests/plain-json';
import { pointer, valueAt } from '../../manifests/pointer';
import { faultOfPodAnnotation } from '../../mesh/validation/pod-annotations';
import type { Workload } from '../../mesh/objects/workloads';
import type { Check } from '../check';

const KINDS = [Kind.DAEMON_SET, Kind.DEPLOYMENT, Kind.POD, Kind.STATEFUL_SET] as const;

/** Istio 1.30: pkg/kube/inject/inject.go RunTemplate. */
export const refusedByInjector: Check = {
  id: 'refused-by-injector',
  severity: 'error',
  title: 'The injector refuses pods because of an annotation',
  why: 'The injector validates the annotations of a pod before it adds the proxy. A value that it cannot read makes it deny the pod, so that no new pod of the '
    + 'workload starts: the event of the ReplicaSet says "admission webhook denied the request".',
  fix: 'Use a value as the message says.',
  related: ['IST0125'],
  about: KINDS,
  reads: [Kind.NAMESPACE],

  *run({ models: { mesh } }) {
    for (const workload of mesh.workloads.all.filter(own => KINDS.some(kind => kind === own.kind) && isInjected(own))) {
      for (const [key, value] of workload.annotations) {
        const fault = hasPlaceholder(value) ? undefined : faultOfPodAnnotation(key, value);
        if (fault !== undefined) {
          const place = `${workload.pointer}${pointer('metadata', 'annotations', key)}`;
          yield { manifest: workload.manifest, pointer: place, message: `${key} ${fault}; got ${JSON.stringify(value)}` };
        }
      }
    }
  },
};

/** Whether the injector adds the proxy; pods that have one already were made by hand. */
function isInjected({ manifest, pointer: place, isInjected: isMarked }: Workload): boolean {
  const { containers, initContainers } = asObject(valueAt(manifest.object, `${place}/spec`));
  const isComplete = [...asList(containers), ...asList(initContainers)].map(asObject).some(({ name, image }) => name === 'istio-proxy' && image !== 'auto');
  return isMarked === true && !isComplete;
}
