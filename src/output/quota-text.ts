// Quotas of AWS that a plan comes near to or exceeds, as lines of text.
import { groupBy } from '../base/multimap';
import type { LoadBalancer } from '../plan/load-balancer';
import { isRefusedByAws, type QuotaUse } from '../plan/quotas/quota-uses';
import { safe } from './changed-value';

/** The lines about one load balancer, or about the Region if it is absent: what is over the limit first. */
export function quotaLines(uses: readonly QuotaUse[], balancer: LoadBalancer | undefined): string[] {
  const own = uses.filter(({ loadBalancer, level }) => loadBalancer === balancer && level !== 'ok');
  const near = groupBy(own.filter(({ level }) => level === 'near'), ({ quota }) => quota);
  return [...own.filter(({ level }) => level === 'over').map(overLine), ...[...near.values()].map(nearLine)];
}

function overLine(use: QuotaUse): string {
  const { quota, used } = use;
  const effect = isRefusedByAws(use) ? 'AWS refuses it, and the deployment stops there' : 'more than a new account has; AWS raises it on request';
  return safe(`over: ${used} of ${quota.limit} ${quota.what}${placeOf(use)} (${effect})`);
}

function nearLine([use, ...others]: readonly QuotaUse[]): string {
  const { quota } = use;
  const most = Math.max(use.used, ...others.map(({ used }) => used));
  const where = others.length === 0 ? placeOf(use) : `, in ${others.length + 1} places`;
  return safe(`near: ${most} of ${quota.limit} ${quota.what}${where} (${quota.adjustable ? 'AWS raises it on request' : 'cannot be raised'})`);
}

function placeOf({ listener, rule }: QuotaUse): string {
  if (!listener) {
    return '';
  }
  const { origin } = rule?.from.manifest ?? {};
  const file = origin && 'file' in origin ? ` from ${origin.file}:${origin.line}` : '';
  return `, ${listener.protocol} ${listener.port} ${rule ? `rule ${rule.priority}${file}` : 'default'}`;
}
