// Istio does not know an annotation of one of its domains.
import { ISTIO_ANNOTATIONS } from '../../base/istio/annotations';
import { isSlipOf, similarTo } from '../../base/spelling';
import { Kind, kindOf } from '../../manifests/kind';
import type { Manifest } from '../../manifests/manifest';
import { asObject } from '../../manifests/plain-json';
import { pointer, valueAt } from '../../manifests/pointer';
import type { Check } from '../check';

const WORKLOADS = [Kind.DAEMON_SET, Kind.DEPLOYMENT, Kind.STATEFUL_SET] as const;
const KINDS = [...WORKLOADS, Kind.NAMESPACE, Kind.POD, Kind.SERVICE] as const;

const OF_ISTIO = /^([^/]*\.)?istio\.io\//;

const KNOWN = [...ISTIO_ANNOTATIONS.keys()];

export const unknownIstioAnnotation: Check = {
  id: 'unknown-istio-annotation',
  severity: 'warning',
  title: 'Istio does not know an annotation',
  why: 'Istio ignores annotations that it does not know, without an error or an event. The proxy runs as if the annotation were not there: a gateway whose '
    + 'proxy.istio.io/config is misspelt takes the address of the load balancer for that of the client.',
  fix: 'Correct the key, or remove the annotation. If your version of Istio is newer than 1.30 and has it, acknowledge the finding.',
  related: ['E148', 'IST0108'],
  about: KINDS,
  reads: [],
  reach: 'field',

  *run(subject) {
    for (const manifest of subject.of(...KINDS)) {
      for (const [place, key] of keysOf(manifest).filter(([, own]) => OF_ISTIO.test(own) && !ISTIO_ANNOTATIONS.has(own))) {
        const meant = similarTo(key, KNOWN);
        const hint = meant === undefined ? '' : isSlipOf(key, meant) ? `; did you mean ${meant}?` : `; ${meant} is similar`;
        yield { manifest, pointer: pointer(...place, key), message: `Istio (1.30) has no annotation ${key}${hint}` };
      }
    }
  },
};

/** Keys of annotations of the object itself and of its pods, with the path to their map. */
function keysOf(manifest: Manifest): [place: string[], key: string][] {
  const own = ['metadata', 'annotations'];
  const places = WORKLOADS.some(kind => kind === kindOf(manifest)) ? [own, ['spec', 'template', ...own]] : [own];
  return places.flatMap(place => Object.keys(asObject(valueAt(manifest.object, pointer(...place)))).map((key): [string[], string] => [place, key]));
}
