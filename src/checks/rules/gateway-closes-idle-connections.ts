// A gateway closes idle connections before the load balancer does.
import { namespacedName } from '../../base/kubernetes-name';
import { millisecondsOf } from '../../base/go-duration';
import { Kind } from '../../manifests/kind';
import { proxyVariableOf } from '../../mesh/objects/proxy-config';
import type { Check } from '../check';
import { idleTimeoutOf } from '../load-balancers/idle-timeout';

/** Istio 1.30, pilot/pkg/networking/core/listener_builder.go:365; Envoy itself closes a connection after an hour. */
const VARIABLE = 'ISTIO_META_IDLE_TIMEOUT';
const DEFAULT = 3600;

export const gatewayClosesIdleConnections: Check = {
  id: 'gateway-closes-idle-connections',
  severity: 'warning',
  title: 'A gateway closes idle connections before the load balancer does',
  why: 'The load balancer reuses connections to its targets. If the gateway closes a connection while the load balancer sends a request on it, the client gets '
    + '502. That happens now and then, most of all with little traffic.',
  fix: `Set ${VARIABLE} of the gateway above idle_timeout.timeout_seconds of the load balancer, or leave both at their defaults, one hour and 60 s.`,
  related: ['E117'],
  about: [Kind.INGRESS],
  reads: [Kind.DEPLOYMENT, Kind.SERVICE],

  *run({ links }) {
    for (const { loadBalancer, gateway } of links.filter(own => own.loadBalancer.type === 'application')) {
      const variable = proxyVariableOf(gateway, VARIABLE);
      const [idle, own] = [idleTimeoutOf(loadBalancer), variable === undefined ? DEFAULT : millisecondsOf(variable) / 1000];
      // 0 turns the limit off.
      if (own > 0 && own <= idle) {
        const { manifest, pointer } = variable === undefined ? { manifest: loadBalancer.members[0], pointer: '/metadata/annotations' }
          : { manifest: gateway.manifest, pointer: gateway.pointer };
        const whose = `gateway ${namespacedName(gateway)} closes idle connections after ${own} s${variable === undefined ? '' : ` (${VARIABLE})`}`;
        yield { manifest, pointer, message: `${whose}, and load balancer ${loadBalancer.group} after ${idle} s` };
      }
    }
  },
};
