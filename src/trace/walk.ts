// The walk of one request through the proxy that it enters: listener, filter chain, virtual host, route, and where that leads.
import { Cluster, NoCluster, isDialed } from '../mesh/clusters';
import { ClusterName } from '../mesh/cluster-names';
import { isUndelivered } from '../mesh/credentials';
import { isPrecedenceKnown } from '../mesh/config';
import { FilterChain } from '../mesh/filter-chains';
import { Mesh } from '../mesh/mesh';
import { GatewayProxy } from '../mesh/proxies';
import { WeightedCluster } from '../mesh/route/route-actions';
import { Route } from '../mesh/route/routes';
import { RouteConfig, VirtualHost } from '../mesh/route/virtual-hosts';
import { portAt } from '../mesh/services';
import { Unmodelled } from '../mesh/unmodelled';
import { Workload } from '../mesh/workloads';
import { AuthorizationPolicy } from '../mesh/security/authorization';
import { Admission, admit, admitConnection } from './admission';
import { End, Refusal } from './ends';
import { corsOutcome, forwarded, locationOf, responseHeaders } from './forwarding';
import { normalizePath, splitTarget } from './path';
import { MeshRequest, SeenRequest, codecRefusal } from './request';
import { matchesRoute } from './route-match';

/** What decided, in order. What is absent was not reached. */
export interface Walk {
  readonly proxy?: Workload;
  readonly listener?: string;
  readonly filterChain?: number;
  readonly routeConfig?: string;
  readonly virtualHost?: VirtualHost;
  readonly route?: Route;
  readonly routeIndex?: number;
  /** Policies of the gateway that decide by what the request does not say; the walk goes on as if they let it pass. */
  readonly uncertain?: readonly AuthorizationPolicy[];
  /** What the gateway's policies made of the request. */
  readonly admission?: Pick<Admission, 'token' | 'decision'>;
  /** What may change the proxy in ways that the model does not know. */
  readonly unmodelled?: readonly Unmodelled[];
  /** Routes of other VirtualServices that would come first if these were older, with their ends: the input does not say which is. */
  readonly undefinedOrder?: readonly Rival[];
  readonly ends: readonly End[];
  readonly mirrors: readonly { readonly name: ClusterName; readonly cluster: Cluster | NoCluster; readonly percent: number }[];
  readonly responseHeaders: ReadonlyMap<string, string>;
}

/** A route that may come first. */
export interface Rival {
  readonly route: Route;
  readonly ends: readonly End[];
}

type Path = Omit<Walk, 'ends' | 'mirrors' | 'responseHeaders' | 'undefinedOrder'>;

/** Walks the request as far as the proxy that it enters decides. */
export function walk(mesh: Mesh, request: MeshRequest): Walk {
  const found = 'workload' in request.entry ? walkSidecar(mesh, request, request.entry) : walkGateway(mesh, request, request.entry.gateway);
  const table = found.proxy?.proxy === 'router' && found.routeConfig !== undefined ? mesh.gateway(found.proxy).routeConfig(found.routeConfig) : undefined;
  const [ofProxy, ofTable] = [found.proxy ? mesh.unmodelled.touching(found.proxy) : [], table ? mesh.unmodelled.inTable(table) : []];
  return ofProxy.length + ofTable.length === 0 ? found : { ...found, unmodelled: [...ofProxy, ...ofTable] };
}

function walkGateway(mesh: Mesh, request: MeshRequest, name: string | undefined): Walk {
  const workload = mesh.gatewayWorkloads().find(own => name === undefined || name === `${own.namespace}/${own.name}`);
  if (workload === undefined) {
    return refused({}, 'no-gateway');
  }
  const proxy = mesh.gateway(workload);
  const listener = proxy.listenerAt(request.port);
  if (listener === undefined) {
    return refused({ proxy: workload }, 'no-listener');
  }
  const path: Path = { proxy: workload, listener: listener.name };
  const tls = request.scheme === 'https';
  const chain = listener.filterChains.select(tls ? { tls, serverName: request.serverName } : { tls: false });
  if (chain === undefined) {
    return refused(path, 'no-filter-chain');
  }
  const chosen: Path = { ...path, filterChain: chain.index };
  if (chain.terminatesTls && !tls) {
    return refused(chosen, 'plaintext-to-tls');
  }
  if (proxy.credentials(chain.server).some(isUndelivered)) {
    return refused(chosen, 'no-certificate');
  }
  if (chain.tcp) {
    const admission = admitConnection(mesh, proxy, listener.port, chain, request);
    const { refusal, uncertain } = admission;
    const known = { ...chosen, admission, ...(uncertain ? { uncertain } : {}) };
    return refusal ? { ...NOTHING, ...known, ends: [refusal] } : tcpEnds(proxy, known, proxy.tcpClusters(chain), tls && !chain.terminatesTls);
  }
  if (tls && !chain.terminatesTls) {
    return refused({ ...chosen, routeConfig: chain.routeConfig }, 'tls-to-plaintext');
  }
  const table = proxy.routeConfig(chain.routeConfig!);
  return walkHttp(mesh, proxy, request, { ...chosen, routeConfig: chain.routeConfig }, table, { proxy, port: listener.port, chain });
}

function walkSidecar(mesh: Mesh, request: MeshRequest, { namespace, workload: name }: { readonly namespace: string; readonly workload: string }): Walk {
  const workload = mesh.workloads.find(namespace, name);
  if (workload === undefined) {
    return refused({}, 'no-gateway');
  }
  const proxy = mesh.sidecar(workload);
  const service = proxy.serviceFor(request.authority.replace(/:\d*$/, ''), request.port);
  const listener = proxy.listenerFor(request.port, service);
  if (listener === undefined) {
    const isOpen = proxy.scope.outboundPolicy === 'ALLOW_ANY';
    return isOpen ? { ...NOTHING, proxy: workload, listener: 'virtualOutbound', ends: [{ is: 'passthrough', probability: 1 }] }
      : refused({ proxy: workload, listener: 'virtualOutbound' }, 'no-filter-chain');
  }
  const path: Path = { proxy: workload, listener: listener.name, filterChain: 0 };
  const passesTls = request.scheme === 'https' && service !== undefined && portAt(service, request.port)?.protocol === 'auto';
  if (listener.routeConfig !== undefined && request.scheme === 'https' && !passesTls) {
    return refused(path, 'tls-to-plaintext');
  }
  if (listener.routeConfig === undefined || passesTls) {
    const clusters = proxy.tcpClusters(listener.service ?? service!, request.port, request.scheme === 'https' ? request.serverName : '');
    return clusters.length === 0 ? refused({ ...path, filterChain: undefined }, 'no-filter-chain') : tcpEnds(proxy, path, clusters, request.scheme === 'https');
  }
  return walkHttp(mesh, proxy, request, { ...path, routeConfig: listener.routeConfig.name }, listener.routeConfig);
}

function tcpEnds(proxy: HttpProxy, path: Path, clusters: readonly WeightedCluster[], carriesTls: boolean): Walk {
  const total = clusters.reduce((sum, { weight }) => sum + weight, 0);
  const ends = clusters.map(({ cluster: name, weight }): End => (
    { is: 'cluster', name, cluster: proxy.cluster(name), weight, probability: weight / total, carriesTls }));
  return { ...NOTHING, ...path, ends };
}

/** The gateway that a request enters by, whose own policies come first. */
interface GatewayEntry {
  readonly proxy: GatewayProxy;
  readonly port: number;
  readonly chain: FilterChain;
}

interface HttpProxy {
  cluster(name: ClusterName): Cluster | NoCluster;
}

function walkHttp(mesh: Mesh, proxy: HttpProxy, request: MeshRequest, path: Path, table: RouteConfig | undefined, gateway?: GatewayEntry): Walk {
  const codec = codecRefusal(request);
  if (codec) {
    return refused(path, codec.reason, codec.status);
  }
  const arrived = seenBy(mesh, request, gateway?.proxy);
  const admission: Admission = gateway ? admit(mesh, gateway.proxy, gateway.port, gateway.chain, request, arrived) : { seen: arrived };
  const { seen, refusal, uncertain } = admission;
  const { virtualHost, route, routeIndex, rivals } = locate(table, seen);
  const found: Path = { ...path, admission, uncertain, virtualHost, route, routeIndex };
  if (refusal) {
    return { ...NOTHING, ...found, ends: [refusal], responseHeaders: localHeaders(route) };
  }
  if (virtualHost === undefined) {
    return refused(found, 'no-virtual-host', 404);
  }
  if (isRedirected(virtualHost, seen)) {
    const location = `https://${seen.authority}${seen.path}${seen.query}`;
    const end: End = { is: 'redirect', status: 301, location, probability: 1, required: true };
    return { ...NOTHING, ...found, ends: [end], responseHeaders: new Map([['location', location]]) };
  }
  if (route === undefined) {
    return refused(found, 'no-route', 404);
  }
  const taken = act(proxy, seen, found, route);
  return rivals === undefined ? taken : { ...taken, undefinedOrder: rivals.map(rival => ({ route: rival, ends: act(proxy, seen, found, rival).ends })) };
}

function isRedirected({ requiresTls }: VirtualHost, seen: SeenRequest): boolean {
  return requiresTls && seen.headers.get('x-forwarded-proto') !== 'https';
}

/** The virtual host and the route. They are chosen before the policies of a gateway deny a request. */
function locate(table: RouteConfig | undefined, seen: SeenRequest): Located {
  const virtualHost = table?.find(seen.authority);
  if (virtualHost === undefined || isRedirected(virtualHost, seen)) {
    return { virtualHost };
  }
  const { routes } = virtualHost;
  for (let routeIndex = 0; routeIndex < routes.length; routeIndex++) {
    const route = routes[routeIndex];
    if (matchesRoute(route.match, seen)) {
      const rivals = hasOneSource(routes) ? [] : rivalsOf(routes, routeIndex, seen);
      return { virtualHost, route, routeIndex, rivals: rivals.length > 0 ? rivals : undefined };
    }
  }
  return { virtualHost };
}

type Located = Pick<Walk, 'virtualHost' | 'route' | 'routeIndex'> & { readonly rivals?: readonly Route[] };

const ONE_SOURCE = new WeakMap<readonly Route[], boolean>();

/** Whether all routes are from one VirtualService, so that no age decides. */
function hasOneSource(routes: readonly Route[]): boolean {
  const known = ONE_SOURCE.get(routes) ?? routes.every(({ virtualService }) => virtualService === routes[0].virtualService);
  ONE_SOURCE.set(routes, known);
  return known;
}

/**
 * The request with what the proxy itself sets. A gateway that trusts no proxy sets `x-forwarded-proto` to what the connection is, and any
 * gateway appends the peer to `x-forwarded-for` and removes `x-forwarded-client-cert`; a sidecar keeps what the client says (Envoy 1.40,
 * conn_manager_utility.cc).
 */
export function seenBy(mesh: Mesh, request: MeshRequest, gateway: GatewayProxy | undefined): SeenRequest {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(request.headers)) {
    headers.set(name.toLowerCase(), value);
  }
  const written = gateway === undefined || gateway.numTrustedProxies > 0 ? headers.get('x-forwarded-proto') : undefined;
  const scheme = written || request.scheme;
  headers.set('x-forwarded-proto', scheme);
  if (gateway !== undefined && request.from !== undefined) {
    const known = headers.get('x-forwarded-for');
    headers.set('x-forwarded-for', known === undefined ? request.from : `${known},${request.from}`);
  }
  if (gateway !== undefined && !gateway.forwardsCertificateHeader) {
    headers.delete('x-forwarded-client-cert');
  }
  const [target, query] = splitTarget(request.target);
  const { method, authority, token } = request;
  return { method, scheme, authority, path: normalizePath(target, mesh.settings.pathNormalization), query, headers, token };
}

/** Later routes that match too and whose VirtualService may be the older one. */
function rivalsOf(routes: readonly Route[], chosen: number, seen: SeenRequest): Route[] {
  const { virtualService: own, catchesAll } = routes[chosen];
  const rivals = new Map<unknown, Route>();
  for (const route of routes.slice(chosen + 1)) {
    const { virtualService: other } = route;
    const isRival = own && other && other !== own && route.catchesAll === catchesAll && !isPrecedenceKnown(own.config, other.config);
    if (isRival && !rivals.has(other) && matchesRoute(route.match, seen)) {
      rivals.set(other, route);
    }
  }
  return [...rivals.values()];
}

/** Fault comes before CORS, CORS before the route's own action (Istio 1.30, pilot/pkg/networking/core/listener_builder.go:478-512). */
function act(proxy: HttpProxy, seen: SeenRequest, path: Path, route: Route): Walk {
  const abort = route.http?.fault?.abort;
  const aborted = (abort?.percent ?? 0) / 100;
  const faults: End[] = aborted > 0 ? [{ is: 'response', status: abort?.status ?? 200, body: 'fault filter abort', probability: aborted, by: 'fault' }] : [];
  if (aborted >= 1) {
    return { ...NOTHING, ...path, ends: faults, responseHeaders: localHeaders(route) };
  }
  const cors = corsOutcome(seen, route);
  if (cors.answers) {
    const answer: End = { is: 'response', status: 200, body: '', probability: 1 - aborted, by: 'cors' };
    return { ...NOTHING, ...path, ends: [...faults, answer], responseHeaders: cors.headers };
  }
  const rest = perform(proxy, seen, route, 1 - aborted);
  const headers = cors.headers.size === 0 ? rest.responseHeaders : new Map([...cors.headers, ...rest.responseHeaders]);
  return { ...path, ends: faults.length === 0 ? rest.ends : [...faults, ...rest.ends], mirrors: rest.mirrors, responseHeaders: headers };
}

/**
 * Response headers of a response that a filter before the router makes: those that the route sets, if it forwards, without those of CORS (Envoy 1.40,
 * filter_manager.cc prepareLocalReplyViaFilterChain).
 */
function localHeaders(route: Route | undefined): Map<string, string> {
  return route?.action.is !== 'forward' ? new Map() : responseHeaders(route, route.action.isSplit ? undefined : route.action.clusters[0]);
}

function perform(proxy: HttpProxy, seen: SeenRequest, route: Route, probability: number): Pick<Walk, 'ends' | 'mirrors' | 'responseHeaders'> {
  const { action } = route;
  const headers = responseHeaders(route, action.is === 'forward' && !action.isSplit ? action.clusters[0] : undefined);
  const done = (end: End): Pick<Walk, 'ends' | 'mirrors' | 'responseHeaders'> => ({ ends: [end], mirrors: [], responseHeaders: headers });
  switch (action.is) {
    case 'none':
      return done({ is: 'refused', reason: 'unsupported-action', status: 404, probability, place: route });
    case 'passthrough':
      return done({ is: 'passthrough', probability, request: { ...seen, target: seen.path + seen.query } });
    case 'redirect': {
      const location = locationOf(seen, action);
      headers.set('location', location);
      return done({ is: 'redirect', status: action.status, location, probability, required: false });
    }
    case 'response':
      // Envoy 1.40, source/common/router/router.cc: 201 and redirects get the URI of the request.
      if (action.status === 201 || (action.status >= 300 && action.status < 400)) {
        headers.set('location', `${seen.scheme}://${seen.authority}${seen.path}${seen.query}`);
      }
      return done({ is: 'response', status: action.status, body: action.body, probability, by: route.virtualService ? 'direct-response' : 'block-all' });
    case 'forward': {
      const total = action.clusters.reduce((sum, { weight }) => sum + weight, 0);
      const ends = action.clusters.map(share => {
        const cluster = proxy.cluster(share.cluster);
        const isDead = 'missing' in cluster || (cluster.endpoints.length === 0 && !isDialed(cluster));
        return {
          is: 'cluster' as const, name: share.cluster, cluster, weight: share.weight, probability: probability * share.weight / total,
          status: isDead ? 503 as const : undefined, request: forwarded(seen, route, action, share),
          responseHeaders: action.isSplit ? responseHeaders(route, share, true) : undefined,
        };
      });
      return { ends, mirrors: action.mirrors.map(({ cluster: name, percent }) => ({ name, percent, cluster: proxy.cluster(name) })), responseHeaders: headers };
    }
  }
}

const NOTHING: Walk = { ends: [], mirrors: [], responseHeaders: new Map() };

function refused(path: Path, reason: Refusal, status?: number): Walk {
  return { ...NOTHING, ...path, ends: [{ is: 'refused', reason, probability: 1, ...(status === undefined ? {} : { status }) }] };
}
