// AuthorizationPolicies of a gateway refuse the preflight requests of browsers.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import type { Mesh } from '../../mesh/mesh';
import type { Workload } from '../../mesh/objects/workloads';
import type { Rule } from '../../mesh/security/authorization';
import { interfering } from '../../trace/pod-ends';
import { asksProvider, decide } from '../../trace/policies/authorization';
import type { Check } from '../check';
import type { Spot } from '../finding';
import { preflightsOf, withCredentials } from '../load-balancers/preflights';

/** Istio 1.30: pilot/pkg/networking/core/listener_builder.go; https://fetch.spec.whatwg.org/#cors-preflight-fetch */
export const preflightRefusedByPolicy: Check = {
  id: 'preflight-refused-by-policy',
  severity: 'error',
  title: 'An AuthorizationPolicy of a gateway refuses the preflight requests of a route with a CORS policy',
  why: 'Before a request with a token, a browser sends OPTIONS without it. A gateway evaluates AuthorizationPolicies before the corsPolicy of a route, so '
    + 'the preflight gets 403 without CORS headers, and the browser does not send the request itself.',
  fix: 'Except preflights: notMethods: [OPTIONS] in the operation of a DENY rule, or an ALLOW rule for method OPTIONS.',
  related: [],
  about: [Kind.AUTHORIZATION_POLICY],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.SERVICE, Kind.VIRTUAL_SERVICE],

  *run({ models: { mesh } }) {
    const reported = new Set<string>();
    for (const workload of mesh.authorizationPolicies.all.length === 0 ? [] : mesh.gatewayWorkloads().filter(({ isAssumed }) => isAssumed !== true)) {
      for (const spot of refusalsAt(mesh, workload)) {
        const place = `${qualifiedNameOf(spot.manifest)} ${spot.pointer}`;
        if (!reported.has(place)) {
          yield spot;
        }
        reported.add(place);
      }
    }
  },
};

function* refusalsAt(mesh: Mesh, workload: Workload): Generator<Spot> {
  const stages = mesh.authorizationPolicies.stagesOf(workload);
  const isPlain = stages.deny.length + stages.allow.length > 0 && interfering(mesh.unmodelledOf(workload)) === undefined;
  const granted = withCredentials(stages);
  for (const { route, facts, methods } of isPlain ? preflightsOf(mesh.gateway(workload), stages, mesh.settings.trustDomains) : []) {
    const decision = decide(stages, facts);
    const behind = methods.map(method => ({ method, outcome: decide(granted, { ...facts, method }) })).find(({ outcome }) => outcome.is === 'allowed');
    // A provider may answer preflights itself.
    if (behind?.outcome.is === 'allowed' && (decision.is === 'denied' || decision.is === 'not-allowed') && asksProvider(stages, facts) === undefined) {
      const rule: Rule = decision.is === 'denied' ? decision.by : behind.outcome.by!;
      const what = decision.is === 'denied' ? 'denies' : `allows ${behind.method}, but no ALLOW policy allows`;
      const by = `at gateway ${namespacedName(workload)}, this rule ${what} the preflight OPTIONS ${facts.path}`;
      yield { manifest: rule.manifest, pointer: rule.pointer, message: `${by} for the corsPolicy of VirtualService ${qualifiedNameOf(route.manifest)}` };
    }
  }
}
