// NetworkPolicies let pods reach the gateway, but no address outside of the cluster, such as those of the load balancer.
import { Kind } from '../../manifests/kind';
import { type Manifest, namespaceOf, qualifiedNameOf, specOf } from '../../manifests/manifest';
import { type PlainObject, asList, asObject, asText } from '../../manifests/plain-json';
import { readLabels, selects } from '../../mesh/objects/config';
import type { Workload } from '../../mesh/objects/workloads';
import type { Check } from '../check';
import { balancedLinks, linkText } from '../load-balancers/links';

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
      if (policies.length > 0 && !policies.some(own => rulesOf(own).some(rule => lets(rule, port, link.gateway)))) {
        const [first] = policies;
        const others = policies.length === 1 ? '' : `, like ${policies.slice(1).map(qualifiedNameOf).join(', ')},`;
        yield { manifest: first, pointer: '/spec', message: `lets${others} only pods connect to port ${port}: not ${linkText(link)}` };
      }
    }
  },
};

/** Whether only what policies allow gets to the pods, once there is this one. */
function isolates(policy: Manifest, { namespace, labels }: Workload): boolean {
  const { podSelector, policyTypes } = specOf(policy);
  const { matchLabels, matchExpressions } = asObject(podSelector);
  const types = asList(policyTypes);
  // What expressions mean here is not worth a guess.
  return namespaceOf(policy) === namespace && asList(matchExpressions).length === 0 && selects(readLabels(matchLabels), labels)
    && (types.length === 0 || types.includes('Ingress'));
}

function rulesOf(policy: Manifest): PlainObject[] {
  return asList(specOf(policy).ingress).map(asObject);
}

/** Whether a rule lets some address outside of the cluster connect to the port. */
function lets({ from, ports }: PlainObject, port: number, { portsByName }: Workload): boolean {
  const sources = asList(from).map(asObject);
  const isPort = (entry: PlainObject) => {
    const first = typeof entry.port === 'number' ? entry.port : portsByName.get(asText(entry.port) ?? '');
    // A name that the input does not know may be that of the port.
    return entry.port === undefined || first === undefined || first === port || (typeof entry.endPort === 'number' && first <= port && port <= entry.endPort);
  };
  const entries = asList(ports).map(asObject);
  return (sources.length === 0 || sources.some(({ ipBlock }) => ipBlock !== undefined)) && (entries.length === 0 || entries.some(isPort));
}
