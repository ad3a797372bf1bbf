// The risks of a change, by the part of the traffic path that it touches.
import type { PlainObject } from '../manifests/plain-json';

/** What a change touches, the riskiest first. */
export enum Risk {
  /** Deletes or replaces a load balancer or a target group, or everything in a namespace. */
  LOAD_BALANCER = 'load-balancer',
  /** Changes where connections are accepted: listeners, hosts and certificates of load balancers, servers of Gateways. */
  LISTENER = 'listener',
  /** Changes what is encrypted between workloads. */
  MTLS = 'mtls',
  /** Changes who may call. */
  AUTHORIZATION = 'authorization',
  /** Changes where requests are routed. */
  ROUTE = 'route',
  /** Anything else. */
  OTHER = 'other',
}

/** All risks, the highest first. */
export const RISKS: readonly Risk[] = Object.values(Risk);

/** An object before and after; one of the two is absent when it was added or removed. */
export interface ObjectPair {
  readonly before?: PlainObject;
  readonly after?: PlainObject;
}

/** The higher one of two risks. */
export function higherRisk(a: Risk, b: Risk): Risk {
  return RISKS.indexOf(a) <= RISKS.indexOf(b) ? a : b;
}
