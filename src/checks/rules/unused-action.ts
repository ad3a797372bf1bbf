// No backend uses the actions, conditions or transforms that an annotation declares.
import { Kind } from '../../manifests/kind';
import { USE_ANNOTATION } from '../../plan/ingress/written-backends';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/enhanced_backend_builder.go looks up annotations by the name of a backend. */
export const unusedAction: Check = {
  id: 'unused-action',
  severity: 'warning',
  title: 'No backend uses the actions, conditions or transforms that an annotation declares',
  why: 'The controller reads actions, conditions and transforms only for backends with their name. Without such a backend the annotation has no effect: a '
    + 'redirect does not happen, and plain HTTP stays open.',
  fix: 'Add a path whose backend is a service with the name of the action and the port name use-annotation. To redirect to HTTPS, set ssl-redirect instead.',
  related: ['E054', 'E082'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ members }) {
    for (const member of members) {
      const { manifest, backends } = member;
      for (const { name, pointer } of member.named('actions')) {
        const sameName = backends.filter(own => own.name === name);
        if (!sameName.some(({ port }) => port === USE_ANNOTATION)) {
          const instead = sameName.length === 0 ? '' : `; the port of backend ${name} is ${sameName[0].port}, not ${USE_ANNOTATION}`;
          yield { manifest, pointer, message: `no backend of the Ingress uses action ${name}${instead}` };
        }
      }
      const transforms = member.named('transforms').filter(own => !backends.some(backend => backend.name === own.name));
      for (const { name, pointer } of [...transforms, ...member.lostConditions().filter(own => own.meant === undefined)]) {
        yield { manifest, pointer, message: `no backend of the Ingress has the name ${name}` };
      }
    }
  },
};
