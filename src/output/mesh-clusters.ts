// The clusters that the listeners and routes of a proxy lead to, each once, in the order in which they are first named.
import { ClusterName, showCluster } from '../mesh/cluster-names';
import { Cluster, NoCluster } from '../mesh/clusters';
import { OutboundListener } from '../mesh/outbound-listeners';
import { GatewayProxy, SidecarProxy } from '../mesh/proxies';
import { RouteConfig } from '../mesh/route/virtual-hosts';

/** A cluster, or why the proxy lacks it. */
export interface ReachedCluster {
  readonly name: ClusterName;
  readonly cluster: Cluster | NoCluster;
}

/** The clusters of a gateway that its listeners and routes name. */
export function clustersOfGateway(proxy: GatewayProxy): ReachedCluster[] {
  const chains = proxy.allListeners().flatMap(({ filterChains }) => filterChains.all);
  return reached([...chains.flatMap(chain => proxy.tcpClusters(chain)).map(({ cluster }) => cluster), ...proxy.allRouteConfigs().flatMap(namesIn)], proxy);
}

/** The clusters of a sidecar that its listeners and routes name. */
export function clustersOfSidecar(proxy: SidecarProxy): ReachedCluster[] {
  const namesOf = ({ routeConfig, chains }: OutboundListener) => (
    [...routeConfig === undefined ? [] : namesIn(routeConfig), ...chains.flatMap(({ clusters }) => clusters.map(({ cluster }) => cluster))]);
  return reached(proxy.outboundListeners().flatMap(namesOf), proxy);
}

function namesIn({ virtualHosts }: RouteConfig): ClusterName[] {
  return virtualHosts.flatMap(({ routes }) => routes.flatMap(({ action }) => (
    action.is === 'forward' ? [...action.clusters, ...action.mirrors].map(({ cluster }) => cluster) : [])));
}

function reached(names: readonly ClusterName[], proxy: GatewayProxy | SidecarProxy): ReachedCluster[] {
  const found = new Map<string, ReachedCluster>();
  for (const name of names) {
    const key = showCluster(name);
    if (!found.has(key)) {
      found.set(key, { name, cluster: proxy.cluster(name) });
    }
  }
  return [...found.values()];
}
