// VirtualServices that name Gateways and that no gateway uses, with the reason: a common mistake, about which Istio says nothing.
import { hostsOverlap } from '../base/host-index';
import { MESH } from '../base/istio/names';
import { type Server, splitServerHost } from './objects/gateways';
import type { Mesh } from './mesh';
import type { GatewayProxy } from './proxies';
import type { VirtualService } from './virtual-services';

/** Why a gateway does not use a VirtualService: the step at which it fails, the earliest first. */
export enum UnusedReason {
  /** The input has no such Gateway. */
  NO_GATEWAY = 'no-gateway',
  /** All servers of the Gateway are skipped. */
  NO_SERVER = 'no-server',
  /** `exportTo` keeps it from the namespace of the gateway's pods. */
  NOT_EXPORTED = 'not-exported',
  /** No server of the Gateway has a host of it, or its namespace is not one from which the server takes the host. */
  NO_COMMON_HOST = 'no-common-host',
  /** It has no route of the kind that the servers need, or for their ports. */
  NO_ROUTE = 'no-route',
}

/** A VirtualService that no gateway uses. */
export interface UnusedVirtualService {
  readonly virtualService: VirtualService;
  readonly reason: UnusedReason;
  /** The Gateway that comes closest to using it, as `namespace/name`. */
  readonly gateway: string;
}

const STEPS = Object.values(UnusedReason);

/** The VirtualServices that name Gateways, but of which no gateway has a route. */
export function unusedVirtualServices(mesh: Mesh): UnusedVirtualService[] {
  const proxies = mesh.gatewayWorkloads().map(workload => mesh.gateway(workload));
  const used = new Set(proxies.flatMap(usedBy));
  const served = servedBy(proxies);
  const skipped = new Set(proxies.flatMap(({ merged }) => merged.skipped.map(({ server }) => server.gateway)));
  const visible = new Map<string, ReadonlySet<VirtualService>>();
  const isVisible = (one: VirtualService, gateway: string, namespace: string): boolean => {
    const key = `${namespace} ${gateway}`;
    const known = visible.get(key) ?? new Set(mesh.virtualServices.boundTo(gateway, namespace).inOrder);
    visible.set(key, known);
    return known.has(one);
  };
  return mesh.virtualServices.all.filter(({ config }) => !used.has(config.manifest)).flatMap(virtualService => {
    const ways = virtualService.gateways.filter(gateway => gateway !== MESH).map((gateway): UnusedVirtualService => {
      const places = served.get(gateway) ?? [];
      const seen = places.filter(({ namespace }) => isVisible(virtualService, gateway, namespace));
      const met = seen.some(({ servers }) => servers.some(server => meets(server, virtualService)));
      const reason = places.length === 0 ? skipped.has(gateway) ? UnusedReason.NO_SERVER : UnusedReason.NO_GATEWAY
        : seen.length === 0 ? UnusedReason.NOT_EXPORTED : met ? UnusedReason.NO_ROUTE : UnusedReason.NO_COMMON_HOST;
      return { virtualService, reason, gateway };
    });
    return ways.sort((a, b) => STEPS.indexOf(b.reason) - STEPS.indexOf(a.reason)).slice(0, 1);
  });
}

/** The objects from which the gateway has routes. */
function usedBy(proxy: GatewayProxy): object[] {
  const routes = proxy.allRouteConfigs().flatMap(({ virtualHosts }) => virtualHosts.flatMap(host => host.routes));
  const chains = proxy.allListeners().flatMap(({ filterChains }) => filterChains.all);
  return [...routes.map(({ virtualService }) => virtualService?.config.manifest), ...chains.map(({ tcp }) => tcp?.manifest)].filter(own => own !== undefined);
}

/** The servers of each Gateway, with the namespaces of the pods that have them. */
function servedBy(proxies: readonly GatewayProxy[]): ReadonlyMap<string, readonly { readonly namespace: string; readonly servers: readonly Server[] }[]> {
  const served = new Map<string, { namespace: string; servers: Server[] }[]>();
  for (const { namespace, merged } of proxies) {
    for (const server of merged.ports.flatMap(({ servers }) => servers)) {
      const places = served.get(server.gateway) ?? [];
      served.set(server.gateway, places);
      const place = places.find(own => own.namespace === namespace);
      if (place === undefined) {
        places.push({ namespace, servers: [server] });
      } else {
        place.servers.push(server);
      }
    }
  }
  return served;
}

function meets({ hosts }: Server, { hosts: own, config }: VirtualService): boolean {
  return hosts.map(splitServerHost).some(([namespace, host]) => (namespace === '*' || namespace === config.namespace)
    && own.some(name => hostsOverlap(name, host)));
}
