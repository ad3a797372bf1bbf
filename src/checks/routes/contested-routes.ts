// Routes of a gateway whose requests another VirtualService of the same host matches, too.
import { EarlierMatches } from '../../base/earlier-matches';
import { namespacedName } from '../../base/kubernetes-name';
import { MESH } from '../../base/istio/names';
import type { Mesh } from '../../mesh/mesh';
import type { GatewayProxy } from '../../mesh/proxies';
import type { Route } from '../../mesh/route/routes';
import type { VirtualHost } from '../../mesh/route/virtual-hosts';
import type { VirtualService } from '../../mesh/virtual-services';
import { doSame } from './unreachable-routes';

/** A route, and one of another VirtualService that matches all of its requests. */
export interface ContestedRoute {
  readonly route: Route;
  readonly rival: Route;
  /** `namespace/name` of the other VirtualService. */
  readonly by: string;
  readonly host: string;
  /** Whether the rival comes first whatever the ages are that the input does not tell. */
  readonly isCertain: boolean;
}

/** The contested routes of all gateways, except those whose requests get the same from both. */
export function contestedRoutes(mesh: Mesh): ContestedRoute[] {
  return !mayMeet(mesh.virtualServices.all) ? [] : mesh.gatewayWorkloads().map(workload => mesh.gateway(workload)).flatMap(proxy => proxy.allRouteConfigs()
    .flatMap(({ virtualHosts }) => virtualHosts.filter(host => !host.hasOneSource).flatMap(host => contestedIn(host, proxy, mesh))));
}

/** Whether a gateway may merge VirtualServices: two have one host, or one has a pattern. Otherwise no route table need be made. */
function mayMeet(virtualServices: readonly VirtualService[]): boolean {
  const hosts = virtualServices.filter(({ gateways }) => gateways.some(gateway => gateway !== MESH)).flatMap(own => own.hosts.map(host => host.toLowerCase()));
  return hosts.length > new Set(hosts).size || hosts.some(host => host.startsWith('*'));
}

function contestedIn({ routes, domains: [host] }: VirtualHost, { namespace }: GatewayProxy, { virtualServices }: Mesh): ContestedRoute[] {
  const all = new EarlierMatches<Route>();
  const ranks = new Map(routes.map((route, rank) => [route, rank]));
  routes.forEach(route => all.add(route.match, route));
  return routes.flatMap((route, rank): ContestedRoute[] => {
    const isCertain = (other: Route) => virtualServices.isOrderKnown(other.virtualService!, route.virtualService!, namespace);
    // Routes that match everything go behind the others, whatever their VirtualService.
    const isRival = (other: Route) => other.catchesAll === route.catchesAll && other.virtualService !== route.virtualService
      && areAtOneGateway(other.virtualService!, route.virtualService!) && (!isCertain(other) || ranks.get(other)! < rank);
    const found = route.virtualService && all.covering(route.match, other => other.virtualService !== undefined && isRival(other));
    return found === undefined || doSame(found.item.http!, route.http!) ? []
      : [{ route, rival: found.item, by: namespacedName(found.item.virtualService!.config), host, isCertain: isCertain(found.item) }];
  });
}

/** Otherwise the Gateways decide the order. */
function areAtOneGateway({ gateways }: VirtualService, other: VirtualService): boolean {
  return gateways.some(gateway => gateway !== MESH && other.gateways.includes(gateway));
}
