// Forwards: where the routes of the gateways and of the sidecars send requests.
import { once } from '../../base/once';
import { Kind } from '../../manifests/kind';
import type { Manifest } from '../../manifests/manifest';
import type { Cluster } from '../../mesh/clusters';
import type { Mesh } from '../../mesh/mesh';
import type { GatewayProxy, SidecarProxy } from '../../mesh/proxies';
import type { Route } from '../../mesh/route/routes';
import type { RouteConfig } from '../../mesh/route/virtual-hosts';

/** A destination of a route of a gateway, or of another proxy. */
export interface Forward<Proxy extends GatewayProxy | SidecarProxy = GatewayProxy> {
  readonly proxy: Proxy;
  /** The name of the route table. */
  readonly table: string;
  readonly route: Route;
  readonly cluster: Cluster;
}

const KNOWN = new WeakMap<Mesh, readonly Forward[]>();

/** All destinations that the gateways have, of HTTP routes. */
export function forwardsOf(mesh: Mesh): readonly Forward[] {
  return once(KNOWN, mesh, () => mesh.gatewayWorkloads().map(workload => mesh.gateway(workload)).flatMap(proxy => forwardsIn(proxy, proxy.allRouteConfigs())));
}

/** The same of the sidecar of a client of which only the namespace is known. @param manifest an object of the namespace */
export function sidecarForwards(mesh: Mesh, namespace: string, manifest: Manifest): Forward<SidecarProxy>[] {
  const proxy = mesh.sidecar({
    manifest, pointer: '', kind: Kind.POD, namespace, name: '', labels: new Map(), annotations: new Map(), serviceAccount: 'default', replicas: 1,
    proxy: 'sidecar', portsByName: new Map(), isAssumed: true,
  });
  return forwardsIn(proxy, proxy.outboundListeners().map(({ routeConfig }) => routeConfig).filter(table => table !== undefined));
}

function forwardsIn<Proxy extends GatewayProxy | SidecarProxy>(proxy: Proxy, tables: readonly RouteConfig[]): Forward<Proxy>[] {
  return tables.flatMap(({ name, virtualHosts }) => virtualHosts.flatMap(({ routes }) => routes.flatMap(route => (
    clustersOf(proxy, route).map(cluster => ({ proxy, table: name, route, cluster }))))));
}

function clustersOf(proxy: GatewayProxy | SidecarProxy, { action }: Route): Cluster[] {
  const found = action.is !== 'forward' ? [] : action.clusters.map(({ cluster }) => proxy.cluster(cluster));
  return found.filter((cluster): cluster is Cluster => !('missing' in cluster));
}
