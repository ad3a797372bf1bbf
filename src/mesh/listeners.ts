// Listeners: the ports that a proxy accepts connections on, and what it does with them.
import { addTo } from '../base/multimap';
import { ClusterName } from './cluster-names';
import { FilterChain, FilterChains, httpChain, passingChain, serverNamesOf, tcpChain } from './filter-chains';
import { ClaimedHosts, MergedGateway, MergedPort, Server, isHttpServer, terminates } from './objects/gateways';
import { MeshSettings } from './objects/settings';
import { tcpRouteOf, tlsRoutesOf } from './route/tcp-routes';
import { BoundVirtualServices } from './virtual-services';

/** The port on which a proxy itself answers `GET /healthz/ready` in plaintext (Istio 1.30, pilot/cmd/pilot-agent). */
export const STATUS_PORT = 15021;

/** Ports of the agent and of Envoy's statistics. */
export const AGENT_PORTS: readonly number[] = [15020, 15090];

/** Whether the proxy itself or its agent listens on the port of the pods. */
export function isOfProxy(port: number): boolean {
  return port === STATUS_PORT || AGENT_PORTS.includes(port);
}

/** What the chains of a gateway depend on. */
export interface ListenerContext {
  readonly settings: MeshSettings;
  boundTo(gateway: string): BoundVirtualServices;
  /** The clusters behind a server of AUTO_PASSTHROUGH. */
  passedBy(server: Server): readonly ClusterName[];
}

/** A listener of a gateway. */
export interface Listener {
  /** As Envoy shows it: `0.0.0.0_8080`. */
  readonly name: string;
  readonly port: number;
  /** The address that it listens on; empty for all. */
  readonly bind: string;
  readonly filterChains: FilterChains;
}

/** The listener that connections from outside of the pod reach: one for all addresses, else one for an address that the pod may have. */
export function reachable(listeners: readonly Listener[]): Listener | undefined {
  return listeners.length === 1 && listeners[0].bind === '' ? listeners[0]
    : listeners.find(({ bind }) => ANY_ADDRESS.has(bind)) ?? listeners.find(({ bind }) => !isLoopback(bind));
}

const ANY_ADDRESS: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** The listeners of a gateway by port; a listener without any chain is not created (Istio 1.30, pilot/pkg/networking/core/gateway.go:79-82). */
export function gatewayListeners(merged: MergedGateway, context: ListenerContext): Map<number, Listener[]> {
  const chains = new Map<string, { readonly port: number; readonly bind: string; readonly list: FilterChain[] }>();
  const claimed = new ClaimedHosts();
  for (const port of merged.ports) {
    const name = `${port.bind || '0.0.0.0'}_${port.number}`;
    const own = chains.get(name) ?? { port: port.number, bind: port.bind, list: [] };
    chains.set(name, own);
    own.list.push(...chainsOf(port, own.list.length, claimed, context));
  }
  const listeners = new Map<number, Listener[]>();
  for (const [name, { port, bind, list }] of chains) {
    if (list.length > 0) {
      addTo(listeners, port, { name, port, bind, filterChains: new FilterChains(list) });
    }
  }
  return listeners;
}

function chainsOf(port: MergedPort, offset: number, claimed: ClaimedHosts, context: ListenerContext): FilterChain[] {
  if (port.protocol === 'http') {
    return [httpChain(port.servers[0], port.number, offset)];
  }
  const chains: FilterChain[] = [];
  for (const server of port.servers) {
    if (isHttpServer(server)) {
      chains.push(httpChain(server, port.number, offset + chains.length));
    } else {
      chains.push(...tcpChains(server, port.number, offset + chains.length, claimed, context));
    }
  }
  return chains;
}

/** Without a route a TCP or passthrough server has no chain. Names of AUTO_PASSTHROUGH follow from Services, not from VirtualServices. */
function tcpChains(server: Server, port: number, offset: number, claimed: ClaimedHosts, context: ListenerContext): FilterChain[] {
  if (server.tls?.mode === 'AUTO_PASSTHROUGH') {
    return context.passedBy(server).map((cluster, index) => passingChain(server, cluster, offset + index));
  }
  const [bound, { settings }] = [context.boundTo(server.gateway), context];
  if (server.tls !== undefined && !terminates(server)) {
    return tlsRoutesOf(server, port, bound, claimed, settings).map(([route, names], index) => tcpChain(server, route, names, offset + index));
  }
  const route = tcpRouteOf(server, bound, settings);
  return route === undefined ? [] : [tcpChain(server, route, server.tls === undefined ? [] : serverNamesOf(server), offset)];
}
