// The stretch of the road in the gateways: ports with their filter chains, virtual hosts with their routes.
import { namespacedName } from '../../base/kubernetes-name';
import { compareText } from '../../base/order';
import { isUndelivered } from '../../mesh/credentials';
import type { FilterChain } from '../../mesh/filter-chains';
import { isTlsServer } from '../../mesh/objects/gateways';
import { type Listener, isOfProxy } from '../../mesh/listeners';
import type { Mesh } from '../../mesh/mesh';
import type { GatewayProxy } from '../../mesh/proxies';
import type { Workload } from '../../mesh/objects/workloads';
import { addClusters } from './destinations';
import type { Draft, DraftNode, Label } from './draft';
import { listed } from './short-text';
import { addVirtualHost } from './virtual-hosts';

/** The title of the frame around what is in a namespace. */
export function namespaceTitle(namespace: string): string {
  return `namespace ${namespace}`;
}

/** Draws the ports of all gateways, and what is behind them. */
export function addGateways(draft: Draft, mesh: Mesh, client: () => DraftNode): void {
  const inside = () => draft.node('inside', () => ({ station: 'client', title: 'pods', lines: ['of the cluster'] }));
  const unknown = () => draft.node('unknown', () => ({ station: 'client', title: 'a Service', lines: ['not in the input'] }));
  const gateways = [...mesh.gatewayWorkloads()].sort((a, b) => compareText(namespacedName(a), namespacedName(b)));
  for (const gateway of gateways) {
    const proxy = mesh.gateway(gateway);
    const listeners = [...proxy.allListeners()].sort((a, b) => a.port - b.port || compareText(a.name, b.name));
    const isReached = listeners.some(listener => draft.find(listener) !== undefined);
    for (const listener of listeners) {
      const known = draft.find(listener);
      const { node } = portOf(draft, mesh, gateway, listener.port, listener);
      if (known === undefined) {
        draft.edge(gateway.isAssumed ? unknown() : isReached ? inside() : client(), node, [{ text: arrivingAt(listener) }]);
      }
      listener.filterChains.all.forEach(chain => addChain(draft, mesh, proxy, node, chain));
    }
  }
}

function arrivingAt({ filterChains: { all } }: Listener): string {
  return all.some(({ server }) => isTlsServer(server)) ? 'TLS' : all.every(({ tcp }) => tcp !== undefined) ? 'TCP' : 'plaintext';
}

/** A port of a gateway, which may not listen on it. @param failure what the client gets then */
export function portOf(
  draft: Draft, mesh: Mesh, gateway: Workload, port: number, wanted = mesh.gateway(gateway).listeners(port)[0], failure = '502',
): { readonly node: DraftNode; readonly listener: Listener | undefined } {
  const { namespace, name, isAssumed } = gateway;
  const listener: Listener | undefined = wanted;
  const isOwn = listener === undefined && isOfProxy(port);
  const node = draft.node(listener ?? `port ${namespace}/${name} ${port}`, () => ({
    station: 'port', group: namespaceTitle(namespace), title: `port ${port}`,
    lines: [
      `gateway ${name}`, ...isAssumed ? ['pods not in the input'] : [], ...isOwn ? ['of the proxy itself'] : [],
      ...listener === undefined ? [] : chainLines(listener),
    ],
    ...listener !== undefined ? faultOf(mesh.gateway(gateway), listener) : isOwn ? {} : { fault: `no listener: ${failure}` },
  }));
  listener?.filterChains.all.forEach(chain => draft.alias(chain, node));
  return { node, listener };
}

function chainLines({ filterChains: { all } }: Listener): string[] {
  return [...new Set(all.map(({ terminatesTls, clientCertificate, server, tcp }) => {
    const certificate = clientCertificate === 'none' ? '' : `, client certificate ${clientCertificate}`;
    return terminatesTls ? `terminates TLS${certificate}` : isTlsServer(server) ? 'passes TLS through' : tcp === undefined ? 'plaintext' : 'TCP';
  }))];
}

function faultOf(proxy: GatewayProxy, { filterChains: { all } }: Listener): { readonly fault?: string } {
  const missing = all.flatMap(({ server }) => proxy.credentials(server)).find(isUndelivered);
  return missing === undefined ? {} : { fault: `no Secret ${missing.name}: handshakes fail` };
}

function addChain(draft: Draft, mesh: Mesh, proxy: GatewayProxy, node: DraftNode, chain: FilterChain): void {
  const { serverNames, routeConfig, tcp, passesTo } = chain;
  const names: Label[] = serverNames.length === 0 ? [] : [{ text: `SNI ${listed(serverNames)}`, of: [chain] }];
  if (tcp !== undefined || passesTo !== undefined) {
    addClusters(draft, mesh, proxy, node, proxy.tcpClusters(chain), names[0] ?? { text: 'TCP', of: [chain] });
    return;
  }
  const hosts = routeConfig === undefined ? [] : proxy.routeConfig(routeConfig)?.virtualHosts ?? [];
  if (hosts.length === 0) {
    node.fault ??= 'no virtual host: 404';
  }
  for (const host of hosts) {
    draft.edge(node, addVirtualHost(draft, mesh, proxy, host, namespaceTitle(proxy.namespace)), names);
  }
}
