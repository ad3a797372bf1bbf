// What an apply changes in AWS: the words that the comparisons of load balancers, listeners, rules and target groups share.
import { changedFields } from '../../diff/fields';
import { asObject, type PlainObject } from '../../manifests/plain-json';
import type { Attribute } from '../load-balancer';

/**
 * What happens to a field whose planned value changes. `updated`: AWS changes it in place. `replaced`: AWS cannot, and the controller replaces
 * the resource. `kept`: neither happens, and AWS keeps what it has. `refused`: the deployment stops with an error.
 */
export type Effect = 'updated' | 'replaced' | 'kept' | 'refused';

/** A field whose planned value changes. */
export interface PlannedFieldChange {
  /** JSON pointer into the planned resource. Entries of lists whose order makes no difference are identified by their value, attributes by their key. */
  readonly path: string;
  /** The old value; absent when the field is new. */
  readonly before?: unknown;
  /** The new value; absent when the field is removed. */
  readonly after?: unknown;
  readonly effect: Effect;
  /** Why AWS does not simply change it; absent for `updated`. */
  readonly why?: string;
}

/** The effect of a change, where it is not that AWS changes the field. */
export interface EffectRule {
  readonly path: RegExp;
  /** Whether only the removal of the field has the effect. */
  readonly onRemoval?: true;
  readonly effect: Exclude<Effect, 'updated'>;
  readonly why: string;
}

/** Attributes of load balancers, listeners and target groups (load_balancer_attributes_reconciler.go:44, listener_attributes_reconciler.go:43). */
export const KEPT_ATTRIBUTES: EffectRule = {
  path: /^\/attributes\//, onRemoval: true, effect: 'kept', why: 'the controller does not reset an attribute that is no longer set',
};

/** The fields that differ. Where one of them replaces the resource, all others take effect with it. */
export function fieldChanges(before: object, after: object, rules: readonly EffectRule[]): PlannedFieldChange[] {
  const changes = changedFields(plain(before), plain(after)).map((change): PlannedFieldChange => {
    const rule = rules.find(({ path, onRemoval }) => path.test(change.path) && (onRemoval !== true || change.after === undefined));
    return rule ? { ...change, effect: rule.effect, why: rule.why } : { ...change, effect: 'updated' };
  });
  return changes.some(isReplacing)
    ? changes.map(change => (isReplacing(change) ? change : { path: change.path, ...valuesOf(change), effect: 'updated' })) : changes;
}

/** Whether a change replaces the resource. */
export function isReplacing({ effect }: PlannedFieldChange): boolean {
  return effect === 'replaced';
}

/** What happens to a resource that exists before and after. */
export function changeOf(fields: readonly PlannedFieldChange[]): 'replaced' | 'updated' | 'unchanged' {
  return fields.some(isReplacing) ? 'replaced' : fields.some(({ effect }) => effect === 'updated' || effect === 'refused') ? 'updated' : 'unchanged';
}

/** A list whose order makes no difference, as a map. */
export function byText<T>(items: readonly T[], textOf: (item: T) => string, valueOf: (item: T) => unknown = textOf): Record<string, unknown> {
  return Object.fromEntries(items.map(item => [textOf(item), valueOf(item)]));
}

/** Attributes, as a map. */
export function byKey(attributes: readonly Attribute[]): Record<string, unknown> {
  return byText(attributes, ({ key }) => key, ({ value }) => value);
}

function valuesOf({ before, after }: PlannedFieldChange): Pick<PlannedFieldChange, 'before' | 'after'> {
  return { ...before === undefined ? {} : { before }, ...after === undefined ? {} : { after } };
}

/** The value as JSON has it, without fields that are undefined. */
function plain(value: object): PlainObject {
  return asObject(JSON.parse(JSON.stringify(value)));
}
