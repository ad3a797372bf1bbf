// Virtual hosts: the domains of a route table, each with its routes in order, found by the authority of a request.
import { Place } from '../objects/config';
import { compareSpecificity } from '../../base/host-index';
import { RoutePaths } from './route-paths';
import { Route } from './routes';

/** One virtual host. */
export class VirtualHost {
  private made: readonly Route[] | undefined;
  private madePaths: RoutePaths | undefined;
  private oneSource: boolean | undefined;
  /** Whether plaintext requests are redirected to https before any route. */
  public readonly requiresTls: boolean;

  /**
   * @param name as Envoy shows it: the first host and the declared port
   * @param redirects the servers with `httpsRedirect` that require TLS
   * @param makeRoutes called once, when the routes are first needed
   */
  public constructor(public readonly name: string, public readonly domains: readonly string[], public readonly redirects: readonly Place[],
    private readonly makeRoutes: () => readonly Route[]) {
    this.requiresTls = redirects.length > 0;
  }

  /** In the order in which they are compared. */
  public get routes(): readonly Route[] {
    this.made ??= this.makeRoutes();
    return this.made;
  }

  /** The routes by their paths. */
  public get paths(): RoutePaths {
    this.madePaths ??= new RoutePaths(this.routes);
    return this.madePaths;
  }

  /** Whether all routes are from one VirtualService, so that no age decides. */
  public get hasOneSource(): boolean {
    this.oneSource ??= this.routes.every(({ virtualService }) => virtualService === this.routes[0].virtualService);
    return this.oneSource;
  }
}

/** A route table. */
export class RouteConfig {
  private readonly byDomain = new Map<string, VirtualHost>();
  private readonly wildcards = new Map<string, VirtualHost>();
  private readonly lengths: readonly number[];

  public constructor(public readonly name: string, private readonly own: readonly VirtualHost[]) {
    for (const host of own) {
      for (const domain of host.domains) {
        const [map, key] = domain.startsWith('*') ? [this.wildcards, domain.slice(1)] : [this.byDomain, domain];
        const own = ownText(key.toLowerCase());
        map.set(own, map.get(own) ?? host);
      }
    }
    this.lengths = [...new Set([...this.wildcards.keys()].map(({ length }) => length))].sort((a, b) => b - a);
  }

  /** In order. */
  public get virtualHosts(): readonly VirtualHost[] {
    return this.own;
  }

  /** The same table with a virtual host for what none of its own has. */
  public with(last: VirtualHost): RouteConfig {
    return new ExtendedRouteConfig(this, last);
  }

  /** The virtual host of an authority: its name, else the longest wildcard, which stands for one character at least, else `*`. Ports are ignored. */
  public find(authority: string): VirtualHost | undefined {
    const written = withoutPort(authority);
    return this.byDomain.get(written) ?? this.search(written.toLowerCase());
  }

  /** Nearly all authorities are in lowercase, and a domain of their own. */
  private search(host: string): VirtualHost | undefined {
    const found = this.byDomain.get(host);
    if (found) {
      return found;
    }
    for (const length of this.lengths) {
      const wild = length < host.length || length === 0 ? this.wildcards.get(host.slice(host.length - length)) : undefined;
      if (wild) {
        return wild;
      }
    }
    return undefined;
  }
}

/** A table that shares all virtual hosts but the last with others. */
class ExtendedRouteConfig extends RouteConfig {
  public constructor(private readonly shared: RouteConfig, private readonly last: VirtualHost) {
    super(shared.name, []);
  }

  public override get virtualHosts(): readonly VirtualHost[] {
    return [...this.shared.virtualHosts, this.last];
  }

  public override find(authority: string): VirtualHost | undefined {
    return this.shared.find(authority) ?? this.last;
  }
}

/**
 * A copy of a text. V8 keeps a text that was cut out of a file as a reference into the file: to compare it reads three places in memory, on a slow path. Among
 * ten thousand hosts that is half of the time of a look-up.
 */
function ownText(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

/** Sorts domains as istiod chooses the one that names several (Istio 1.30, pilot/pkg/networking/core/gateway.go collapseDuplicateRoutes). */
export function sortedDomains(domains: Iterable<string>): string[] {
  return [...domains].sort(compareSpecificity);
}

/** The authority without the port that a client wrote; an IPv6 address keeps its brackets. */
export function withoutPort(authority: string): string {
  return authority.includes(':') ? authority.replace(/:\d*$/, '') : authority;
}

/** `host:port`, as Go's JoinHostPort writes it. */
export function domainName(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
