// An Ingress for the AWS Load Balancer Controller has no IngressClass, or one that does not exist.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/group_loader.go, webhooks/networking/ingress_validator.go. */
export const missingIngressClass: Check = {
  id: 'missing-ingress-class',
  severity: 'error',
  title: 'An Ingress with annotations of the controller has no IngressClass that exists',
  why: 'The controller ignores an Ingress without a class, so no load balancer is built, and no event says so. Its webhook refuses an Ingress whose class does '
    + 'not exist.',
  fix: 'Set spec.ingressClassName to a class of the controller: alb, if its Helm chart made it.',
  related: [],
  needsComplete: true,
  about: [Kind.INGRESS],
  reads: [Kind.INGRESS_CLASS],

  *run({ survey }) {
    for (const { manifest, pointer, reason } of survey.withoutClass) {
      yield { manifest, pointer, message: reason };
    }
  },
};
