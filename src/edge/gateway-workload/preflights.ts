// Hosts at a gateway whose routes have a CORS policy: browsers send preflight requests for them, without a token.
import type { Construct } from 'constructs';
import { once } from '../../base/once';
import { oncePerApp } from '../../base/once-per-app';

const EXPECTED = oncePerApp<Set<string>>();

/** Registers hosts of a route with a CORS policy. @param gateway namespace and Service of the gateway's pods */
export function registerPreflights(construct: Construct, gateway: string, hosts: readonly string[]): void {
  const known = once(EXPECTED(construct), gateway, () => new Set());
  hosts.forEach(host => known.add(host));
}

/** The hosts that were registered so far. */
export function preflightHosts(construct: Construct, gateway: string): string[] {
  return [...EXPECTED(construct).get(gateway) ?? []];
}
