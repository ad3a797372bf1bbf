// Which target groups have the requests now that others get after an apply: rules with the same conditions forward to them.
import { groupBy } from '../../base/multimap';
import { contentOf } from '../../diff/fields';
import { type Listener, type ListenerRule, type RuleAction, targetName } from '../load-balancer';
import { byField } from './rule-changes';

/** By the id, ARN or name of a target group that gets requests: those that have them now. A listener of another protocol has other requests. */
export function requestSources(before: readonly Listener[], after: readonly Listener[]): ReadonlyMap<string, readonly string[]> {
  const pairs = after.flatMap(({ port, protocol, rules, defaultActions }) => {
    const old = before.find(own => own.port === port && own.protocol === protocol);
    const ofConditions = groupBy(old?.rules ?? [], conditionsOf);
    return [
      { was: old?.defaultActions ?? [], is: defaultActions },
      ...rules.map(rule => ({ was: ofConditions.get(conditionsOf(rule))?.[0].actions ?? [], is: rule.actions })),
    ];
  });
  const moves = pairs.map(({ was, is }) => ({ was: targetsOf(was), is: targetsOf(is) }))
    .flatMap(({ was, is }) => is.filter(target => !was.includes(target)).flatMap(target => was.map(source => ({ source, target }))));
  return new Map([...groupBy(moves, ({ target }) => target)].map(([target, own]) => [target, [...new Set(own.map(({ source }) => source))]]));
}

/** The same text for the same conditions in any order. */
function conditionsOf({ conditions }: ListenerRule): string {
  return contentOf(JSON.parse(JSON.stringify([...conditions].sort(byField))));
}

/** The target groups that get requests. The weight of an only one does not count. */
function targetsOf(actions: readonly RuleAction[]): string[] {
  const targets = actions.flatMap(({ forwardConfig }) => forwardConfig?.targetGroups ?? []);
  return targets.filter(({ weight }) => weight !== 0 || targets.length === 1).map(targetName);
}
