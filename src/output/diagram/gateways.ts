// The stretch of the road in the gateways: ports with their filter chains, virtual hosts with their routes.
import { namespacedName } from '../../base/kubernetes-name';
import { compareText } from '../../base/order';
import type { FilterChain } from '../../mesh/filter-chains';
import { isTlsServer } from '../../mesh/objects/gateways';
import type { Listener } from '../../mesh/listeners';
import type { Mesh } from '../../mesh/mesh';
import type { GatewayProxy } from '../../mesh/proxies';
import { addClusters } from './destinations';
import type { Draft, DraftNode, Label } from './draft';
import { namespaceTitle, portOf } from './ports';
import { listed } from './short-text';
import { addVirtualHost } from './virtual-hosts';

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

function addChain(draft: Draft, mesh: Mesh, proxy: GatewayProxy, node: DraftNode, chain: FilterChain): void {
  const { serverNames, tcp, passesTo } = chain;
  const names: Label[] = serverNames.length === 0 ? [] : [{ text: `SNI ${listed(serverNames)}`, of: [chain] }];
  if (tcp !== undefined || passesTo !== undefined) {
    addClusters(draft, mesh, proxy, node, proxy.tcpClusters(chain), names[0] ?? { text: 'TCP', of: [chain] });
    return;
  }
  const hosts = proxy.virtualHosts(chain);
  if (hosts.length === 0) {
    node.fault ??= 'no virtual host: 404';
  }
  for (const host of hosts) {
    draft.edge(node, addVirtualHost(draft, mesh, proxy, host, namespaceTitle(proxy.namespace)), names);
  }
}
