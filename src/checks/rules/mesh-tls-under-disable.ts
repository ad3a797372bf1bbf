// A DestinationRule demands the mTLS of the mesh for pods whose PeerAuthentication turns it off.
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import type { Check } from '../check';
import { forcedMeshTls } from '../routes/forced-mesh-tls';
import { tlsPlaces } from '../routes/tls-places';

/** Istio 1.30: pilot/pkg/networking/core/cluster_tls.go, pilot/pkg/security/authn/policy_applier.go. */
export const meshTlsUnderDisable: Check = {
  id: 'mesh-tls-under-disable',
  severity: 'error',
  title: 'A DestinationRule demands mTLS of the mesh for pods whose PeerAuthentication is DISABLE',
  why: 'With PeerAuthentication DISABLE the sidecar of the pods reads plaintext only. With tls.mode ISTIO_MUTUAL the gateway sends mTLS all the same, and each '
    + 'request gets 503.',
  fix: 'Remove tls from the DestinationRule, or let the PeerAuthentication be PERMISSIVE or STRICT.',
  related: [],
  about: [Kind.DESTINATION_RULE],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.PEER_AUTHENTICATION, Kind.SERVICE, Kind.VIRTUAL_SERVICE],

  *run({ models: { mesh } }) {
    for (const { rule, policy, endpoints, service } of forcedMeshTls(mesh)) {
      const [disabled] = endpoints.flatMap(endpoint => {
        const demand = endpoint.workload?.proxy === 'sidecar' ? mesh.peerAuthentications.demandOf(endpoint.workload, endpoint.port) : undefined;
        return demand?.mode === 'DISABLE' && demand.place !== undefined ? [demand.place] : [];
      });
      for (const [{ manifest }, pointer] of disabled === undefined ? [] : tlsPlaces(policy.tls, rule.from)) {
        const name = qualifiedNameOf(disabled.manifest);
        yield { manifest, pointer, message: `tls mode ISTIO_MUTUAL for ${service.hostname}, whose pods accept no mTLS (PeerAuthentication ${name}: DISABLE)` };
      }
    }
  },
};
