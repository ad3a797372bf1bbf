// Route tables of a gateway: which VirtualServices meet which server (Istio 1.30, pilot/pkg/networking/core/gateway.go:398-571).
import { Place } from '../objects/config';
import { Server, splitServerHost } from '../objects/gateways';
import { RouteContext } from './route-actions';
import { hasRoutes, routesOf, sortCatchAlls } from './routes';
import { RouteConfig, VirtualHost, domainName, sortedDomains } from './virtual-hosts';
import { BoundVirtualServices, VirtualService } from '../virtual-services';

/** A VirtualService as one Gateway's first server evaluates it. */
interface Contribution {
  readonly id: number;
  readonly virtualService: VirtualService;
  readonly context: RouteContext;
  readonly isEmpty: boolean;
}

interface Host {
  readonly port: number;
  readonly contributions: Contribution[];
  readonly redirects: Place[];
}

/** What the route table is made from. */
export interface GatewayRoutes {
  boundTo(gateway: string): BoundVirtualServices;
  contextFor(server: Server): RouteContext;
}

/** The route table that the servers share. */
export function gatewayRouteConfig(name: string, servers: readonly Server[], from: GatewayRoutes): RouteConfig {
  const hosts = new Map<string, Host>();
  const contributions = new Map<VirtualService, Map<string, Contribution>>();
  let ids = 0;
  const contributionOf = (virtualService: VirtualService, server: Server): Contribution => {
    const own = contributions.get(virtualService) ?? new Map<string, Contribution>();
    contributions.set(virtualService, own);
    const known = own.get(server.gateway);
    if (known && !known.isEmpty) {
      return known;
    }
    const context = from.contextFor(server);
    const made = { id: ids++, virtualService, context, isEmpty: !hasRoutes(virtualService, context) };
    own.set(server.gateway, made);
    return made;
  };
  const hostAt = (domain: string, port: number): Host => {
    const host = hosts.get(domain) ?? { port, contributions: [], redirects: [] };
    hosts.set(domain, host);
    return host;
  };
  for (const server of servers) {
    for (const [domain, virtualService] of meetings(server, from.boundTo(server.gateway))) {
      const contribution = contributionOf(virtualService, server);
      if (!contribution.isEmpty) {
        const host = hostAt(domain.toLowerCase(), server.port);
        host.contributions.push(contribution);
        if (server.tls?.httpsRedirect) {
          host.redirects.push(server);
        }
      }
    }
    if (server.tls?.httpsRedirect) {
      server.hosts.forEach(host => hostAt(host.toLowerCase(), server.port).redirects.push(server));
    }
  }
  return new RouteConfig(name, hosts.size === 0 ? [blackhole(servers[0])] : collapsed(hosts));
}

/** The hosts that a server and VirtualServices share, in the order of the VirtualServices. */
export function meetings(server: Server, bound: BoundVirtualServices): [domain: string, VirtualService][] {
  const found: { readonly domain: string; readonly one: VirtualService; readonly rank: number }[] = [];
  for (const [namespace, host] of server.hosts.map(splitServerHost)) {
    for (const [domain, [one, rank]] of bound.byHost.overlapping(host)) {
      if (namespace === '*' || namespace === one.config.namespace) {
        found.push({ domain, one, rank });
      }
    }
  }
  const meeting: [string, VirtualService][] = [];
  let last = -1;
  let seen = new Set<string>();
  for (const { domain, one, rank } of found.sort((a, b) => a.rank - b.rank)) {
    [last, seen] = rank === last ? [last, seen] : [rank, new Set<string>()];
    if (!seen.has(domain)) {
      seen.add(domain);
      meeting.push([domain, one]);
    }
  }
  return meeting;
}

/** Hosts with the same routes become one virtual host, named after the first. */
function collapsed(hosts: ReadonlyMap<string, Host>): VirtualHost[] {
  const groups = new Map<string, { readonly host: Host; readonly domains: string[] }>();
  for (const domain of sortedDomains(hosts.keys())) {
    const host = hosts.get(domain)!;
    const key = `${host.redirects.length > 0} ${host.contributions.map(({ id }) => id).join()}`;
    const group = groups.get(key) ?? { host, domains: [] };
    groups.set(key, group);
    group.domains.push(domain);
  }
  return [...groups.values()].map(({ host: { port, redirects, contributions }, domains }) => (
    new VirtualHost(domainName(domains[0], port), domains, redirects, () => (
      sortCatchAlls(contributions.flatMap(({ virtualService, context }) => routesOf(virtualService, context)))))));
}

function blackhole(server: Server): VirtualHost {
  return new VirtualHost(domainName('blackhole', server.port), ['*'], [], () => []);
}
