// Conditions are declared for a backend that the Ingress does not have.
import { Kind } from '../../manifests/kind';
import type { WrittenBackend } from '../../plan/ingress/written-backends';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/enhanced_backend_builder.go looks up annotations by the name of a backend. */
export const conditionsOfNoBackend: Check = {
  id: 'conditions-of-no-backend',
  severity: 'error',
  title: 'A rule is built without its conditions, because their backend has another name',
  why: 'The controller reads conditions only for backends with their name. The rule that they are meant for is built without them, so it matches requests '
    + 'that it must not match. A rule without a host and a path matches all requests, and no later rule is reached.',
  fix: 'Give the annotation and the backend the same name.',
  related: ['E054'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ members }) {
    for (const member of members) {
      for (const { name, meant } of member.lostConditions()) {
        if (meant !== undefined) {
          const message = `no backend of the Ingress has the name ${name}, so the rule for ${meant.name} has no such conditions${reachOf(meant)}`;
          yield { manifest: member.manifest, pointer: `${meant.pointer}/service/name`, message };
        }
      }
    }
  },
};

function reachOf({ rule }: WrittenBackend): string {
  return rule?.host === '' && rule.path === '' ? ' and matches all requests' : '';
}
