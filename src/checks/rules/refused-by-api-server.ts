// The API server refuses an object.
import { faultsOf } from '../../api-server/admission';
import type { Manifest } from '../../manifests/manifest';
import { asText } from '../../manifests/plain-json';
import { valueAt } from '../../manifests/pointer';
import type { Check } from '../check';
import type { Spot } from '../finding';

/** Kubernetes 1.34: pkg/apis, k8s.io/apiextensions-apiserver; the CRDs of Istio 1.30 and AWS Load Balancer Controller 3.5.0. */
export const refusedByApiServer: Check = {
  id: 'refused-by-api-server',
  severity: 'error',
  title: 'The API server refuses an object',
  why: 'The cluster does not get the object: kubectl apply, Argo CD and Flux fail with its message. If the object exists already, the cluster keeps its '
    + 'previous version.',
  fix: 'Use a value that the schema of the kind allows.',
  related: ['E024', 'E060', 'E063', 'IST0106'],
  about: [],
  reads: [],
  reach: 'field',

  *run({ manifests }) {
    for (const manifest of manifests) {
      for (const { pointer, message } of faultsOf(manifest)) {
        yield { manifest, pointer, message, ...quoted(manifest, pointer), ...duration(manifest, pointer) };
      }
    }
  },
};

/** An annotation or a label is a text, so that quotes are all that it lacks. */
function quoted(manifest: Manifest, place: string): Pick<Spot, 'patches'> {
  const isText = /\/metadata\/(annotations|labels)\/[^/]+$/.test(place) && ['number', 'boolean'].includes(typeof valueAt(manifest.object, place));
  return isText ? { patches: [{ manifest, op: 'quote', pointer: place }] } : {};
}

/** The fields of Istio's CRDs that are durations, which are texts with a unit. */
const DURATION = /\/(\w*timeout|\w*interval|\w*duration|\w+Delay|(baseEjection)?time|backoff|maxAge|ttl|warmupDurationSecs)$/i;

/** A number where a duration is meant: nearly always seconds. */
function duration({ object }: Manifest, place: string): Pick<Spot, 'fix'> {
  const value = DURATION.test(place) && (asText(object.apiVersion) ?? '').includes('.istio.io/') ? valueAt(object, place) : undefined;
  const number = typeof value === 'number' ? String(value) : asText(value) ?? '';
  return /^\d+(\.\d+)?$/.test(number) ? { fix: `If you mean seconds, write ${number}s: a duration is a string with a unit.` } : {};
}
