// Requests: what a client sends, and how a proxy sees it.
import type { GatewayProxy } from '../mesh/proxies';
import type { Peer } from './policies/authorization';
import type { Token } from './policies/jwt';

export type { Token };

/** Where a request enters the mesh. */
export type Entry = { readonly gateway?: string } | { readonly namespace: string; readonly workload: string };

/** A request as a client sends it to a gateway, or as a workload sends it into the mesh. */
export interface MeshRequest {
  /** A gateway, by `namespace/name` of its workload where there are several; or the workload that sends. */
  readonly entry: Entry;
  readonly scheme: 'http' | 'https';
  /** Port that the client dials: a port of the gateway's Service, or of the Service that the workload calls. */
  readonly port: number;
  /** Port of the gateway's pods where a load balancer dials them by a Service of its own. @default - the one that the gateway's Services lead the port to */
  readonly podPort?: number;
  /** Server name in the TLS handshake; empty for none. */
  readonly serverName: string;
  readonly method: string;
  /** The `Host` header. */
  readonly authority: string;
  /** Host that the client dials, which its resolver looks up. @default - that of the header */
  readonly dialed?: string;
  /** Path with query, as written. */
  readonly target: string;
  /** Names in any letter case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly version: string;
  /** Address that the connection comes from; unknown when absent. */
  readonly from?: string;
  /** What connects in place of the client, whose address it hides, such as `the Network Load Balancer`. */
  readonly hiddenBehind?: string;
  /** A token that is sent as `Authorization: Bearer`. */
  readonly token?: Token;
  /** Whether the client shows a certificate that the proxy accepts. @default false */
  readonly hasCertificate?: boolean;
  /** The identity in the certificate, where it is one of the mesh. */
  readonly peer?: Peer;
  /** How many gateways have sent it on to the next. @default 0 */
  readonly passed?: number;
}

/** What is sent, apart from where it enters the mesh. */
export type SentRequest = Omit<MeshRequest, 'entry'>;

/** Stands for a client's address in `x-forwarded-for` where the request does not give it. */
export const UNKNOWN_ADDRESS = 'unknown';

/** Where headers come from: they are made when something reads them, because few requests meet anything that does. */
export interface HeaderSource {
  /** By name in lowercase. */
  readonly headers: ReadonlyMap<string, string>;
}

/** A request inside a proxy. */
export class SeenRequest {
  private known: ReadonlyMap<string, string> | undefined;

  /**
   * @param path normalized, without query
   * @param query with `?`; empty for none
   * @param source read once, where a condition or a policy reads a header
   * @param token the token that is forwarded
   * @param claims of a validated token
   * @param written path and query as they were written, if they are that
   */
  public constructor(public readonly method: string, public readonly scheme: string, public readonly authority: string, public readonly path: string,
    public readonly query: string, private readonly source: HeaderSource, public readonly token?: Token,
    public readonly claims?: Token['claims'], private readonly written?: string) {}

  /** Path with query. */
  public get target(): string {
    return this.written ?? this.path + this.query;
  }

  /** Whether path and query are as they were written: then normalizing leaves them as they are. */
  public get isWritten(): boolean {
    return this.written !== undefined;
  }

  /** Whether anything has read a header. */
  public get hasReadHeaders(): boolean {
    return this.known !== undefined;
  }

  /** By name in lowercase. */
  public get headers(): ReadonlyMap<string, string> {
    this.known ??= this.source.headers;
    return this.known;
  }

  /** The request once its token is validated. @param params those that are removed because the token is not forwarded */
  public authenticated(
    claims: Token['claims'], forwardsToken: boolean, params: readonly string[], source: HeaderSource,
  ): SeenRequest {
    const query = withoutParams(this.query, params);
    return new SeenRequest(this.method, this.scheme, this.authority, this.path, query, source, forwardsToken ? this.token : undefined, claims);
  }

  /** The request with other headers. */
  public withHeaders(source: HeaderSource): SeenRequest {
    return new SeenRequest(this.method, this.scheme, this.authority, this.path, this.query, source, this.token, this.claims, this.written);
  }
}

function withoutParams(query: string, names: readonly string[]): string {
  const kept = query.slice(1).split('&').filter(param => !names.includes(param.split('=', 1)[0]));
  return names.length === 0 || query === '' ? query : kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** The port of a gateway's pods that a request is sent to. */
export function podPortOf({ merged }: Pick<GatewayProxy, 'merged'>, { port, podPort }: Pick<MeshRequest, 'port' | 'podPort'>): number {
  return podPort ?? merged.listenerPort(port);
}

/** A header of a request, whatever the letter case of its name. */
export function headerOf({ headers }: Pick<MeshRequest, 'headers'>, name: string): string | undefined {
  return headers[name] ?? Object.entries(headers).find(([own]) => own.toLowerCase() === name)?.[1];
}

/** Methods that Envoy's HTTP/1 parser knows (Envoy 1.40, source/common/http/http1/balsa_parser.cc). */
const METHODS = new Set(('ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE MSEARCH NOTIFY OPTIONS PATCH '
  + 'POST PROPFIND PROPPATCH PURGE PUT REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE').split(' '));

/** Why the HTTP codec answers a request before any route is searched. */
export interface CodecRefusal {
  readonly status: 400 | 426;
  readonly reason: 'codec-error' | 'low-version';
}

/** What the codecs refuse: a target that is no path, and of HTTP/1 an unknown method and HTTP/1.0. */
export function codecRefusal({ method, target, version }: Pick<MeshRequest, 'method' | 'target' | 'version'>): CodecRefusal | undefined {
  if ((version !== 'HTTP/2' && !METHODS.has(method)) || !(target.startsWith('/') || /^(\*$|https?:\/\/)/.test(target))) {
    return { status: 400, reason: 'codec-error' };
  }
  return version === 'HTTP/1.0' ? { status: 426, reason: 'low-version' } : undefined;
}
