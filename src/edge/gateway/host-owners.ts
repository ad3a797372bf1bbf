// Which construct of the app has the routes of a host: Istio does not join the VirtualServices of two.
import type { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { oncePerApp } from '../../base/once-per-app';

/** The construct that has the VirtualService of a host, by Gateway and host. */
const OWNERS = oncePerApp<Construct>();

/** Registers mesh hosts for a construct that renders their VirtualServices itself. @throws InvalidProps for a host with routes elsewhere */
export function registerMeshHosts(construct: Construct, hosts: readonly string[]): void {
  requireUnowned(construct, [undefined], hosts, hosts);
  setOwner(construct, [undefined], hosts);
}

/** @throws InvalidProps for the first of the new hosts that has routes in another construct of the app */
export function requireUnowned(construct: Construct, gateways: readonly (string | undefined)[], hosts: readonly string[], fresh: readonly string[]): void {
  const owners = OWNERS(construct);
  for (const host of fresh) {
    const owner = gateways.map(gateway => owners.get(ownerKey(gateway, host))).find(known => known !== undefined && known !== construct);
    if (owner !== undefined) {
      throw InvalidProps.conflict(`hosts[${hosts.indexOf(host)}]`, host, `cannot be ${JSON.stringify(host)}: this host already has routes in `
        + `${owner.node.path}, and Istio would ${gateways[0] ? 'merge the two VirtualServices in an undefined order' : 'apply only the older VirtualService'}`);
    }
  }
}

/** Registers the construct that has the routes of hosts at Gateways; undefined stands for the sidecars of the mesh. */
export function setOwner(construct: Construct, gateways: readonly (string | undefined)[], hosts: readonly string[]): void {
  const owners = OWNERS(construct);
  gateways.forEach(gateway => hosts.forEach(host => owners.set(ownerKey(gateway, host), construct)));
}

/**
 * Registers the owners of all hosts at a Gateway for Gateways that share its routes.
 *
 * @throws InvalidProps for the first host that has routes in another construct at one of them
 */
export function shareOwners(construct: Construct, gateway: string, others: readonly string[]): void {
  const owners = OWNERS(construct);
  const start = ownerKey(gateway, '');
  const own = [...owners].filter(([key]) => key.startsWith(start)).map(([key, owner]) => [key.slice(start.length), owner] as const);
  for (const [host, owner] of own) {
    const other = others.map(reference => owners.get(ownerKey(reference, host))).find(known => known !== undefined && known !== owner);
    if (other !== undefined) {
      throw InvalidProps.conflict('gateway', others[0], `cannot be ${others[0]}: host ${JSON.stringify(host)} already has routes there, in ${other.node.path}, `
        + `and others at ${gateway}, in ${owner.node.path}; Istio would merge the two VirtualServices in an undefined order`);
    }
  }
  own.forEach(([host, owner]) => setOwner(owner, others, [host]));
}

function ownerKey(gateway: string | undefined, host: string): string {
  return `${gateway ?? ''} ${host}`;
}
