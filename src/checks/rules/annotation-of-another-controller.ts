// An Ingress of the AWS Load Balancer Controller has annotations of another controller, or with a mistake in the prefix.
import { Kind } from '../../manifests/kind';
import { pointer } from '../../manifests/pointer';
import { foreignAnnotations } from '../../plan/foreign-annotations';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/annotations/parser.go:187 reads keys with its own prefix. */
export const annotationOfAnotherController: Check = {
  id: 'annotation-of-another-controller',
  severity: 'warning',
  title: 'An Ingress for an Application Load Balancer has annotations that another controller reads',
  why: 'The AWS Load Balancer Controller ignores annotations without its prefix, without an error or an event. The load balancer is built without the limit of '
    + 'addresses, the login, the redirect or the rewrite, so an application may be open to everyone.',
  fix: 'Set what the message names, and remove the annotation.',
  related: ['E052'],
  about: [Kind.INGRESS],
  reads: [],
  reach: 'object',

  *run({ members }) {
    for (const { manifest, settings } of members) {
      for (const { key, text, instead } of foreignAnnotations(settings)) {
        const message = `${key} ${text}, and has no effect on an Application Load Balancer; use ${instead}`;
        yield { manifest, pointer: pointer('metadata', 'annotations', key), message };
      }
    }
  },
};
