// A DestinationRule demands the mTLS of the mesh for pods whose PeerAuthentication turns it off.
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import { asObject } from '../../manifests/plain-json';
import type { Check } from '../check';
import { forwardsOf } from '../routes/forwards';
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
    const isForced = mesh.destinationRules.all.some(({ config }) => JSON.stringify(config.spec).includes('"ISTIO_MUTUAL"'));
    for (const { cluster: { rule, policy, endpoints, service, port } } of isForced ? forwardsOf(mesh) : []) {
      // The application itself may speak TLS on a port that declares no HTTP.
      const isMeant = rule !== undefined && asObject(policy.tls).mode === 'ISTIO_MUTUAL' && port.protocol === 'http';
      const [disabled] = !isMeant ? [] : endpoints.flatMap(endpoint => {
        const demand = endpoint.workload?.proxy === 'sidecar' ? mesh.peerAuthentications.demandOf(endpoint.workload, endpoint.port) : undefined;
        return demand?.mode === 'DISABLE' && demand.place !== undefined ? [demand.place] : [];
      });
      for (const [{ manifest }, pointer] of disabled === undefined ? [] : tlsPlaces(policy.tls, rule!.from)) {
        const name = qualifiedNameOf(disabled.manifest);
        yield { manifest, pointer, message: `tls mode ISTIO_MUTUAL for ${service.hostname}, whose pods accept no mTLS (PeerAuthentication ${name}: DISABLE)` };
      }
    }
  },
};
