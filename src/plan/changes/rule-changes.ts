// Which rules of a listener an apply creates, changes, moves and deletes (AWS Load Balancer Controller 3.5.0
// pkg/deploy/elbv2/listener_rule_synthesizer.go).
import { groupBy } from '../../base/multimap';
import { compareText } from '../../base/order';
import { contentOf, isEqual } from '../../diff/fields';
import { type ForwardTarget, type ListenerRule, type RuleAction, type RuleCondition, targetName } from '../load-balancer';
import { type EffectRule, fieldChanges, type PlannedFieldChange } from './change';

/** A rule that changes. `moved`: only its priority does. */
export interface RuleChange {
  readonly change: 'created' | 'deleted' | 'updated' | 'moved' | 'unchanged';
  /** The new priority; of a deleted rule the old one. */
  readonly priority: number;
  /** The old priority of a moved rule. */
  readonly previousPriority?: number;
  readonly before?: ListenerRule;
  readonly after?: ListenerRule;
  /** What differs, for a rule that exists before and after. */
  readonly fields: readonly PlannedFieldChange[];
}

type Pair = readonly [before: ListenerRule, after: ListenerRule];

/**
 * Pairs rules as the controller does (:155): those with the same settings, wherever they are; then those with the same priority, which it
 * changes in place. It creates and deletes the others.
 *
 * @returns those that differ, by priority; those that are deleted at the end
 * @param replaced ids of the target groups that are replaced: a rule that forwards to one of them has other settings than before
 */
export function ruleChanges(before: readonly ListenerRule[], after: readonly ListenerRule[], replaced: ReadonlySet<string>): RuleChange[] {
  const waiting = groupBy(before, rule => settingsOf(rule, new Set()));
  const same: Pair[] = [];
  const others: ListenerRule[] = [];
  for (const rule of after) {
    const alike = waiting.get(settingsOf(rule, replaced)) ?? [];
    const index = alike.findIndex(old => keepsStickiness(old, rule));
    if (index === -1) {
      others.push(rule);
    } else {
      same.push([alike.splice(index, 1)[0], rule]);
    }
  }
  const left = new Map([...waiting.values()].flat().map(rule => [rule.priority, rule]));
  const inPlace = others.filter(({ priority }) => left.has(priority)).map((rule): Pair => [left.get(rule.priority)!, rule]);
  const kept = new Set(inPlace.map(([rule]) => rule));
  const created = others.filter(({ priority }) => !left.has(priority));
  const deleted = [...left.values()].filter(rule => !kept.has(rule));
  return [
    ...same.map(ofSettings),
    ...inPlace.map(([old, rule]): RuleChange => ({ change: 'updated', priority: rule.priority, before: old, after: rule, fields: fieldsOf(old, rule) })),
    ...created.map((rule): RuleChange => ({ change: 'created', priority: rule.priority, after: rule, fields: [] })),
    ...deleted.map((rule): RuleChange => ({ change: 'deleted', priority: rule.priority, before: rule, fields: [] })),
  ].filter(isDifferent).sort((a, b) => Number(a.change === 'deleted') - Number(b.change === 'deleted') || a.priority - b.priority);
}

/** A rule that is updated only because its target group is replaced differs in nothing. */
function isDifferent({ change, fields }: RuleChange): boolean {
  return fields.length > 0 || (change !== 'unchanged' && change !== 'updated');
}

/** Tags reach only rules that move or change (:188 pairs no others). */
const KEPT_TAGS: EffectRule = { path: /^\/tags\//, effect: 'kept', why: 'the controller tags only rules that change or move' };

/** compare_option_for_actions.go:43 */
export const KEPT_STICKINESS: EffectRule = {
  path: /targetGroupStickinessConfig/, onRemoval: true, effect: 'kept', why: 'the controller does not switch off stickiness that is no longer set',
};

function ofSettings([old, rule]: Pair): RuleChange {
  const isMoved = old.priority !== rule.priority;
  const canDiffer = !isEqual(old.tags, rule.tags) || old.actions.some(({ forwardConfig }) => forwardConfig?.targetGroupStickinessConfig !== undefined);
  const fields = canDiffer ? fieldsOf(old, rule, isMoved ? [] : [KEPT_TAGS]) : [];
  const pair = { priority: rule.priority, before: old, after: rule, fields };
  return isMoved ? { ...pair, change: 'moved', previousPriority: old.priority } : { ...pair, change: 'unchanged' };
}

function fieldsOf(old: ListenerRule, rule: ListenerRule, effects: readonly EffectRule[] = []): PlannedFieldChange[] {
  const shown = ({ conditions, transforms, tags, actions }: ListenerRule) => (
    { conditions: [...conditions].sort(byField), actions: actions.map(action => normal(action, new Set())), transforms, tags });
  return fieldChanges(shown(old), shown(rule), [KEPT_STICKINESS, ...effects]);
}

/** Sorts conditions, whose order makes no difference. */
export function byField(a: RuleCondition, b: RuleCondition): number {
  return compareText(a.field, b.field);
}

/** What the controller compares (pkg/equality/elbv2): the order of conditions makes no difference, the order of their values does. Stickiness is left out. */
function settingsOf({ conditions, actions, transforms = [] }: ListenerRule, replaced: ReadonlySet<string>): string {
  const own = actions.map(action => normal(action, replaced)).map(({ forwardConfig, ...action }) => ({ ...action, targets: forwardConfig?.targetGroups }));
  return contentOf(JSON.parse(JSON.stringify([[...conditions].sort(byField), own, transforms])));
}

/** An action with the defaults of redirects, and targets in one order; the weight of an only target does not count (compare_option_for_actions.go:12). */
export function normal(action: RuleAction, replaced: ReadonlySet<string>): RuleAction {
  const { forwardConfig, redirectConfig } = action;
  if (redirectConfig) {
    return { ...action, redirectConfig: { host: '#{host}', path: '/#{path}', port: '#{port}', protocol: '#{protocol}', query: '#{query}', ...redirectConfig } };
  }
  if (!forwardConfig) {
    return action;
  }
  const { targetGroups, targetGroupStickinessConfig } = forwardConfig;
  const marked = targetGroups.map(({ weight, ...target }): ForwardTarget => ({
    ...target,
    ...target.targetGroup !== undefined && replaced.has(target.targetGroup) ? { targetGroup: `${target.targetGroup} (replaced)` } : {},
    ...weight === undefined || targetGroups.length === 1 ? {} : { weight },
  }));
  const sorted = marked.sort((a, b) => compareText(targetName(a), targetName(b)));
  return { ...action, forwardConfig: { targetGroups: sorted, ...targetGroupStickinessConfig ? { targetGroupStickinessConfig } : {} } };
}

/** A rule that does not set stickiness keeps what AWS has (compare_option_for_actions.go:43). */
function keepsStickiness(old: ListenerRule, rule: ListenerRule): boolean {
  return rule.actions.every(({ forwardConfig }, index) => {
    const wanted = forwardConfig?.targetGroupStickinessConfig;
    return wanted === undefined || contentOf(wanted) === contentOf(old.actions[index].forwardConfig?.targetGroupStickinessConfig);
  });
}
