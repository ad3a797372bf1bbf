// What an apply changes in AWS, as JSON for programs. docs/json.md describes the format.
import { objectNameOf } from '../manifests/manifest';
import type { ListenerChange } from '../plan/changes/listener-changes';
import type { LoadBalancerChange } from '../plan/changes/load-balancer-changes';
import type { PlanChanges } from '../plan/changes/plan-changes';
import type { RuleChange } from '../plan/changes/rule-changes';
import type { TargetGroupChange } from '../plan/changes/target-group-changes';
import { documentOf } from './json';
import { eventOf, loadBalancerOf, quotaOf, withOrigin } from './plan-json';

/** The changes as JSON, with a line break at the end. */
export function renderPlanChangesJson({ loadBalancers, targetGroupBindings, events, quotas }: PlanChanges): string {
  const bindings = targetGroupBindings.map(({ change, manifest, fields }) => ({ change, object: objectNameOf(manifest), origin: manifest.origin, fields }));
  return documentOf({
    loadBalancers: loadBalancers.map(balancerOf), targetGroupBindings: bindings, events: events.map(eventOf), quotas: quotas.map(quotaOf),
  });
}

/** A load balancer that exists on one side only is shown whole. */
function balancerOf({ change, type, group, before, after, refused, fields, listeners, targetGroups }: LoadBalancerChange): object {
  const { name, members = [] } = after ?? before ?? {};
  return {
    change, type, group, name, members: members.map(objectNameOf),
    refused: refused && eventOf(refused),
    fields,
    listeners: listeners.map(listenerOf),
    targetGroups: targetGroups.map(targetGroupOf),
    before: before && !after ? loadBalancerOf(before) : undefined,
    after: after && !before ? loadBalancerOf(after) : undefined,
  };
}

function listenerOf({ change, port, before, after, fields, rules }: ListenerChange): object {
  return { change, port, protocol: (after ?? before)?.protocol, fields, rules: rules.map(ruleOf) };
}

function ruleOf({ change, priority, previousPriority, before, after, fields }: RuleChange): object {
  return { change, priority, previousPriority, fields, before: before && withOrigin(before), after: after && withOrigin(after) };
}

function targetGroupOf({ change, id, before, after, fields, takesRequestsFrom }: TargetGroupChange): object {
  return {
    change, id, fields, takesRequestsFrom, before: before && !after ? withOrigin(before) : undefined, after: after && !before ? withOrigin(after) : undefined,
  };
}
