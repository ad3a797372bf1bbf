// How much of the AWS quotas a plan uses. What the plan does not know, such as the number of pods, does not count.
import {
  type InboundRule, type Listener, type ListenerRule, type LoadBalancer, type Patterns, type RuleAction, type RuleCondition, attributeOf, targetName,
} from '../load-balancer';
import { isBuilt, type Plan } from '../plan';
import { ALB_QUOTAS, INBOUND_RULES, NLB_QUOTAS, type Quota, REGION_QUOTAS } from './quota';

/** What is used of one quota. */
export interface QuotaUse {
  readonly quota: Quota;
  readonly used: number;
  /** `near`: at least 80 % of the default; `over`: more than the default. */
  readonly level: 'ok' | 'near' | 'over';
  /** Absent for a quota of the Region. */
  readonly loadBalancer?: LoadBalancer;
  /** The listener, for a quota of a rule or an action. */
  readonly listener?: Listener;
  /** The rule, for a quota of a rule or an action; absent for the default action. */
  readonly rule?: ListenerRule;
}

const NEAR = 0.8;

/** Whether AWS certainly refuses it: nobody has more of a quota that is not adjustable. */
export function isRefusedByAws({ quota, level }: QuotaUse): boolean {
  return level === 'over' && !quota.adjustable;
}

/** The uses of all quotas: those of rules and actions only where they are near or over the limit, the others always. */
export function quotaUses({ loadBalancers }: Plan): QuotaUse[] {
  const built = loadBalancers.filter(isBuilt);
  const [albs, nlbs] = [built.filter(({ type }) => type === 'application'), built.filter(({ type }) => type === 'network')];
  return [
    use(REGION_QUOTAS.applicationLoadBalancers, albs.length),
    use(REGION_QUOTAS.networkLoadBalancers, nlbs.length),
    use(REGION_QUOTAS.targetGroups, built.reduce((sum, { targetGroups }) => sum + targetGroups.length, 0)),
    ...built.flatMap(own => [
      ...own.type === 'application' ? ofApplicationLoadBalancer(own) : ofNetworkLoadBalancer(own),
      ...own.managedSecurityGroup ? [use(INBOUND_RULES, inboundRules(own.managedSecurityGroup.inbound), own)] : [],
    ]),
  ];
}

function use(quota: Quota, used: number, loadBalancer?: LoadBalancer): QuotaUse {
  const level = used > quota.limit ? 'over' : used >= NEAR * quota.limit ? 'near' : 'ok';
  return { quota, used, level, ...loadBalancer ? { loadBalancer } : {} };
}

function ofApplicationLoadBalancer(own: LoadBalancer): QuotaUse[] {
  const { listeners } = own;
  const extra = listeners.flatMap(({ certificates }) => certificates.slice(1));
  const targets = new Set(listeners.flatMap(({ defaultActions, rules }) => [...defaultActions, ...rules.flatMap(({ actions }) => actions)]).flatMap(targetsOf));
  return [
    use(ALB_QUOTAS.rules, listeners.reduce((sum, { rules }) => sum + rules.length, 0), own),
    use(ALB_QUOTAS.listeners, listeners.length, own),
    use(ALB_QUOTAS.targetGroups, targets.size, own),
    use(ALB_QUOTAS.certificates, new Set(extra.map(({ certificateARN, created }) => certificateARN ?? created).filter(Boolean)).size, own),
    use(ALB_QUOTAS.verifyingListeners, listeners.filter(({ mutualAuthentication }) => mutualAuthentication?.mode === 'verify').length, own),
    ...listeners.flatMap(listener => ofListener(own, listener)).filter(({ level }) => level !== 'ok'),
  ];
}

function ofListener(own: LoadBalancer, listener: Listener): QuotaUse[] {
  const mostTargets = (actions: readonly RuleAction[]) => Math.max(0, ...actions.map(action => targetsOf(action).length));
  return [
    { ...use(ALB_QUOTAS.targetGroupsOfAction, mostTargets(listener.defaultActions), own), listener },
    ...listener.rules.flatMap((rule): QuotaUse[] => {
      const values = rule.conditions.flatMap(valuesOf);
      const counted = [
        use(ALB_QUOTAS.conditionValues, values.length, own),
        use(ALB_QUOTAS.wildcards, values.reduce((sum, { wildcards }) => sum + wildcards, 0), own),
        use(ALB_QUOTAS.targetGroupsOfAction, mostTargets(rule.actions), own),
      ];
      return counted.map(one => ({ ...one, listener, rule }));
    }),
  ];
}

function targetsOf({ forwardConfig }: RuleAction): string[] {
  return (forwardConfig?.targetGroups ?? []).map(targetName);
}

/** The strings that a condition compares, each with its number of wildcards. Regular expressions, methods and addresses have none. */
function valuesOf(condition: RuleCondition): { readonly wildcards: number }[] {
  const { hostHeaderConfig, pathPatternConfig, httpHeaderConfig, httpRequestMethodConfig, queryStringConfig, sourceIPConfig } = condition;
  const plain = (values: readonly string[] = []) => values.map(() => ({ wildcards: 0 }));
  switch (condition.field) {
    case 'host-header': return ofPatterns(hostHeaderConfig);
    case 'path-pattern': return ofPatterns(pathPatternConfig);
    case 'http-header': return ofPatterns(httpHeaderConfig);
    case 'http-request-method': return plain(httpRequestMethodConfig?.values);
    case 'source-ip': return plain(sourceIPConfig?.values);
    default: return (queryStringConfig?.values ?? []).map(({ key = '', value }) => ({ wildcards: countWildcards(key) + countWildcards(value) }));
  }
}

function ofPatterns({ values = [], regexValues = [] }: Patterns = {}): { readonly wildcards: number }[] {
  return [...values.map(value => ({ wildcards: countWildcards(value) })), ...regexValues.map(() => ({ wildcards: 0 }))];
}

/** In query strings, a backslash makes `*` and `?` literal; elsewhere it cannot precede them. */
function countWildcards(value: string): number {
  return value.replace(/\\./g, '').match(/[*?]/g)?.length ?? 0;
}

function ofNetworkLoadBalancer(own: LoadBalancer): QuotaUse[] {
  const { listeners, targetGroups } = own;
  const arns = new Set(listeners.flatMap(({ certificates }) => certificates.map(({ certificateARN }) => certificateARN)));
  const frontends = targetGroups.filter(({ targetType }) => targetType === 'alb').length;
  const crossesZones = attributeOf(own, 'load_balancing.cross_zone.enabled') === 'true';
  return [
    use(NLB_QUOTAS.listeners, listeners.length, own),
    use(NLB_QUOTAS.certificates, arns.size, own),
    ...frontends > 0 ? [use(NLB_QUOTAS.targetsOfZone, frontends * (crossesZones ? 100 : 50), own)] : [],
  ];
}

/** The larger number of both families; a rule for a prefix list counts for each. */
function inboundRules(rules: readonly InboundRule[]): number {
  const of = (family: 'cidrIP' | 'cidrIPv6') => rules.filter(rule => rule[family] !== undefined || rule.prefixList !== undefined).length;
  return Math.max(of('cidrIP'), of('cidrIPv6'));
}
