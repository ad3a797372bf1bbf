// An ALB annotation has a value that the controller rejects.
import { Kind } from '../../manifests/kind';
import { malformedText } from '../../plan/ingress/refused-values';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/annotations/parser.go:86, pkg/ingress/group_loader.go:156 and :271. */
export const malformedAnnotation: Check = {
  id: 'malformed-annotation',
  severity: 'error',
  title: 'The controller rejects the value of an annotation',
  why: 'The API server accepts the object, but then the controller cannot build the load balancer: no change to the IngressGroup reaches '
    + 'AWS until the value is fixed. An Ingress with an invalid group name leaves its group, and its rules are removed.',
  fix: 'Use a value that the controller accepts; docs/alb-annotations.md lists them.',
  related: ['E051', 'E053', 'E055', 'E066'],
  about: [Kind.INGRESS],
  reads: [Kind.INGRESS_CLASS, Kind.INGRESS_CLASS_PARAMS, Kind.INGRESS_CLASS_PARAMS_OF_AUTO_MODE, Kind.SERVICE],
  reach: 'field',

  *run({ survey }) {
    for (const { manifest, pointer, cause } of survey.faults) {
      if (cause.is === 'malformed') {
        yield { manifest, pointer, message: malformedText(cause.annotation) };
      }
    }
  },
};
