// Virtual hosts: the domains of a route table, each with its routes in order, found by the authority of a request.
import { Place } from '../config';
import { compareSpecificity } from '../../base/host-index';
import { Route } from './routes';

/** One virtual host. Routes are made when they are first needed. */
export interface VirtualHost {
  /** As Envoy shows it: the first host and the declared port. */
  readonly name: string;
  readonly domains: readonly string[];
  /** Whether plaintext requests are redirected to https before any route. */
  readonly requiresTls: boolean;
  readonly routes: readonly Route[];
  /** The servers with `httpsRedirect` that require TLS. */
  readonly redirects: readonly Place[];
}

/** A route table. */
export class RouteConfig {
  private readonly byDomain = new Map<string, VirtualHost>();
  private readonly wildcards = new Map<string, VirtualHost>();
  private readonly lengths: readonly number[];

  public constructor(public readonly name: string, public readonly virtualHosts: readonly VirtualHost[]) {
    for (const host of virtualHosts) {
      for (const domain of host.domains) {
        const [map, key] = domain.startsWith('*') ? [this.wildcards, domain.slice(1)] : [this.byDomain, domain];
        map.set(key.toLowerCase(), map.get(key.toLowerCase()) ?? host);
      }
    }
    this.lengths = [...new Set([...this.wildcards.keys()].map(({ length }) => length))].sort((a, b) => b - a);
  }

  /** The virtual host of an authority: its name, else the longest wildcard, which stands for one character at least, else `*`. Ports are ignored. */
  public find(authority: string): VirtualHost | undefined {
    const host = withoutPort(authority).toLowerCase();
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

/** Sorts domains as istiod chooses the one that names several (Istio 1.30, pilot/pkg/networking/core/gateway.go collapseDuplicateRoutes). */
export function sortedDomains(domains: Iterable<string>): string[] {
  return [...domains].sort(compareSpecificity);
}

/** The authority without the port that a client wrote; an IPv6 address keeps its brackets. */
export function withoutPort(authority: string): string {
  return authority.replace(/:\d*$/, '');
}

/** `host:port`, as Go's JoinHostPort writes it. */
export function domainName(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
