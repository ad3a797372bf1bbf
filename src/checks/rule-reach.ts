// Listener rules behind others that match all their requests.
import { addTo } from '../base/multimap';
import { once } from '../base/once';
import { coversRule } from '../base/alb-annotations/rule-coverage';
import { qualifiedNameOf } from '../manifests/manifest';
import type { Listener, ListenerRule, LoadBalancer, RuleAction, RuleCondition } from '../plan/load-balancer';

/** A rule that is never reached, and the first earlier rule that matches all its requests. */
export interface ShadowedRule {
  readonly rule: ListenerRule;
  readonly by: ListenerRule;
}

/** The rules of a listener that others shadow. Rules are compared only with those for the same host, and with those for several. */
export function shadowedRules({ rules }: Pick<Listener, 'rules'>): ShadowedRule[] {
  return comparedRules(rules).flatMap(({ rule, earlier }) => {
    const by = earlier.find(own => coversRule(own.conditions, rule.conditions));
    return by === undefined ? [] : [{ rule, by }];
  });
}

/** Each rule with the earlier ones that may match its requests, in order. */
export function comparedRules(rules: readonly ListenerRule[]): { readonly rule: ListenerRule; readonly earlier: readonly ListenerRule[] }[] {
  const [byHost, ofSeveral] = [new Map<string, RulesByPath>(), new RulesByPath()];
  return rules.map(rule => {
    const host = onlyHostOf(rule.conditions);
    const own = host === undefined ? undefined : once(byHost, host, () => new RulesByPath());
    const earlier = [...own?.mayCover(rule) ?? [], ...ofSeveral.mayCover(rule)].sort((a, b) => a.priority - b.priority);
    (own ?? ofSeveral).add(rule);
    return { rule, earlier };
  });
}

/** Rules by what their paths start with, before the first wildcard: a path is covered by patterns for the same path, or for its beginning. */
class RulesByPath {
  private readonly byStart = new Map<string, ListenerRule[]>();
  /** Those for all paths, and those with regular expressions. */
  private readonly others: ListenerRule[] = [];

  public add(rule: ListenerRule): void {
    const paths = pathsOf(rule);
    if (paths.length === 0) {
      this.others.push(rule);
    }
    paths.forEach(path => addTo(this.byStart, path.replace(/[*?][^]*$/, ''), rule));
  }

  /** The rules that may cover a rule, or one of its paths. */
  public mayCover(rule: ListenerRule): ReadonlySet<ListenerRule> {
    const found = new Set(this.others);
    // A rule for all paths is covered by those with the pattern /*.
    for (const path of this.byStart.size === 0 ? [] : ['/', ...pathsOf(rule)]) {
      for (let length = 0; length <= path.length; length++) {
        this.byStart.get(path.slice(0, length))?.forEach(own => found.add(own));
      }
    }
    return found;
  }
}

function pathsOf({ conditions }: ListenerRule): readonly string[] {
  return conditions.find(({ field }) => field === 'path-pattern')?.pathPatternConfig?.values ?? [];
}

/** The host of a rule for one host. */
function onlyHostOf(conditions: readonly RuleCondition[]): string | undefined {
  const values = conditions.find(({ field }) => field === 'host-header')?.hostHeaderConfig?.values ?? [];
  return values.length === 1 && !/[*?]/.test(values[0]) ? values[0].toLowerCase() : undefined;
}

/** Whether an action lets nobody through without a login or a valid token. A login that allows others is none. */
export function isGuarded(actions: readonly RuleAction[]): boolean {
  return actions.some(({ type, authenticateCognitoConfig: cognito, authenticateOIDCConfig: oidc }) => (
    type === 'jwt-validation' || (type.startsWith('authenticate-') && (cognito ?? oidc)?.onUnauthenticatedRequest !== 'allow')));
}

/** Whether the last action forwards requests. */
export function isForward(actions: readonly RuleAction[]): boolean {
  return actions.at(-1)?.type === 'forward';
}

/** What a rule does, comparable between rules: target groups of one Service and port are alike, whichever Ingress they are made for. */
export function effectOf({ targetGroups }: LoadBalancer, { actions, transforms, from }: ListenerRule): string {
  const serviceOf = (id: string | undefined) => {
    const service = targetGroups.find(own => own.id === id)?.service;
    const prefix = `${qualifiedNameOf(from.manifest)}-`;
    return service !== undefined ? `${service.name}:${service.port}` : id?.startsWith(prefix) ? id.slice(prefix.length) : id;
  };
  return JSON.stringify([actions, transforms ?? []], (key, value: unknown) => (key === 'targetGroup' ? serviceOf(value as string) : value));
}

/**
 * Whether a rule may have a login all the same: that of a Service that is not in the input. If the Service is also behind a rule whose Ingress has
 * the login, it hardly has one of its own, which would replace that of the Ingress.
 */
export function mayHaveLogin(loadBalancer: LoadBalancer, rule: ListenerRule, guarded: ListenerRule): boolean {
  const targets = rule.actions.at(-1)?.forwardConfig?.targetGroups ?? [];
  const isKnown = targets.every(({ targetGroup }) => targetGroup === undefined || loadBalancer.targetGroups.some(({ id }) => id === targetGroup));
  const targetOf = (own: ListenerRule) => effectOf(loadBalancer, { ...own, transforms: [], actions: own.actions.slice(-1) });
  return targets.length === 1 && !isKnown && targetOf(rule) !== targetOf(guarded);
}
