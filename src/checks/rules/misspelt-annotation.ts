// The key of an annotation is misspelt, or is one of ingress-nginx.
import { ALB_PREFIX } from '../../base/alb-annotations/annotations';
import { isSlipOf } from '../../base/spelling';
import { Kind } from '../../manifests/kind';
import { annotationOf } from '../../manifests/manifest';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: docs/guide/ingress/annotations.md; pkg/annotations/parser.go reads known keys only. */
export const misspeltAnnotation: Check = {
  id: 'misspelt-annotation',
  severity: 'error',
  title: 'The key of an ALB annotation is misspelt or belongs to another controller',
  why: 'The controller ignores keys that it does not know, without an error or an event. The load balancer is built as if the annotation were not there: '
    + 'without the restriction, login or health check that it is meant to set.',
  fix: 'Use the key that the message names.',
  related: ['E052'],
  about: [Kind.INGRESS],
  reads: [Kind.SERVICE],
  reach: 'object',

  *run({ unknownAnnotations }) {
    for (const { manifest, pointer, key, meant, isMistake } of unknownAnnotations) {
      if (isMistake) {
        const [written, name] = [key, meant!].map(own => own.slice(ALB_PREFIX.length));
        const isCertain = isSlipOf(written, name) && annotationOf(manifest, meant!) === undefined;
        const patches = isCertain ? { patches: [{ manifest, pointer, op: 'rename' as const, text: meant! }] } : {};
        yield { manifest, pointer, message: `the controller has no annotation ${written}; did you mean ${name}?`, ...patches };
      }
    }
  },
};
