// An IstioOperator object, which nothing in the cluster reads.
import { kindNameOf } from '../../manifests/kind';
import type { Check } from '../check';

/** Istio 1.24 removed the operator from the cluster: https://istio.io/latest/blog/2024/in-cluster-operator-deprecation-announcement/ */
export const istioOperatorObject: Check = {
  id: 'istio-operator-object',
  severity: 'warning',
  title: 'Nothing in the cluster reads an IstioOperator',
  why: 'Since Istio 1.24 no operator runs in the cluster, and its CRD is gone: kubectl apply fails with "no matches for kind", or, where the CRD is left over, '
    + 'the object changes nothing. Only istioctl install reads such a file.',
  fix: 'Pass the file to istioctl install -f, or set the values in the Helm charts of Istio.',
  related: ['E079'],
  about: [],
  reads: [],

  *run({ manifests }) {
    for (const manifest of manifests.filter(own => kindNameOf(own) === 'IstioOperator.install.istio.io')) {
      yield { manifest, pointer: '/kind', message: 'istioctl install reads this object, and nothing in the cluster does' };
    }
  },
};
