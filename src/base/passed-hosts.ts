// The hosts that the load balancers of an app pass to each gateway. A host that none of them passes is a slip of the pen.
import { hostsOverlap } from './host-index';
import { once } from './once';
import { oncePerApp } from './once-per-app';

/** The part of a construct that this file needs. */
interface Validated {
  readonly node: { readonly root: object; addValidation(validation: { validate(): string[] }): void };
}

const SERVED = oncePerApp<Set<string>>();

/** Registers hosts of a load balancer; `*` if unknown. @param gateway namespace and Service that it forwards to, such as `istio-ingress/istio-ingress` */
export function registerPassedHosts(loadBalancer: Validated, gateway: string, hosts: readonly string[]): void {
  const known = once(SERVED(loadBalancer), gateway, () => new Set());
  hosts.forEach(host => known.add(host));
}

/**
 * Fails the synth for a host that no load balancer of the app passes to the gateway; not where the app has no load balancer in front of it.
 * At synth, because load balancers can be declared later.
 *
 * @param gateway namespace and Service of the gateway
 * @param hosts the hosts by the name of their prop; optionally with a port, and with a `*` at the start or the end
 */
export function requirePassedAtSynth(construct: Validated, gateway: string, hosts: () => readonly (readonly [prop: string, host: string])[]): void {
  construct.node.addValidation({
    validate: () => {
      const served = [...SERVED(construct).get(gateway) ?? []];
      const unserved = served.length === 0 ? [] : hosts().filter(([, host]) => !served.some(own => meets(own, host.toLowerCase().replace(/:(\d+|\*)$/, ''))));
      const allowed = `a host that a load balancer of the app passes to the gateway ${gateway}: ${served.join(', ')}`;
      return unserved.map(([prop, host]) => `${prop} must be ${allowed}; got ${JSON.stringify(host)}`);
    },
  });
}

/** Whether some name matches both a host of a load balancer and a host with `*` at its start or end. */
export function meets(served: string, host: string): boolean {
  return host.endsWith('*') && host !== '*' ? served.startsWith('*') || served.startsWith(host.slice(0, -1)) : hostsOverlap(served, host);
}
