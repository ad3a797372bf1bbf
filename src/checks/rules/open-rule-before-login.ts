// A rule without a login precedes one with a login and matches all its requests.
import { coversRule } from '../../base/alb-annotations/rule-coverage';
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import type { Listener, ListenerRule, LoadBalancer, RuleCondition } from '../../plan/load-balancer';
import { isBuilt } from '../../plan/plan';
import { conditionsOf } from '../../plan/rule-text';
import type { Check } from '../check';
import { EarlierRules, isForward, isGuarded, mayHaveLogin } from '../load-balancers/rule-reach';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html: rules are evaluated in order of priority. */
export const openRuleBeforeLogin: Check = {
  id: 'open-rule-before-login',
  severity: 'error',
  title: 'A login or JWT validation is bypassed by an earlier rule without it',
  why: 'The load balancer uses the first rule that matches a request. The earlier rule matches the requests of the rule with the login and '
    + 'forwards them without one, so everyone reaches the backend. No request fails, and nothing shows it.',
  fix: 'Give the Ingress with the login a lower group.order, restrict the paths of the rule without it, or set the login there, too.',
  related: ['E062', 'E087'],
  about: [Kind.INGRESS],
  reads: [Kind.SERVICE],

  *run({ models: { plan } }) {
    for (const loadBalancer of plan.loadBalancers.filter(isBuilt)) {
      for (const { rule, first } of loadBalancer.listeners.flatMap(guardedRules)) {
        if (first !== undefined && !isGuarded(first.actions) && isForward(first.actions) && !mayHaveLogin(loadBalancer, first, rule)) {
          const what = rule.actions[0].type === 'jwt-validation' ? 'a valid token' : 'a login';
          const requests = `the requests of this rule (${conditionsOf(rule.conditions)})`;
          yield { ...rule.from, message: `${describe(first, rule, loadBalancer)} (${conditionsOf(first.conditions)}) forwards ${requests} without ${what}` };
        }
      }
    }
  },
};

/** The rules with a login, each with the first rule that matches all its requests, or all that one of its wildcard paths is for. */
function guardedRules({ rules }: Listener): { readonly rule: ListenerRule; readonly first?: ListenerRule }[] {
  const earlier = new EarlierRules();
  return rules.flatMap(rule => {
    const parts = isGuarded(rule.actions) && isForward(rule.actions) ? partsOf(rule.conditions) : [];
    const first = parts.length === 0 ? undefined : earlier.first(rule, own => parts.some(part => coversRule(own.conditions, part)));
    earlier.add(rule);
    return parts.length === 0 ? [] : [{ rule, first }];
  });
}

/** The conditions, and with each wildcard path alone: behind `/admin/*`, a rule for `/admin` and `/admin/*` is reached only for `/admin`. */
function partsOf(conditions: readonly RuleCondition[]): (readonly RuleCondition[])[] {
  const paths = conditions.find(({ field }) => field === 'path-pattern')?.pathPatternConfig?.values ?? [];
  const alone = (value: string): RuleCondition => ({ field: 'path-pattern', pathPatternConfig: { values: [value] } });
  const others = conditions.filter(({ field }) => field !== 'path-pattern');
  return [conditions, ...paths.filter(value => value.endsWith('*')).map(value => [...others, alone(value)])];
}

function describe({ from }: ListenerRule, { from: { manifest } }: ListenerRule, { group }: LoadBalancer): string {
  return from.manifest === manifest ? `the rule at ${from.pointer}`
    : `a rule of Ingress ${qualifiedNameOf(from.manifest)}, which is earlier in group ${group}`;
}
