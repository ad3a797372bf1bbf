// Listener rules behind others that match all their requests.
import { addTo } from '../../base/multimap';
import { once } from '../../base/once';
import { coversRule } from '../../base/alb-annotations/rule-coverage';
import { qualifiedNameOf } from '../../manifests/manifest';
import type { Listener, ListenerRule, LoadBalancer, RuleAction, RuleCondition } from '../../plan/load-balancer';

/** A rule that is never reached, and the first earlier rule that matches all its requests. */
export interface ShadowedRule {
  readonly rule: ListenerRule;
  readonly by: ListenerRule;
}

/** The rules of a listener that others shadow. */
export function shadowedRules({ rules }: Pick<Listener, 'rules'>): ShadowedRule[] {
  const earlier = new EarlierRules();
  return rules.flatMap(rule => {
    const by = earlier.first(rule, own => coversRule(own.conditions, rule.conditions));
    earlier.add(rule);
    return by === undefined ? [] : [{ rule, by }];
  });
}

/** Rules of a listener in order. A rule is compared only with those for the same host, and with those for several. */
export class EarlierRules {
  private readonly byHost = new Map<string, RulesByPath>();
  private readonly ofSeveral = new RulesByPath();

  /** Adds a rule behind all others. */
  public add(rule: ListenerRule): void {
    const host = onlyHostOf(rule.conditions);
    (host === undefined ? this.ofSeveral : once(this.byHost, host, () => new RulesByPath())).add(rule);
  }

  /** The first rule that passes the test, of those that may cover a rule or one of its paths. */
  public first(rule: ListenerRule, test: (earlier: ListenerRule) => boolean): ListenerRule | undefined {
    const host = onlyHostOf(rule.conditions);
    const own = host === undefined ? undefined : this.byHost.get(host);
    let found: ListenerRule | undefined;
    for (const list of [...own?.mayCover(rule) ?? [], ...this.ofSeveral.mayCover(rule)]) {
      // Each list is in order: behind what was found, it has nothing earlier.
      const next = list.find(one => (found !== undefined && one.priority > found.priority) || test(one));
      found = next === undefined || (found !== undefined && next.priority > found.priority) ? found : next;
    }
    return found;
  }
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

  /** The rules that may cover a rule, or one of its paths, in lists that are each in order. */
  public mayCover(rule: ListenerRule): (readonly ListenerRule[])[] {
    // A rule for all paths is covered by those with the pattern /*.
    const paths = this.byStart.size === 0 ? [] : ['/', ...pathsOf(rule)];
    const starts = new Set(paths.flatMap(path => Array.from({ length: path.length + 1 }, (_, length) => path.slice(0, length))));
    return [this.others, ...[...starts].map(start => this.byStart.get(start)).filter(list => list !== undefined)];
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

/** Whether a rule forwards requests to a target group. */
export function forwardsTo({ actions }: ListenerRule, targetGroupId: string): boolean {
  return actions.at(-1)?.forwardConfig?.targetGroups.some(({ targetGroup }) => targetGroup === targetGroupId) === true;
}

/** The hosts of a rule that are no patterns. */
export function exactHostsOf({ conditions }: ListenerRule): readonly string[] {
  return (conditions.find(({ field }) => field === 'host-header')?.hostHeaderConfig?.values ?? []).filter(host => !/[*?]/.test(host));
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
