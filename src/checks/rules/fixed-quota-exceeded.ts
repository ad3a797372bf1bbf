// A load balancer needs more of something than AWS allows anyone.
import { Kind } from '../../manifests/kind';
import { isRefusedByAws } from '../../plan/quotas/quota-uses';
import type { Check } from '../check';
import { exceededQuotas } from '../exceeded-quotas';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html, read on 2026-11-29. */
export const fixedQuotaExceeded: Check = {
  id: 'fixed-quota-exceeded',
  severity: 'error',
  title: 'A load balancer exceeds a quota that AWS does not raise',
  why: 'AWS refuses the resource, and the controller stops there (FailedDeployModel). What comes after it, such as later rules and the changes of other '
    + 'members of the IngressGroup, is not deployed either.',
  fix: 'Split the rule, or use a second IngressGroup.',
  related: ['E074'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ models: { plan } }) {
    yield* exceededQuotas(plan, isRefusedByAws);
  },
};
