// A load balancer sends requests to pods that accept nothing but the mTLS of the mesh.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import { proxyAt } from '../../mesh/objects/workloads';
import type { Check } from '../check';
import { targetsOf } from '../load-balancers/links';

/** Istio 1.30: pilot/pkg/networking/core/filterchain_options.go:39-216. */
export const loadBalancerToStrictPods: Check = {
  id: 'load-balancer-to-strict-pods',
  severity: 'error',
  title: 'A load balancer sends requests directly to pods that accept only mTLS',
  why: 'PeerAuthentication STRICT makes the sidecar of the pods refuse every connection without a certificate of the mesh, and a load balancer has none. '
    + 'Clients get 502, and the health checks of the target group fail.',
  fix: 'Let the Ingress send the requests to the gateway. If they must get to the pods directly, set portLevelMtls of a PeerAuthentication with a selector '
    + 'to PERMISSIVE for the port of the container.',
  related: ['E041'],
  about: [Kind.INGRESS, Kind.SERVICE],
  reads: [Kind.DEPLOYMENT, Kind.PEER_AUTHENTICATION],

  *run({ models }) {
    for (const { loadBalancer, group, service, pods } of targetsOf(models)) {
      for (const { workload, port } of pods) {
        const demand = workload && proxyAt(workload, port) === 'sidecar' ? models.mesh.peerAuthentications.demandOf(workload, port) : undefined;
        if (demand?.mode === 'STRICT') {
          const message = `load balancer ${loadBalancer.group} sends requests to port ${port} of the pods of Service ${namespacedName(service)}, which accepts `
            + `only mTLS of the mesh (PeerAuthentication ${qualifiedNameOf(demand.place!.manifest)}: STRICT)`;
          yield { ...group.from, message };
        }
      }
    }
  },
};
