// A load balancer sends requests to a port on which the gateway does not listen.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { isOfProxy } from '../../mesh/listeners';
import { serverWithoutRoutes } from '../../trace/death-causes';
import type { Check } from '../check';
import { showPorts } from '../ports';

/** Istio 1.30, pilot/pkg/networking/core/gateway.go:79: a gateway listens only on ports that a Gateway opens. */
export const noGatewayListener: Check = {
  id: 'no-gateway-listener',
  severity: 'error',
  title: 'A load balancer sends requests to a port on which the gateway does not listen',
  why: 'A gateway listens only on the ports of Gateways that select its pods. The targets may be healthy, because the health check asks port 15021, '
    + 'and all the same every request gets 502.',
  fix: 'Add a server for the port to a Gateway that selects the pods, or send requests to a port that has one.',
  related: ['E018', 'E019'],
  about: [Kind.INGRESS],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.SERVICE],

  *run(subject) {
    const listening = new Set(subject.links.filter(({ listener }) => listener !== undefined).map(({ loadBalancer }) => loadBalancer));
    for (const { loadBalancer, group, listener, gateway, proxy, service, port } of subject.links) {
      // A Network Load Balancer has a listener for each port of its Service, used or not; the status port is answered by the proxy itself.
      const isUnused = loadBalancer.type === 'network' && (listening.has(loadBalancer) || isOfProxy(proxy.targetOf(port)));
      if (listener === undefined && gateway.isAssumed !== true && subject.has(Kind.GATEWAY) && !isUnused && !subject.hasRefusedGateway(gateway)) {
        const open = proxy.allListeners().map(own => own.port);
        const target = proxy.targetOf(port);
        const lacking = serverWithoutRoutes(proxy, target);
        const known = lacking !== undefined ? `its server there uses ${lacking.needs} routes, and there are none`
          : open.length === 0 ? 'no Gateway selects its pods' : `its Gateways open ${showPorts(open.map(number => ({ port: number })))}`;
        yield {
          ...group.from,
          message: `port ${port.port} of Service ${namespacedName(service)} leads to port ${target} of gateway ${namespacedName(gateway)}, `
            + `which does not listen there: ${known}`,
          ...lacking === undefined ? {} : { fix: lacking.fix },
        };
      }
    }
  },
};
