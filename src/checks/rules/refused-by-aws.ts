// The controller passes a value on, and AWS refuses it.
import { Kind } from '../../manifests/kind';
import { refusedValues } from '../../plan/ingress/refused-values';
import type { Check } from '../check';

/** ELBv2 API 2015-12-01: CreateTargetGroup, TargetGroupAttribute, LoadBalancerAttribute, Matcher and AuthenticateOidcActionConfig. */
export const refusedByAws: Check = {
  id: 'refused-by-aws',
  severity: 'error',
  title: 'AWS refuses a value that the controller passes on',
  why: 'The controller accepts the value without a look, and AWS refuses the call that has it (event FailedDeployModel, ValidationError). The controller stops '
    + 'there and keeps trying: no change to what it applies later reaches AWS, for an IngressGroup that of all members.',
  fix: 'Use a value that the message names; docs/alb-annotations.md lists them.',
  related: ['E051', 'E058', 'E066', 'E123', 'E129'],
  about: [Kind.INGRESS],
  reads: [Kind.SERVICE],

  *run({ members, serviceSettings }) {
    for (const member of members) {
      yield* member.loadBalancer === undefined ? [] : refusedValues(member, member.loadBalancer, serviceSettings);
    }
  },
};
