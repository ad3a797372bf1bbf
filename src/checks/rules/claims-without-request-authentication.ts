// A route or a policy reads claims of a token that nothing validates.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import type { Mesh } from '../../mesh/mesh';
import { hasClaims } from '../../mesh/route/routes';
import type { Workload } from '../../mesh/objects/workloads';
import type { Check } from '../check';
import type { Spot } from '../finding';

/** https://istio.io/latest/docs/tasks/security/authentication/jwt-route/ */
export const claimsWithoutRequestAuthentication: Check = {
  id: 'claims-without-request-authentication',
  severity: 'warning',
  title: 'Nothing validates the token whose claims are read',
  why: 'A proxy knows the claims of a token only after a RequestAuthentication has validated it. Without one, a route by claims never matches, an ALLOW policy '
    + 'for request principals denies everyone, and a DENY policy against missing principals does so, too.',
  fix: 'Add a RequestAuthentication that selects the same pods.',
  related: ['E140', 'IST0149'],
  about: [Kind.AUTHORIZATION_POLICY, Kind.VIRTUAL_SERVICE],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.NAMESPACE, Kind.REQUEST_AUTHENTICATION, Kind.SERVICE],

  *run({ models: { mesh }, namespaces }) {
    // Another repository may have the RequestAuthentication of a namespace of which the input has a part.
    const workloads = mesh.workloads.all.filter(own => namespaces.describe(own.namespace) && mesh.requestAuthentications.rulesOf(own).length === 0);
    // The routes of a gateway are made only where one reads a claim.
    const readsClaims = mesh.virtualServices.all.some(({ http }) => http.some(({ matches }) => matches.some(hasClaims)));
    for (const workload of workloads) {
      yield* policiesAt(workload, mesh);
      yield* readsClaims && workload.proxy === 'router' ? routesAt(workload, mesh) : [];
    }
  },
};

function* policiesAt(workload: Workload, mesh: Mesh): Iterable<Spot> {
  const { deny, allow } = mesh.authorizationPolicies.stagesOf(workload);
  for (const rule of [...deny, ...allow].flatMap(policy => policy.rules)) {
    const condition = [...rule.from.flat(), ...rule.when].find(({ attribute }) => attribute.startsWith('request.auth.'));
    if (condition !== undefined) {
      const message = `${condition.attribute} is of a validated token, and no RequestAuthentication applies to ${namespacedName(workload)}`;
      yield { manifest: rule.manifest, pointer: rule.pointer, message };
    }
  }
}

function* routesAt(workload: Workload, mesh: Mesh): Iterable<Spot> {
  for (const { manifest, pointer, match } of mesh.gateway(workload).allRouteConfigs().flatMap(own => own.virtualHosts).flatMap(({ routes }) => routes)) {
    if (match.claims.length > 0) {
      const claims = match.claims.map(([path]) => path.join('.')).join(', ');
      yield { manifest, pointer, message: `matches by claim ${claims}, and no RequestAuthentication applies to gateway ${namespacedName(workload)}` };
    }
  }
}
