// A policy of a gateway is about a host, and a port in the Host header goes around it.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { asList, asObject, asTexts } from '../../manifests/plain-json';
import type { AuthorizationPolicy } from '../../mesh/security/authorization';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/security/authz/matcher/header.go HostMatcher; the route tables of a gateway ignore the port (IgnorePortInHostMatching). */
export const hostOfPolicyWithoutPort: Check = {
  id: 'host-of-policy-without-port',
  severity: 'warning',
  title: 'A port in the Host header goes around a policy of a gateway',
  why: 'The policy compares the Host header with the host as it is written, while the routes of a gateway are for the host with any port. A client that sends '
    + 'Host: example.com:443 gets to the same route, and a policy for example.com does not hold for it.',
  fix: 'Add the host with any port to the list, such as example.com:*, or use ALLOW policies, which deny everything that they do not name.',
  related: ['E103'],
  about: [Kind.AUTHORIZATION_POLICY],
  reads: [Kind.DEPLOYMENT, Kind.INGRESS, Kind.SERVICE],

  *run({ links, models: { mesh: { authorizationPolicies } } }) {
    for (const workload of new Set(links.filter(({ loadBalancer }) => loadBalancer.type === 'application').map(({ gateway }) => gateway))) {
      const { custom, deny, allow } = authorizationPolicies.stagesOf(workload);
      for (const [policies, field] of [[custom, 'hosts'], [deny, 'hosts'], [allow, 'notHosts']] as const) {
        const entries = policies.flatMap(policy => hostsIn(policy, field));
        const all = new Set(entries.flatMap(({ hosts }) => hosts));
        const isCovered = (host: string) => host.includes('*') || host.includes(':') || all.has(`${host}:*`) || all.has(`${host}*`);
        for (const { policy, place, hosts } of entries) {
          for (const [index, host] of hosts.entries()) {
            if (!isCovered(host)) {
              const message = `at gateway ${namespacedName(workload)}, ${field} of ${policy.action} does not match Host: ${host}:443`;
              yield { manifest: policy.manifest, pointer: `${place}/${index}`, message };
            }
          }
        }
      }
    }
  },
};

interface HostList {
  readonly policy: AuthorizationPolicy;
  readonly place: string;
  readonly hosts: readonly string[];
}

function hostsIn(policy: AuthorizationPolicy, field: 'hosts' | 'notHosts'): HostList[] {
  return asList(policy.config.spec.rules).map(asObject).flatMap(({ to }, rule) => asList(to).map(asObject).map(({ operation }, index): HostList => (
    { policy, place: `/spec/rules/${rule}/to/${index}/operation/${field}`, hosts: asTexts(asObject(operation)[field]) })));
}
