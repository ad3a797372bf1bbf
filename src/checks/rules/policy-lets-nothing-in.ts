// AuthorizationPolicies let nothing pass that load balancers send to a gateway, or gateways to a workload.
import { groupBy } from '../../base/multimap';
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import type { Mesh } from '../../mesh/mesh';
import { decide, factsOfAnyRequest } from '../../trace/policies/authorization';
import type { Check } from '../check';
import type { Spot } from '../finding';
import { type Way, hintsOf, waysToWorkloads } from '../load-balancers/ways-to-workloads';

/** Istio 1.30: pilot/pkg/security/authz/builder/builder.go, model/model.go. */
export const policyLetsNothingIn: Check = {
  id: 'policy-lets-nothing-in',
  severity: 'error',
  title: 'AuthorizationPolicies let no request into a gateway or a workload behind it',
  why: 'Clients get 403 "RBAC: access denied". With one ALLOW policy everything is refused that no ALLOW policy allows. A load balancer has no identity of the '
    + 'mesh, a gateway has that of its service account, and ports are those of the pods, not of the Service.',
  fix: 'At the gateway, allow hosts, paths, methods, remoteIpBlocks or claims. At workloads, allow the service account of the gateway: '
    + 'cluster.local/ns/NAMESPACE/sa/SERVICE-ACCOUNT.',
  related: ['E043', 'E044'],
  about: [Kind.AUTHORIZATION_POLICY],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.INGRESS, Kind.SERVICE, Kind.VIRTUAL_SERVICE],

  *run({ links, models: { mesh }, complete }) {
    const ways = mesh.authorizationPolicies.all.length === 0 ? [] : waysToWorkloads(mesh, links);
    for (const toPort of groupBy(ways, ({ workload, connection: { port } }) => `${namespacedName(workload)}:${port}`).values()) {
      // A VirtualService of two gateways may be meant for one of them there; one that leads nobody there is a fault.
      for (const routed of groupBy(toPort, ({ routedBy }) => routedBy).values()) {
        const refusals = routed.map(way => refusalOf(mesh, way, complete));
        if (refusals.every(refusal => refusal !== undefined)) {
          yield refusals[0]!;
        }
      }
    }
  },
};

function refusalOf(mesh: Mesh, way: Way, complete: boolean): Spot | undefined {
  const { workload } = way;
  const stages = mesh.authorizationPolicies.stagesOf(workload);
  const facts = factsOfAnyRequest(way.connection);
  const decision = decide(stages, facts);
  const text = `every request of ${way.sender} to ${namespacedName(workload)}`;
  if (decision.is === 'denied') {
    return { manifest: decision.by.manifest, pointer: decision.by.pointer, message: `this rule denies ${text}` };
  }
  // Policies that allow nothing may be there for others in another repository, which allow the gateway.
  if (decision.is !== 'not-allowed' || (!way.isGateway && !complete && decision.policies.every(({ hasRules }) => !hasRules))) {
    return undefined;
  }
  const policy = decision.policies.find(({ hasRules }) => hasRules) ?? decision.policies[0];
  const { rules: [rule, ...others] } = policy;
  const pointer = rule === undefined ? '/spec' : others.length > 0 ? '/spec/rules' : rule.pointer;
  const hints = hintsOf(policy, way, facts);
  return { manifest: policy.manifest, pointer, message: `no ALLOW policy allows ${text}${hints.length === 0 ? '' : `: ${hints.join(', and ')}`}` };
}
