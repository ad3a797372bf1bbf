// A backend uses an action that no annotation declares.
import { similarTo } from '../../base/spelling';
import { Kind, kindOf } from '../../manifests/kind';
import { type Manifest, namespaceOf, qualifiedNameOf, specOf } from '../../manifests/manifest';
import { asObject } from '../../manifests/plain-json';
import { Member } from '../load-balancers/members';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/enhanced_backend_builder.go; --tolerate-non-existent-backend-action is true by default. */
export const missingAction: Check = {
  id: 'missing-action',
  severity: 'error',
  title: 'A backend uses an action that no annotation declares',
  why: 'The port name use-annotation stands for an annotation actions.<name> of the same Ingress. Without it the load balancer responds to all requests of '
    + 'the rule with 503 "Backend action does not exist".',
  fix: 'Declare the action in an annotation actions.<name>, correct the name, or use the port of a Service.',
  related: ['E054'],
  about: [Kind.INGRESS],
  reads: [Kind.ROLLOUT, Kind.SERVICE],

  *run({ survey, manifests }) {
    const faults = survey.faults.filter(({ cause }) => cause.is === 'missing-action');
    const written = new Set(faults.length === 0 ? [] : manifests.flatMap(writtenLater));
    for (const { manifest, pointer, cause } of faults) {
      if (cause.is === 'missing-action' && !written.has(`${namespaceOf(manifest)}/${cause.name}`)) {
        const declared = new Member(manifest, '').named('actions').map(({ name }) => name);
        const similar = similarTo(cause.name, declared);
        const known = similar !== undefined ? `did you mean ${similar}?` : declared.length === 0 ? 'it declares none' : `it declares ${declared.join(', ')}`;
        yield { manifest, pointer, message: `no annotation of the Ingress declares action ${cause.name}; ${known}` };
      }
    }
  },
};

/** Services for which Argo Rollouts may write the action, by `namespace/name`: those of a Rollout, and any other, whose Rollout may be elsewhere. */
function writtenLater(manifest: Manifest): string[] {
  const { canary } = asObject(specOf(manifest).strategy);
  const { alb } = asObject(asObject(canary).trafficRouting);
  switch (kindOf(manifest)) {
    case Kind.SERVICE: return [qualifiedNameOf(manifest)];
    case Kind.ROLLOUT: return [asObject(alb).rootService, asObject(canary).stableService].map(name => `${namespaceOf(manifest)}/${String(name)}`);
    default: return [];
  }
}
