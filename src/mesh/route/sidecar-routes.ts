// Route tables of a sidecar for what its workload sends (Istio 1.30, pilot/pkg/networking/core/httproute.go and route/route.go:90-340).
import { Place } from '../objects/config';
import { HostIndex, isSubsetHost, isWildcard } from '../../base/host-index';
import { MESH } from '../../base/istio/names';
import { mayBeHttp } from '../../base/istio/protocol';
import { ClusterNames } from '../cluster-names';
import { RouteContext } from './route-actions';
import { Route, anyRoute, defaultRoute, hasRoutes, routesOf } from './routes';
import { Service } from '../objects/services';
import { OutboundPolicy } from '../objects/settings';
import { RouteConfig, VirtualHost, domainName } from './virtual-hosts';
import { VirtualService } from '../virtual-services';

/** What the tables of one client are made from. */
export interface SidecarRoutes {
  readonly namespace: string;
  readonly labels: RouteContext['labels'];
  /** The Services with the port that the client imports. */
  readonly services: readonly Service[];
  /** The VirtualServices of the sidecars that it imports, in order. */
  readonly virtualServices: readonly VirtualService[];
  readonly clusterDomain: string;
  readonly names: ClusterNames;
  /** The ExternalName Services that stand for the Service, as far as the client imports them. */
  aliasesOf(service: Service): readonly string[];
}

/** The route table for a port, without that of unknown hosts. For a sniffed port it holds one Service, for any authority. */
export function sidecarRouteConfig(port: number, from: SidecarRoutes, sniffed?: Service): RouteConfig {
  const byHost = new Map(from.services.map(service => [service.hostname.toLowerCase(), service]));
  const context: RouteContext = {
    gateway: MESH, port, hasTls: false, labels: from.labels, namespace: from.namespace, names: from.names,
    // Only Services with this port count, so a destination without port always has the port of the listener.
    lookup: host => portOnly(byHost.get(host), port),
  };
  const builder = new Builder(port, byHost, context, from);
  const hosts = builder.hosts();
  if (sniffed !== undefined) {
    const own = hosts.filter(({ domains }) => domains.includes(sniffed.hostname));
    return new RouteConfig(domainName(sniffed.hostname, port), own.map(host => new VirtualHost(host.name, ['*'], [], () => host.routes)));
  }
  return new RouteConfig(String(port), hosts);
}

class Builder {
  private readonly names = new Set<string>();
  private readonly domains = new Set<string>();
  /** Hosts that must not be taken by the short form of another (Istio 1.30, httproute.go dedupeDomains). */
  private readonly known = new Set<string>();
  private readonly matched = new Set<Service>();
  private index: HostIndex<Service> | undefined;

  public constructor(private readonly port: number, private readonly byHost: ReadonlyMap<string, Service>, private readonly context: RouteContext,
    private readonly from: SidecarRoutes) {}

  public hosts(): VirtualHost[] {
    const best = bestVirtualServices(this.from);
    const groups = this.from.virtualServices.filter(one => this.matters(one) && hasRoutes(one, this.context)).map(one => {
      const { hosts, services } = this.split(one, best);
      return { routes: () => routesOf(one, this.context), hosts, services, isUsed: services.length > 0 || this.port === 80 };
    }).filter(({ isUsed }) => isUsed);
    const rest = [...this.byHost.values()].filter(service => !this.matched.has(service) && service.resolution !== 'alias' && isHttp(service, this.port))
      .map(service => ({ routes: () => [this.defaultRoute(service)], hosts: [] as readonly string[], services: [service] }));
    [...groups, ...rest].forEach(({ services }) => services.forEach(({ hostname }) => this.known.add(hostname)));
    return [...groups, ...rest].flatMap(({ routes, hosts, services }) => {
      const shared = once(routes);
      return [...hosts.flatMap(host => this.hostOf(host.toLowerCase(), undefined, shared)),
        ...services.flatMap(service => this.hostOf(service.hostname.toLowerCase(), service, shared))];
    });
  }

  /** On another port than 80, a VirtualService counts only if it names a Service. */
  private matters({ hosts }: VirtualService): boolean {
    return this.port === 80 || hosts.some(host => this.byHost.has(host.toLowerCase()) || this.coveredBy(host.toLowerCase()).length > 0);
  }

  /** The hosts of a VirtualService that are no Services, and the Services that it is the best for. */
  private split(one: VirtualService, best: (service: Service) => VirtualService | undefined): { hosts: readonly string[]; services: readonly Service[] } {
    const hosts: string[] = [];
    const services: Service[] = [];
    for (const host of [...one.hosts].sort((a, b) => Number(isWildcard(a)) - Number(isWildcard(b)))) {
      const name = host.toLowerCase();
      const covered = this.coveredBy(name);
      const service = this.byHost.get(name);
      if (covered.length > 0) {
        services.push(...covered.filter(own => best(own) === one));
      } else if (service !== undefined) {
        services.push(service);
      } else {
        hosts.push(host);
      }
    }
    const usable = services.filter(service => isHttp(service, this.port));
    usable.forEach(service => this.matched.add(service));
    return { hosts, services: usable };
  }

  /** The Services that a wildcard covers. */
  private coveredBy(name: string): Service[] {
    if (!isWildcard(name)) {
      return [];
    }
    if (this.index === undefined) {
      this.index = new HostIndex<Service>();
      this.byHost.forEach((service, host) => this.index!.add(host, service));
    }
    return this.index.overlapping(name).map(([, service]) => service).filter(({ hostname }) => isSubsetHost(hostname.toLowerCase(), name));
  }

  private hostOf(hostname: string, service: Service | undefined, routes: () => readonly Route[]): VirtualHost[] {
    const name = domainName(hostname, this.port);
    if (this.names.has(name)) {
      return [];
    }
    this.names.add(name);
    const { namespace, clusterDomain } = this.from;
    const all = service === undefined ? [hostname] : [hostname, ...this.from.aliasesOf(service)];
    const short = service === undefined ? [] : all.flatMap(one => shortNames(one, namespace, clusterDomain));
    const names = [...all, ...short];
    // The names of single pods of a headless Service.
    const pods = service?.registry === 'kubernetes' && service.resolution === 'passthrough' ? names.map(one => `*.${one}`) : [];
    const wanted = [...names, ...pods, ...(service === undefined ? [] : service.addresses)];
    const domains = wanted.filter(domain => !this.domains.has(domain) && !(short.includes(domain) && this.known.has(domain)));
    domains.forEach(domain => this.domains.add(domain));
    return domains.length === 0 ? [] : [new VirtualHost(name, domains, [], routes)];
  }

  private defaultRoute(service: Service): Route {
    const place: Place = { manifest: service.manifest, pointer: service.pointer };
    return defaultRoute(place, { ...place, host: service.hostname, port: this.port, subset: '' }, this.context);
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** For each Service the VirtualService with the most specific host; of equal hosts the first (Istio 1.30, pilot/pkg/model/sidecar.go:971). */
function bestVirtualServices({ virtualServices }: SidecarRoutes): (service: Service) => VirtualService | undefined {
  const index = new HostIndex<VirtualService>();
  virtualServices.forEach(one => one.hosts.forEach(host => index.add(host, one)));
  return ({ hostname }) => index.mostSpecific(hostname)[0];
}

/** Other names that a Kubernetes Service answers to; the bare name only in its own namespace (Istio 1.30, httproute.go GenerateAltVirtualHosts). */
export function shortNames(hostname: string, namespace: string, clusterDomain: string): string[] {
  const names = [`${hostname}.`];
  const suffix = `.svc.${clusterDomain}`;
  if (hostname.endsWith(suffix)) {
    const base = hostname.slice(0, -suffix.length);
    const dot = base.indexOf('.');
    if (dot > 0) {
      names.push(...(base.slice(dot + 1) === namespace ? [base.slice(0, dot)] : []), `${base}.svc`, base);
    }
  }
  return names;
}

function isHttp({ ports }: Service, port: number): boolean {
  return ports.some(own => own.port === port && mayBeHttp(own.protocol));
}

function portOnly(service: Service | undefined, port: number): Service | undefined {
  return service && { ...service, ports: service.ports.filter(own => own.port === port && own.protocol !== 'udp') };
}

/** Unknown hosts: they pass through, or get 502 (Istio 1.30, httproute.go buildCatchAllVirtualHost). */
export function catchAll({ manifest, pointer }: Place, outboundPolicy: OutboundPolicy): VirtualHost {
  const name = outboundPolicy === 'ALLOW_ANY' ? 'allow_any' : 'block_all';
  const route = anyRoute({ manifest, pointer }, name, outboundPolicy === 'ALLOW_ANY' ? { is: 'passthrough' } : { is: 'response', status: 502, body: '' });
  return new VirtualHost(name, ['*'], [], () => [route]);
}
