// Quotas of AWS that a load balancer exceeds, at the rule or the object that it is built from.
import type { Plan } from '../plan/plan';
import { type QuotaUse, quotaUses } from '../plan/quotas/quota-uses';
import type { Spot } from './finding';

/** One spot for each quota over its limit. Those of the Region are left out: the input has a part of what the Region has. */
export function exceededQuotas(plan: Plan, isWanted: (use: QuotaUse) => boolean): Spot[] {
  return quotaUses(plan).filter(use => use.level === 'over' && isWanted(use)).flatMap(({ quota, used, loadBalancer, listener, rule }): Spot[] => {
    const place = rule?.from ?? (loadBalancer && { manifest: loadBalancer.members[0], pointer: '/spec' });
    const where = listener === undefined ? `load balancer ${loadBalancer?.group}` : (rule === undefined ? 'the default action' : 'this rule');
    return place === undefined ? [] : [{ ...place, message: `${used} ${quota.what} in ${where}; the quota ${quota.id} is ${quota.limit}` }];
  });
}
