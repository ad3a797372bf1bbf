// The hosts of load balancers: which load balancers a host may lead to, without asking all of them.
import { addTo } from '../../base/multimap';
import type { LoadBalancer, RuleCondition } from '../../plan/load-balancer';
import type { CompiledRule } from './rule-match';

/** Load balancers by the hosts that their rules or their clients name. */
export class ServedHosts {
  private readonly byName = new Map<string, LoadBalancer[]>();
  /** By what follows the only wildcard, which is the first character. */
  private readonly bySuffix = new Map<string, LoadBalancer[]>();
  /** Those with other patterns. */
  private readonly others: LoadBalancer[] = [];

  public add(loadBalancer: LoadBalancer, known: Iterable<string>, rules: readonly CompiledRule[]): void {
    const written = rules.map(({ rule }) => rule.conditions.find(({ field }) => field === 'host-header')).filter(condition => condition !== undefined);
    const names = new Set([...known, ...written.flatMap(valuesOf)]);
    const isOther = written.some(({ hostHeaderConfig }) => (hostHeaderConfig?.regexValues ?? []).length > 0);
    if (isOther || [...names].some(name => /[*?\\]/.test(name.slice(1)) || name.startsWith('?') || name.startsWith('\\'))) {
      this.others.push(loadBalancer);
      return;
    }
    names.forEach(name => (name.startsWith('*') ? addTo(this.bySuffix, name.slice(1), loadBalancer) : addTo(this.byName, name, loadBalancer)));
  }

  /** All load balancers that may have the host, and maybe others. */
  public of(host: string): ReadonlySet<LoadBalancer> {
    const found = new Set([...this.byName.get(host) ?? [], ...this.others]);
    if (this.bySuffix.size > 0) {
      for (let start = 0; start <= host.length; start++) {
        this.bySuffix.get(host.slice(start))?.forEach(one => found.add(one));
      }
    }
    return found;
  }
}

function valuesOf({ hostHeaderConfig }: RuleCondition): string[] {
  return (hostHeaderConfig?.values ?? []).map(value => value.toLowerCase());
}
