// Forwards: where the routes of the gateways send requests.
import { once } from '../../base/once';
import type { Cluster } from '../../mesh/clusters';
import type { Mesh } from '../../mesh/mesh';
import type { GatewayProxy } from '../../mesh/proxies';
import type { Route } from '../../mesh/route/routes';

/** A destination of a route of a gateway. */
export interface Forward {
  readonly proxy: GatewayProxy;
  /** The name of the route table. */
  readonly table: string;
  readonly route: Route;
  readonly cluster: Cluster;
}

const KNOWN = new WeakMap<Mesh, readonly Forward[]>();

/** All destinations that the gateways have, of HTTP routes. */
export function forwardsOf(mesh: Mesh): readonly Forward[] {
  return once(KNOWN, mesh, () => mesh.gatewayWorkloads().map(workload => mesh.gateway(workload)).flatMap(proxy => (
    proxy.allRouteConfigs().flatMap(({ name, virtualHosts }) => virtualHosts.flatMap(({ routes }) => routes.flatMap(route => (
      clustersOf(proxy, route).map(cluster => ({ proxy, table: name, route, cluster })))))))));
}

function clustersOf(proxy: GatewayProxy, { action }: Route): Cluster[] {
  const found = action.is !== 'forward' ? [] : action.clusters.map(({ cluster }) => proxy.cluster(cluster));
  return found.filter((cluster): cluster is Cluster => !('missing' in cluster));
}
