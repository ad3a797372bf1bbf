// What an apply changes on TargetGroupBindings that are objects of their own (AWS Load Balancer Controller 3.5.0
// webhooks/elbv2/targetgroupbinding_validator.go:174). Those that the controller makes follow their target groups.
import { type Manifest, qualifiedNameOf } from '../../manifests/manifest';
import type { PlannedTargetGroupBinding } from '../webhooks/target-group-binding';
import { changeOf, type EffectRule, fieldChanges, type PlannedFieldChange } from './change';

/** A TargetGroupBinding before and after. `refused`: the webhook refuses the new one, and the old one stays. */
export interface TargetGroupBindingChange {
  readonly change: 'created' | 'deleted' | 'updated' | 'refused' | 'unchanged';
  readonly manifest: Manifest;
  /** What differs, for a binding that exists before and after. */
  readonly fields: readonly PlannedFieldChange[];
}

/** checkImmutableFields; a name stands for the ARN of the target group that has it. */
const IMMUTABLE: EffectRule = {
  path: /^\/(targetGroupARN|targetGroupName|targetType|ipAddressType|vpcID)$/, effect: 'refused',
  why: 'the webhook refuses it: delete the TargetGroupBinding, and create another one',
};

/** What AWS fills in if it is not set: a value beside none is no difference that anyone can see. */
const FILLED_BY_AWS = /^\/(targetGroupARN|targetGroupName|targetType|ipAddressType|vpcID|targetGroupProtocol)$/;

/** The bindings by `namespace/name`, in the order of the new ones; those that are deleted at the end. */
export function bindingChanges(before: readonly PlannedTargetGroupBinding[], after: readonly PlannedTargetGroupBinding[]): TargetGroupBindingChange[] {
  const idOf = ({ manifest }: PlannedTargetGroupBinding) => qualifiedNameOf(manifest);
  const stored = new Map(before.filter(({ spec }) => spec !== undefined).map(own => [idOf(own), own]));
  const ids = new Set(after.map(idOf));
  return [
    ...after.map((own): TargetGroupBindingChange => {
      const { manifest, spec } = own;
      const old = stored.get(idOf(own))?.spec;
      if (!spec || !old) {
        return { change: spec ? 'created' : 'refused', manifest, fields: [] };
      }
      const fields = fieldChanges(old, spec, [IMMUTABLE])
        .filter(field => !FILLED_BY_AWS.test(field.path) || (field.before !== undefined && field.after !== undefined));
      const isRefused = fields.some(({ effect }) => effect === 'refused');
      return { change: isRefused ? 'refused' : changeOf(fields) === 'unchanged' ? 'unchanged' : 'updated', manifest, fields };
    }),
    ...[...stored].filter(([id]) => !ids.has(id)).map(([, { manifest }]): TargetGroupBindingChange => ({ change: 'deleted', manifest, fields: [] })),
  ];
}
