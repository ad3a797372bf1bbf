// A load balancer needs more of something than a new AWS account has.
import { Kind } from '../../manifests/kind';
import { isRefusedByAws } from '../../plan/quotas/quota-uses';
import type { Check } from '../check';
import { exceededQuotas } from '../exceeded-quotas';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html, read on 2026-11-29. */
export const defaultQuotaExceeded: Check = {
  id: 'default-quota-exceeded',
  severity: 'warning',
  title: 'A load balancer exceeds the default of a quota',
  why: 'Unless AWS has raised the quota of the account, it refuses the resource, and the controller stops there (FailedDeployModel). What comes after it, such '
    + 'as later rules and the changes of other members of the IngressGroup, is not deployed either.',
  fix: 'Request a higher quota and acknowledge the finding, or use a second IngressGroup.',
  related: ['E074'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ models: { plan } }) {
    yield* exceededQuotas(plan, use => !isRefusedByAws(use));
  },
};
