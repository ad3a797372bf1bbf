// Attributes of load balancers, listeners and target groups.
import type { Attribute } from './load-balancer';

/** A map as AWS lists it, in the order of the keys. */
export function toAttributes(map: Readonly<Record<string, string>> | undefined): Attribute[] {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value }));
}
