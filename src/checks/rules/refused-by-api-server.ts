// The API server refuses an object.
import { faultsOf } from '../../manifests/admission';
import type { Check } from '../check';

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

  *run({ manifests }) {
    for (const manifest of manifests) {
      for (const { pointer, message } of faultsOf(manifest)) {
        yield { manifest, pointer, message };
      }
    }
  },
};
