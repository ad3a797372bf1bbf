// The targetPort of a Service is a name that no container of its pods has.
import { Kind } from '../../manifests/kind';
import { otherPortNames, podsOf } from '../../mesh/objects/service-index';
import type { Service, ServicePort } from '../../mesh/objects/services';
import type { TraceModels } from '../../trace/models';
import type { Check } from '../check';
import { targetsOf } from '../load-balancers/links';
import { forwardsOf } from '../routes/forwards';

/** Kubernetes 1.34: pkg/controller/endpointslice, FindPort. */
export const targetPortWithoutContainerPort: Check = {
  id: 'target-port-without-container-port',
  severity: 'error',
  title: 'The targetPort of a Service is a name that no container of its pods has',
  why: 'Kubernetes looks the name up in the ports of each pod. Pods that lack it are no endpoints of the Service, and requests to it get 503.',
  fix: 'Give the port of the container this name, or write its number as targetPort.',
  related: [],
  about: [Kind.SERVICE],
  reads: [Kind.DEPLOYMENT, Kind.INGRESS, Kind.GATEWAY, Kind.VIRTUAL_SERVICE],

  *run({ models }) {
    const { mesh: { workloads, services } } = models;
    // The routes of all gateways are made only where a target port has a name.
    const hasNames = services.all.some(({ ports }) => ports.some(({ target }) => typeof target === 'string'));
    for (const [service, port] of hasNames ? usedPorts(models) : []) {
      // The injector may add ports to the pods of a gateway.
      const names = otherPortNames(port, podsOf(service, workloads).filter(({ proxy, replicas }) => proxy !== 'router' && replicas > 0));
      if (names !== undefined) {
        const known = names.length === 0 ? 'none of their ports has a name' : `the names of their ports: ${names.join(', ')}`;
        yield { manifest: service.manifest, pointer: `${port.pointer}/targetPort`, message: `no container of the pods has a port "${port.target}"; ${known}` };
      }
    }
  },
};

/** The ports of Services that load balancers and routes of gateways use. */
function usedPorts(models: TraceModels): [Service, ServicePort][] {
  const ofGroups = targetsOf(models).map(({ service, port }): [Service, ServicePort] => [service, port]);
  const used = [...ofGroups, ...forwardsOf(models.mesh).map(({ cluster }): [Service, ServicePort] => [cluster.service, cluster.port])];
  return [...new Map(used.map(own => [own[1], own])).values()].filter(([{ registry }]) => registry === 'kubernetes');
}
