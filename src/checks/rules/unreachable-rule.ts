// A rule of a load balancer is never reached.
import { once } from '../../base/once';
import { Kind } from '../../manifests/kind';
import { type Manifest, qualifiedNameOf } from '../../manifests/manifest';
import { type ListenerRule, type LoadBalancer } from '../../plan/load-balancer';
import { isBuilt } from '../../plan/plan';
import { conditionsOf } from '../../plan/rule-text';
import type { Check } from '../check';
import { effectOf, isForward, isGuarded, shadowedRules } from '../load-balancers/rule-reach';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html: rules are evaluated in order of priority. */
export const unreachableRule: Check = {
  id: 'unreachable-rule',
  severity: 'error',
  title: 'A rule of the load balancer is never reached',
  why: 'The load balancer uses the first rule that matches a request. An earlier rule matches all requests of this one, so its backend gets none. Weights of '
    + 'two rules do not add up: they count within one action only.',
  fix: 'Restrict the earlier rule, or put this one first: group.order decides between Ingresses, and the order of rules within one. To split traffic, use one '
    + 'action with several target groups.',
  related: ['E062'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ models: { plan } }) {
    for (const loadBalancer of plan.loadBalancers.filter(isBuilt)) {
      const shadowed = loadBalancer.listeners.flatMap(shadowedRules);
      const hidden = new Set(shadowed.map(({ rule }) => rule));
      const reached = placesOf(loadBalancer.listeners.flatMap(({ rules }) => rules).filter(rule => !hidden.has(rule)));
      for (const { rule, by } of shadowed) {
        const { manifest, pointer } = rule.from;
        // The login that such a rule loses is an error of its own, if it forwards.
        const isOpen = isGuarded(rule.actions) && isForward(rule.actions) && !isGuarded(by.actions) && isForward(by.actions);
        if (!reached.get(manifest)?.has(pointer) && !isOpen && effectOf(loadBalancer, rule) !== effectOf(loadBalancer, by)) {
          yield { manifest, pointer, message: `${describe(by, rule, loadBalancer)} matches all requests of this rule (${conditionsOf(rule.conditions)})` };
        }
      }
    }
  },
};

function describe({ conditions, from }: ListenerRule, { from: { manifest } }: ListenerRule, { group }: LoadBalancer): string {
  const where = from.manifest === manifest ? `at ${from.pointer}` : `of Ingress ${qualifiedNameOf(from.manifest)}, which is earlier in group ${group}`;
  return `the rule ${where} (${conditionsOf(conditions)})`;
}

function placesOf(rules: readonly ListenerRule[]): ReadonlyMap<Manifest, ReadonlySet<string>> {
  const places = new Map<Manifest, Set<string>>();
  rules.forEach(({ from: { manifest, pointer } }) => once(places, manifest, () => new Set<string>()).add(pointer));
  return places;
}
