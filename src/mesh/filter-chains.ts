// Filter chains: what a listener does with a connection, chosen by server name.
import { ClusterName, serverNameOf } from './cluster-names';
import { Server, isHttpServer, routeConfigOf, splitServerHost, terminates } from './objects/gateways';
import { TcpRoute } from './route/tcp-routes';

/** One filter chain of a gateway's listener. */
export interface FilterChain {
  /** Position in the listener. */
  readonly index: number;
  /** Server names that it accepts; empty for all connections that no other chain claims. */
  readonly serverNames: readonly string[];
  readonly server: Server;
  /** Whether the proxy decrypts TLS. */
  readonly terminatesTls: boolean;
  /** Whether the client must present a certificate. */
  readonly clientCertificate: 'none' | 'optional' | 'required';
  /** Route table of an HTTP chain. */
  readonly routeConfig?: string;
  /** Where a TCP chain leads. */
  readonly tcp?: TcpRoute;
  /** The cluster of a chain of AUTO_PASSTHROUGH. Only proxies of the mesh find the chain: its condition includes the ALPN of their mTLS. */
  readonly passesTo?: ClusterName;
}

/** How a connection enters: in plaintext, or with TLS and maybe a server name. */
export type Transport = { readonly tls: false } | { readonly tls: true; readonly serverName: string };

/** Server names of a server's chain. With `*` among them the chain has no condition (Istio 1.30, pilot/pkg/networking/core/listener.go:1240). */
export function serverNamesOf(server: Server): string[] {
  const names = [...new Set(server.hosts.map(host => splitServerHost(host)[1]))].sort();
  return names.includes('*') ? [] : names;
}

/** The chain of an HTTP server. */
export function httpChain(server: Server, listenerPort: number, index: number): FilterChain {
  const secure = isHttpServer(server) && server.protocol === 'https';
  return {
    index, server, serverNames: secure ? serverNamesOf(server) : [], terminatesTls: secure, clientCertificate: secure ? certificateOf(server) : 'none',
    routeConfig: routeConfigOf(server, listenerPort),
  };
}

/** A chain that leads to one TCP route. */
export function tcpChain(server: Server, tcp: TcpRoute, serverNames: readonly string[], index: number): FilterChain {
  const secure = terminates(server);
  const names = serverNames.includes('*') ? [] : serverNames;
  return { index, server, tcp, serverNames: names, terminatesTls: secure, clientCertificate: secure ? certificateOf(server) : 'none' };
}

/** A chain that passes the mesh's mTLS to one cluster. */
export function passingChain(server: Server, passesTo: ClusterName, index: number): FilterChain {
  return { index, server, passesTo, serverNames: [serverNameOf(passesTo)], terminatesTls: false, clientCertificate: 'none' };
}

function certificateOf({ tls }: Server): FilterChain['clientCertificate'] {
  return tls?.mode === 'MUTUAL' || tls?.mode === 'ISTIO_MUTUAL' ? 'required' : tls?.mode === 'OPTIONAL_MUTUAL' ? 'optional' : 'none';
}

/** Filter chains of one listener, found by server name. */
export class FilterChains {
  private readonly byName = new Map<string, FilterChain>();
  private readonly other: FilterChain | undefined;

  public constructor(public readonly all: readonly FilterChain[]) {
    all.forEach(chain => chain.serverNames.forEach(name => {
      const key = name.toLowerCase();
      this.byName.set(key, this.byName.get(key) ?? chain);
    }));
    this.other = all.find(({ serverNames }) => serverNames.length === 0);
  }

  /**
   * The chain for a connection: its exact server name, else the longest wildcard, else the chain without names. Plaintext has no server
   * name (Envoy 1.40; Istio 1.30, pilot/pkg/simulation/traffic.go:533-546). A client outside of the mesh gets none of AUTO_PASSTHROUGH.
   */
  public select(transport: Transport): FilterChain | undefined {
    const name = transport.tls ? transport.serverName.toLowerCase() : '';
    let found = name === '' ? undefined : this.byName.get(name);
    for (let dot = name.indexOf('.'); found === undefined && dot !== -1; dot = name.indexOf('.', dot + 1)) {
      found = this.byName.get(`*${name.slice(dot)}`);
    }
    return found?.passesTo === undefined ? found ?? this.other : undefined;
  }
}
