// Planned load balancers as JSON for programs. docs/json.md describes the format.
import { type Manifest, objectNameOf } from '../manifests/manifest';
import type { From, LoadBalancer } from '../plan/load-balancer';
import type { Plan } from '../plan/plan';
import type { PlanEvent } from '../plan/refusal';
import { SCHEMA_VERSION } from './json';

/** The plan as JSON, with a line break at the end. */
export function renderPlanJson({ loadBalancers, targetGroupBindings, unmanaged, events }: Plan): string {
  const shown = loadBalancers.map(one => ('refused' in one
    ? { group: one.group, members: one.members.map(objectNameOf), refused: eventOf(one.refused) } : loadBalancerOf(one)));
  const bindings = targetGroupBindings.map(({ manifest, spec, refused, unknown }) => ({
    object: objectNameOf(manifest), origin: manifest.origin, ...refused ? { refused: eventOf(refused) } : { spec }, unknown,
  }));
  const others = unmanaged.map(({ manifest, ...own }) => ({ object: objectNameOf(manifest), origin: manifest.origin, ...own }));
  const plan = { schemaVersion: SCHEMA_VERSION, loadBalancers: shown, targetGroupBindings: bindings, unmanaged: others, events: events.map(eventOf) };
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** A load balancer, with the names of its members, and the places of its rules and target groups. */
export function loadBalancerOf({ members, listeners, targetGroups, ...balancer }: LoadBalancer): object {
  return {
    ...balancer,
    members: members.map(objectNameOf),
    listeners: listeners.map(({ rules, ...listener }) => ({ ...listener, rules: rules.map(withOrigin) })),
    targetGroups: targetGroups.map(withOrigin),
  };
}

/** A rule or target group, with its place. */
export function withOrigin<T extends { readonly from: From }>({ from, ...rest }: T): object {
  return { ...rest, from: placeOf(from.manifest, from.pointer) };
}

/** An event, with its place. */
export function eventOf({ severity, reason, reach, webhook, manifest, pointer }: PlanEvent): object {
  return { severity, reason, reach, webhook, ...placeOf(manifest, pointer) };
}

function placeOf(manifest: Manifest, pointer: string): object {
  return { object: objectNameOf(manifest), pointer, origin: manifest.origin };
}
