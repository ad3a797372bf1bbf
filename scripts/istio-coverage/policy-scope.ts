// The rows that security policies and telemetry share: where an object applies.
import type { Row } from './row';

/** The rows for an object with a scope. @param prop the prop that holds the scope */
export function scopeRows(prop: string): Row[] {
  return [
    ['selector.matchLabels{}', `\`${prop}\`: \`PolicyScope.workload\`, \`PolicyScope.gateway\`, \`PolicyScope.pods(labels)\``],
    ['targetRefs[].(group|kind|name)', `\`${prop}\`: \`PolicyScope.gatewayApi\`, \`PolicyScope.gatewayClass\`, \`PolicyScope.waypointService\`, `
      + '`PolicyScope.waypointServiceEntry`'],
    ['targetRefs[].namespace', 'none: the CRD only accepts an empty string; a target is in the namespace of the object'],
    ['targetRef.*', 'none: same as `targetRefs`; Istio does not document `targetRef`'],
  ];
}
