// A rule of the load balancer changes the host to one for which the gateway has no route.
import { Kind } from '../../manifests/kind';
import { rewritten } from '../../trace/alb/rewriting';
import type { Check } from '../check';
import { linkText } from '../load-balancers/links';
import { exactHostsOf, forwardsTo } from '../load-balancers/rule-reach';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-transforms.html: transforms change what the target sees. */
export const rewrittenHostWithoutRoute: Check = {
  id: 'rewritten-host-without-route',
  severity: 'warning',
  title: 'A rule of the load balancer changes the host to one without a route',
  why: 'The gateway sees the host as the transform leaves it. VirtualServices for the host that clients ask for do not apply, and for the new one there are '
    + 'none, so the gateway responds with 404 (NR).',
  fix: 'Add the new host to the hosts of the VirtualService and of the Gateway, or remove the transform.',
  related: ['E141'],
  about: [Kind.INGRESS],
  reads: [Kind.GATEWAY, Kind.SERVICE, Kind.VIRTUAL_SERVICE],

  *run({ links }) {
    for (const link of links.filter(own => own.loadBalancer.type === 'application')) {
      const { loadBalancer, group, listener, proxy } = link;
      const names = [...new Set(listener?.filterChains.all.map(({ routeConfig }) => routeConfig))].filter(name => name !== undefined);
      const tables = names.map(name => proxy.routeConfig(name)).filter(table => table !== undefined);
      const hasRoute = (host: string) => tables.some(table => table.find(host) !== undefined);
      for (const rule of loadBalancer.listeners.flatMap(({ rules }) => rules).filter(own => forwardsTo(own, group.id))) {
        for (const host of exactHostsOf(rule)) {
          const { authority } = rewritten(rule.transforms, '/', host);
          // A VirtualService for the new host may be elsewhere, unless there is one for the old.
          if (authority !== host && hasRoute(host) && !hasRoute(authority)) {
            yield { ...rule.from, message: `${linkText(link)} changes host ${host} to ${authority}, and the gateway has routes for ${host} alone` };
          }
        }
      }
    }
  },
};
