// A DestinationRule turns off the mTLS that the workload demands.
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import { asObject, asText } from '../../manifests/plain-json';
import type { Check } from '../check';
import { forwardsOf } from '../routes/forwards';
import { tlsPlaces } from '../routes/tls-places';

/** Istio 1.30: pilot/pkg/networking/core/cluster_tls.go, pilot/pkg/security/authn/policy_applier.go. */
export const mtlsOffUnderStrict: Check = {
  id: 'mtls-off-under-strict',
  severity: 'error',
  title: 'A DestinationRule turns off the mTLS that the pods demand',
  why: 'PeerAuthentication STRICT makes the sidecar of the pods refuse everything but the mTLS of the mesh. With another tls.mode in the DestinationRule, '
    + 'clients send something else, and each request gets 503.',
  fix: 'Remove tls from the DestinationRule: Istio sends mTLS on its own to pods with a sidecar.',
  related: ['E038', 'KIA0207', 'KIA0501', 'KIA0505'],
  about: [Kind.DESTINATION_RULE],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.PEER_AUTHENTICATION, Kind.SERVICE, Kind.VIRTUAL_SERVICE],

  *run({ models: { mesh } }) {
    const hasTls = mesh.destinationRules.all.some(({ config }) => JSON.stringify(config.spec).includes('"tls"'));
    for (const { cluster } of hasTls ? forwardsOf(mesh) : []) {
      const { rule, policy, endpoints, service } = cluster;
      const strict = rule === undefined || policy.tls === undefined ? undefined : endpoints.flatMap(endpoint => {
        const demand = endpoint.workload?.proxy === 'sidecar' ? mesh.peerAuthentications.demandOf(endpoint.workload, endpoint.port) : undefined;
        const isRefused = demand?.mode === 'STRICT' && mesh.clusters.tlsTo(cluster, endpoint) !== 'mesh';
        return isRefused && demand.place !== undefined ? [demand.place] : [];
      })[0];
      for (const [config, pointer] of strict === undefined ? [] : tlsPlaces(policy.tls, rule!.from)) {
        const mode = asText(asObject(policy.tls).mode) ?? 'DISABLE';
        const policyName = qualifiedNameOf(strict!.manifest);
        const message = `tls mode ${mode} for ${service.hostname}, whose pods accept only mTLS (PeerAuthentication ${policyName}: STRICT)`;
        yield { manifest: config.manifest, pointer, message };
      }
    }
  },
};
