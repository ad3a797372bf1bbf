// The controller does not know the key of an annotation, and no known key is similar.
import { ALB_TABLE } from '../../base/alb-annotations/annotations';
import { Kind, kindOf } from '../../manifests/kind';
import { pointer } from '../../manifests/pointer';
import { unknownAnnotations } from '../../plan/unknown-annotations';
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

  *run({ members, manifests }) {
    const services = manifests.filter(own => kindOf(own) === Kind.SERVICE);
    for (const manifest of [...members.map(own => own.manifest), ...services]) {
      for (const { key, meant, isMistake } of unknownAnnotations(manifest, ALB_TABLE)) {
        const name = key.slice(ALB_TABLE.prefix.length);
        const hint = meant === undefined ? '' : meant === key ? '; the name after the dot is not one that it reads'
          : `; ${meant.slice(ALB_TABLE.prefix.length)} is similar`;
        if (!isMistake) {
          yield { manifest, pointer: pointer('metadata', 'annotations', key), message: `the controller (3.5.0) has no annotation ${name}${hint}` };
        }
      }
    }
  },
};
