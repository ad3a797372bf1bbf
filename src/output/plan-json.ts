// Planned load balancers as JSON for programs. docs/json.md describes the format.
import { type Manifest, objectNameOf } from '../manifests/manifest';
import type { From, LoadBalancer } from '../plan/load-balancer';
import type { Plan } from '../plan/plan';
import type { PlanEvent } from '../plan/refusal';
import { SCHEMA_VERSION } from './json';

/** The plan as JSON, with a line break at the end. */
export function renderPlanJson({ loadBalancers, events }: Plan): string {
  const shown = loadBalancers.map(one => ('refused' in one
    ? { group: one.group, members: one.members.map(objectNameOf), refused: eventOf(one.refused) } : loadBalancerOf(one)));
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, loadBalancers: shown, events: events.map(eventOf) }, null, 2)}\n`;
}

function loadBalancerOf({ members, listeners, targetGroups, ...balancer }: LoadBalancer): object {
  return {
    ...balancer,
    members: members.map(objectNameOf),
    listeners: listeners.map(({ rules, ...listener }) => ({ ...listener, rules: rules.map(withOrigin) })),
    targetGroups: targetGroups.map(withOrigin),
  };
}

function withOrigin<T extends { readonly from: From }>({ from, ...rest }: T): object {
  return { ...rest, from: placeOf(from.manifest, from.pointer) };
}

function eventOf({ severity, reason, reach, manifest, pointer }: PlanEvent): object {
  return { severity, reason, reach, ...placeOf(manifest, pointer) };
}

function placeOf(manifest: Manifest, pointer: string): object {
  return { object: objectNameOf(manifest), pointer, origin: manifest.origin };
}
