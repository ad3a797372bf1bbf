// An annotation of Istio, or the label that injects, is on an object on which Istio does not read it.
import { ISTIO_ANNOTATIONS } from '../../base/istio/annotations';
import { Kind } from '../../manifests/kind';
import { type Manifest, annotationsOf, specOf } from '../../manifests/manifest';
import { asObject } from '../../manifests/plain-json';
import { pointer } from '../../manifests/pointer';
import type { Check } from '../check';

const KINDS = [Kind.DAEMON_SET, Kind.DEPLOYMENT, Kind.NAMESPACE, Kind.POD, Kind.SERVICE, Kind.STATEFUL_SET] as const;

/** What others than people write: the injector, istiod and the CNI plugin. */
const WRITTEN_BY_ISTIO = ['ambient.istio.io/redirection', 'gateway.istio.io/controller-version', 'istio.io/rev', 'sidecar.istio.io/status'];

/** A key in a map of an object, and the kind of the object for Istio. */
interface Entry {
  readonly map: readonly string[];
  readonly key: string;
  readonly kind: string;
}

export const podAnnotationOnWorkload: Check = {
  id: 'pod-annotation-on-workload',
  severity: 'warning',
  title: 'An annotation or label is on an object on which Istio does not read it',
  why: 'Istio reads most of its annotations from the pods. On the Deployment itself they have no effect, so the gateway or sidecar runs with its defaults: a '
    + 'gateway without numTrustedProxies takes the address of the load balancer for that of the client.',
  fix: 'Move it to the object that the message names. For pods, that is spec.template.metadata of their Deployment; then restart the pods.',
  related: ['E114', 'E148', 'IST0107'],
  about: KINDS,
  reads: [],

  *run(subject) {
    for (const manifest of subject.of(...KINDS)) {
      for (const { map, key, kind } of entriesOf(manifest)) {
        const readers = key === 'sidecar.istio.io/inject' ? ['Pod'] : ISTIO_ANNOTATIONS.get(key) ?? ['Any'];
        if (![kind, 'Any'].some(own => readers.includes(own)) && !WRITTEN_BY_ISTIO.includes(key)) {
          const from = readers.includes('Pod') ? 'the pods' : `a ${readers.join(' or ')}`;
          const on = kind === 'Pod' ? 'on pods' : `on the ${kind} itself`;
          yield { manifest, pointer: pointer(...map, key), message: `Istio reads ${key} from ${from}; ${on} it has no effect` };
        }
      }
    }
  },
};

/** Annotations of the object and of its pods, and the label that injects; what both have is no fault. */
function entriesOf(manifest: Manifest): Entry[] {
  const kind = String(manifest.object.kind);
  const template = asObject(asObject(specOf(manifest).template).metadata);
  const [ofPods, labelsOfPods] = [asObject(template.annotations), asObject(template.labels)];
  const labels = kind === 'Pod' || kind === 'Namespace' || kind === 'Service' ? [] : Object.keys(asObject(asObject(manifest.object.metadata).labels));
  const own = (map: string, keys: readonly string[]) => keys.filter(key => !Object.hasOwn(ofPods, key) && !Object.hasOwn(labelsOfPods, key))
    .map((key): Entry => ({ map: ['metadata', map], key, kind }));
  return [
    ...own('annotations', annotationsOf(manifest).map(([key]) => key)), ...own('labels', labels.filter(key => key === 'sidecar.istio.io/inject')),
    ...Object.keys(ofPods).map((key): Entry => ({ map: ['spec', 'template', 'metadata', 'annotations'], key, kind: 'Pod' })),
  ];
}
