// A load balancer forwards a host to a gateway, and no VirtualService has routes for it.
import { patternsCovering } from '../../base/host';
import { Kind } from '../../manifests/kind';
import type { ListenerRule } from '../../plan/load-balancer';
import { interfering } from '../../trace/pod-ends';
import type { Check } from '../check';
import { type Link, linkText } from '../load-balancers/links';
import { exactHostsOf, forwardsTo, shadowedRules } from '../load-balancers/rule-reach';

/** Istio 1.30, pilot/pkg/networking/core/gateway.go: the hosts of VirtualServices are the virtual hosts of a gateway; Envoy responds with 404 to others. */
export const hostWithoutRoute: Check = {
  id: 'host-without-route',
  severity: 'warning',
  title: 'A load balancer forwards a host for which the gateway has no route',
  why: 'No VirtualService has the host, so the gateway responds with 404 (NR) to every request for it.',
  fix: 'Add a VirtualService for the host, or remove the host from the Ingress.',
  related: [],
  needsComplete: true,
  about: [Kind.INGRESS],
  reads: [Kind.GATEWAY, Kind.SERVICE, Kind.VIRTUAL_SERVICE],

  *run({ links, models, virtualServices, elsewhere }) {
    const known = new Set(virtualServices.flatMap(({ hosts }) => hosts).map(host => host.toLowerCase()));
    const reported = new Set<string>();
    const listening = links.filter(({ loadBalancer: { type }, listener }) => type === 'application' && listener !== undefined);
    for (const link of elsewhere.mayHave() ? [] : listening.filter(({ gateway }) => interfering(models.mesh.unmodelledOf(gateway)) === undefined)) {
      for (const rule of reachedRules(link)) {
        const lost = exactHostsOf(rule).find(host => !patternsCovering(host.toLowerCase()).some(pattern => known.has(pattern)));
        if (lost !== undefined && !reported.has(`${link.loadBalancer.group} ${lost}`)) {
          reported.add(`${link.loadBalancer.group} ${lost}`);
          yield { ...rule.from, message: `${linkText(link)} forwards host ${lost}, which no VirtualService has` };
        }
      }
    }
  },
};

/** The rules that forward requests of a link with the host that clients ask for. */
function reachedRules({ loadBalancer: { listeners }, group }: Link): ListenerRule[] {
  return listeners.flatMap(listener => {
    const hidden = new Set(shadowedRules(listener).map(({ rule }) => rule));
    const own = listener.rules.filter(rule => forwardsTo(rule, group.id) && !hidden.has(rule));
    return own.filter(({ transforms }) => !transforms?.some(({ type }) => type === 'host-header-rewrite'));
  });
}
