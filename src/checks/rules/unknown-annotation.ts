// The controller does not know the key of an annotation, and no known key is similar.
import { ALB_PREFIX } from '../../base/alb-annotations/annotations';
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: docs/guide/ingress/annotations.md; pkg/annotations/parser.go reads known keys only. */
export const unknownAnnotation: Check = {
  id: 'unknown-annotation',
  severity: 'warning',
  title: 'The controller does not know an ALB annotation',
  why: 'The controller ignores keys that it does not know, without an error or an event. The key may belong to another controller, or to a newer version of '
    + 'this one than 3.5.0.',
  fix: 'Remove the annotation, or use one that docs/alb-annotations.md lists. If your version of the controller has it, acknowledge the finding.',
  related: ['E052'],
  about: [Kind.INGRESS],
  reads: [Kind.SERVICE],
  reach: 'object',

  *run({ unknownAnnotations }) {
    for (const { manifest, pointer, key, meant, isMistake } of unknownAnnotations) {
      const name = key.slice(ALB_PREFIX.length);
      const hint = meant === undefined ? '' : meant === key ? '; the name after the dot is not one that it reads'
        : `; ${meant.slice(ALB_PREFIX.length)} is similar`;
      if (!isMistake) {
        yield { manifest, pointer, message: `the controller (3.5.0) has no annotation ${name}${hint}` };
      }
    }
  },
};
