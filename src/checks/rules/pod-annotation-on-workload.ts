// An annotation for pods is on the workload instead of its template.
import { ISTIO_ANNOTATIONS } from '../../base/istio-annotations';
import { Kind } from '../../manifests/kind';
import { type Manifest, annotationsOf, specOf } from '../../manifests/manifest';
import { asObject } from '../../manifests/plain-json';
import { pointer } from '../../manifests/pointer';
import type { Check } from '../check';

/** What others than people write: the injector, istiod and the CNI plugin. */
const WRITTEN_BY_ISTIO = ['ambient.istio.io/redirection', 'istio.io/rev', 'sidecar.istio.io/status'];

/** What Istio reads of pods alone. */
const FOR_PODS = new Set([...ISTIO_ANNOTATIONS].filter(([key, kinds]) => kinds.join() === 'Pod' && !WRITTEN_BY_ISTIO.includes(key)).map(([key]) => key));

const KINDS = [Kind.DAEMON_SET, Kind.DEPLOYMENT, Kind.STATEFUL_SET] as const;

export const podAnnotationOnWorkload: Check = {
  id: 'pod-annotation-on-workload',
  severity: 'warning',
  title: 'An annotation or label for pods is not in the pod template',
  why: 'Istio reads it from the pods. On the Deployment itself it has no effect, so the gateway or sidecar runs with its defaults: a gateway without '
    + 'numTrustedProxies takes the address of the load balancer for that of the client.',
  fix: 'Move it to spec.template.metadata, and restart the pods.',
  related: ['E114', 'E148', 'IST0107'],
  about: KINDS,
  reads: [],

  *run(subject) {
    for (const manifest of subject.of(...KINDS)) {
      for (const [field, key] of misplaced(manifest)) {
        const name = String(manifest.object.kind);
        yield { manifest, pointer: pointer('metadata', field, key), message: `Istio reads ${key} from the pods; on the ${name} itself it has no effect` };
      }
    }
  },
};

/** Keys of annotations, and the label that injects, which the template lacks. */
function misplaced(manifest: Manifest): [field: 'annotations' | 'labels', key: string][] {
  const template = asObject(asObject(specOf(manifest).template).metadata);
  const has = (key: string) => Object.hasOwn(asObject(template.annotations), key) || Object.hasOwn(asObject(template.labels), key);
  const labels = Object.keys(asObject(asObject(manifest.object.metadata).labels)).filter(key => key === 'sidecar.istio.io/inject');
  return [
    ...annotationsOf(manifest).filter(([key]) => FOR_PODS.has(key) && !has(key)).map(([key]): ['annotations', string] => ['annotations', key]),
    ...labels.filter(key => !has(key)).map((key): ['labels', string] => ['labels', key]),
  ];
}
