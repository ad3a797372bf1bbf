// NetworkPolicies let pods reach the gateway, but no address outside of the cluster, such as those of the load balancer.
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import type { Check } from '../check';
import { balancedLinks, linkText } from '../load-balancers/links';
import { hasExpressions, isolates, lets, rulesOf } from '../load-balancers/network-policies';

/** https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource */
export const networkPolicyBlocksLoadBalancer: Check = {
  id: 'network-policy-blocks-load-balancer',
  severity: 'warning',
  title: 'NetworkPolicies keep the load balancer from the gateway',
  why: 'A load balancer connects from addresses in its subnets, which are no pods. Once a NetworkPolicy selects the pods of the gateway, only what a policy '
    + 'allows gets to them: without a rule with ipBlock, targets are unhealthy and clients get 504.',
  fix: 'Add a rule to spec.ingress of the NetworkPolicy whose from has the ipBlock of the load balancer\'s subnets, for the port and for the health check on '
    + '15021.',
  related: ['E072'],
  about: [Kind.NETWORK_POLICY],
  reads: [Kind.DEPLOYMENT, Kind.INGRESS, Kind.SERVICE],

  *run(subject) {
    for (const link of balancedLinks(subject.links)) {
      const port = link.proxy.targetOf(link.port);
      const policies = subject.of(Kind.NETWORK_POLICY).filter(own => isolates(own, link.gateway));
      if (policies.length > 0 && !policies.some(hasExpressions) && !policies.some(own => rulesOf(own).some(rule => lets(rule, port, link.gateway)))) {
        const [first] = policies;
        const others = policies.length === 1 ? '' : `, like ${policies.slice(1).map(qualifiedNameOf).join(', ')},`;
        const who = policies.some(own => rulesOf(own).length > 0) ? 'only pods' : 'nobody';
        yield { manifest: first, pointer: '/spec', message: `lets${others} ${who} connect to port ${port}: not ${linkText(link)}` };
      }
    }
  },
};
