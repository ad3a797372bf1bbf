// A DestinationRule demands the mTLS of the mesh for pods that have no sidecar.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { whyWithoutSidecar } from '../known-pods';
import { forcedMeshTls } from '../routes/forced-mesh-tls';
import { tlsPlaces } from '../routes/tls-places';

/** Istio 1.30: pilot/pkg/networking/core/cluster_tls.go. */
export const meshTlsToPodsWithoutSidecar: Check = {
  id: 'mesh-tls-to-pods-without-sidecar',
  severity: 'error',
  title: 'A DestinationRule demands mTLS of the mesh for pods without a sidecar',
  why: 'With tls.mode ISTIO_MUTUAL the gateway sends mTLS of the mesh, whatever the pods are. Without a sidecar the application gets it, and cannot read it: '
    + 'each request gets 503.',
  fix: 'Remove tls from the DestinationRule: Istio sends mTLS on its own to pods with a sidecar, and plaintext to others. Or give the pods a sidecar.',
  related: ['E039'],
  about: [Kind.DESTINATION_RULE],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.NAMESPACE, Kind.SERVICE, Kind.VIRTUAL_SERVICE],

  *run(subject) {
    const { mesh } = subject.models;
    for (const { rule, policy, endpoints, service } of forcedMeshTls(mesh)) {
      const [fault] = endpoints.flatMap(({ workload }) => {
        const why = workload && whyWithoutSidecar(workload, subject);
        return why === undefined ? [] : [`${namespacedName(workload!)} have no sidecar: ${why}`];
      });
      for (const [{ manifest }, pointer] of fault === undefined ? [] : tlsPlaces(policy.tls, rule.from)) {
        yield { manifest, pointer, message: `tls mode ISTIO_MUTUAL for ${service.hostname}, but the pods of ${fault}` };
      }
    }
  },
};
