// What security policies and telemetry share: where they apply.
import type { Row } from './row';

/** The rows, for an object whose props have a scope. */
export function scopeRows(prop: string): Row[] {
  return [
    ['selector.matchLabels{}', `\`${prop}\`: \`PolicyScope.workload\`, \`PolicyScope.gateway\`, \`PolicyScope.pods(labels)\``],
    ['targetRefs[].(group|kind|name)', `\`${prop}\`: \`PolicyScope.gatewayApi\`, \`PolicyScope.gatewayClass\`, \`PolicyScope.waypointService\`, `
      + '`PolicyScope.waypointServiceEntry`'],
    ['targetRefs[].namespace', 'none: the CRD takes an empty text alone; a target is in the namespace of the object'],
    ['targetRef.*', 'none: `targetRefs` says the same; Istio leaves `targetRef` out of its documentation'],
  ];
}
