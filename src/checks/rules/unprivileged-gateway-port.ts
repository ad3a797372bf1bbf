// A load balancer sends requests to a port that the gateway says it cannot open.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { proxyVariableOf } from '../../mesh/objects/proxy-config';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/networking/core/gateway.go:138, pilot/pkg/model/context.go IsUnprivileged. */
const VARIABLE = 'ISTIO_META_UNPRIVILEGED_POD';

export const unprivilegedGatewayPort: Check = {
  id: 'unprivileged-gateway-port',
  severity: 'error',
  title: 'A gateway says that it cannot open the port that a load balancer uses',
  why: `With ${VARIABLE}=true istiod gives the gateway no listener for ports below 1024 ("skipping privileged gateway port"). The targets may be healthy, `
    + 'because the health check asks port 15021, and all the same every request gets 502.',
  fix: `Set the targetPort of the Service to a port above 1023, such as 8080, or remove ${VARIABLE}, and let the pods open all ports with the sysctl `
    + 'net.ipv4.ip_unprivileged_port_start.',
  related: ['E020'],
  about: [Kind.DEPLOYMENT],
  reads: [Kind.INGRESS, Kind.SERVICE],

  *run({ links }) {
    for (const { loadBalancer, group, gateway, proxy, port } of links) {
      const target = proxy.targetOf(port);
      const isUnprivileged = /^(1|t|T|TRUE|true|True)$/.test(proxyVariableOf(gateway, VARIABLE) ?? '');
      if (isUnprivileged && target < 1024 && loadBalancer.type === 'application') {
        const message = `port ${port.port} of the Service leads to port ${target} of gateway ${namespacedName(gateway)}, which has ${VARIABLE}=true`;
        yield { ...group.from, message };
      }
    }
  },
};
