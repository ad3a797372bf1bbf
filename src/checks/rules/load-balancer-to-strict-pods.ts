// A load balancer sends requests to pods that accept nothing but the mTLS of the mesh.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import { proxyAt } from '../../mesh/workloads';
import { isBuilt } from '../../plan/plan';
import type { Check } from '../check';

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
    const { plan, mesh } = models;
    for (const { group, targetGroups } of plan.loadBalancers.filter(isBuilt)) {
      for (const targetGroup of targetGroups) {
        const found = models.targetsOf(targetGroup);
        for (const { workload, port } of found?.pods ?? []) {
          const demand = workload && proxyAt(workload, port) === 'sidecar' ? mesh.peerAuthentications.demandOf(workload, port) : undefined;
          if (demand?.mode === 'STRICT') {
            const message = `load balancer ${group} sends requests to port ${port} of the pods of Service ${namespacedName(found!.service)}, which accepts `
              + `only mTLS of the mesh (PeerAuthentication ${qualifiedNameOf(demand.place!.manifest)}: STRICT)`;
            yield { ...targetGroup.from, message };
          }
        }
      }
    }
  },
};
