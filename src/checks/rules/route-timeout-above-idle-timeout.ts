// A route may take longer than the load balancer waits.
import { millisecondsOf } from '../../base/go-duration';
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { idleTimeoutOf } from '../load-balancers/idle-timeout';

export const routeTimeoutAboveIdleTimeout: Check = {
  id: 'route-timeout-above-idle-timeout',
  severity: 'warning',
  title: 'A route may take longer than the load balancer waits',
  why: 'The load balancer closes a connection on which nothing is sent for its idle timeout. A response that takes longer never gets to the client, who gets '
    + '504 from the load balancer, while the gateway and the application go on.',
  fix: 'Raise idle_timeout.timeout_seconds in the annotation load-balancer-attributes above the timeout of the route, or lower the latter.',
  related: ['E116'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.GATEWAY, Kind.INGRESS, Kind.SERVICE],

  *run({ links }) {
    for (const { loadBalancer, listener, proxy } of links) {
      const idle = idleTimeoutOf(loadBalancer);
      const tables = new Set(listener?.filterChains.all.map(({ routeConfig }) => routeConfig));
      for (const { routes } of [...tables].flatMap(name => (name === undefined ? [] : proxy.routeConfig(name)?.virtualHosts ?? []))) {
        for (const { action, http } of routes) {
          const timeout = action.is === 'forward' && action.timeout !== undefined ? millisecondsOf(action.timeout) / 1000 : undefined;
          if (loadBalancer.type === 'application' && http !== undefined && timeout !== undefined && timeout > idle) {
            const { manifest, pointer } = http;
            const message = `${timeout} s is more than the idle timeout of load balancer ${loadBalancer.group}, ${idle} s`;
            yield { manifest, pointer: `${pointer}/timeout`, message };
          }
        }
      }
    }
  },
};
