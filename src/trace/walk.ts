// The walk of one request through the proxy that it enters: listener, filter chain, virtual host, route, and where that leads.
import { Cluster, NoCluster, isDialed } from '../mesh/clusters';
import { ClusterName } from '../mesh/cluster-names';
import { isUndelivered } from '../mesh/credentials';
import { FilterChain } from '../mesh/filter-chains';
import { Mesh } from '../mesh/mesh';
import { GatewayProxy } from '../mesh/proxies';
import { ForwardAction, RouteAction, WeightedCluster } from '../mesh/route/route-actions';
import { Route } from '../mesh/route/routes';
import { RouteConfig, VirtualHost, withoutPort } from '../mesh/route/virtual-hosts';
import { portAt } from '../mesh/objects/services';
import { Unmodelled } from '../mesh/unmodelled';
import { Workload } from '../mesh/objects/workloads';
import { Admission, admit, admitConnection } from './admission';
import type { Doubt } from './doubts';
import { End, Refusal } from './ends';
import { ForwardedRequest, corsOutcome, forwarded, locationOf, responseHeaders } from './forwarding';
import { grpcStatusOf } from './grpc';
import { normalizePath, splitTarget } from './path';
import { type HeaderSource, MeshRequest, SeenRequest, codecRefusal, headerOf, podPortOf } from './request';
import { ROUTE_TEST, matchesRoute } from './route-match';
import { undecidedRoute } from './undecided-routes';
import { NO_HEADERS } from './policies/seen-header';
import { REQUEST_ID, UNKNOWN_VALUE } from './policies/unknown-values';

/** What decided, in order. What is absent was not reached. */
export interface Walk {
  readonly proxy?: Workload;
  readonly listener?: string;
  readonly filterChain?: number;
  /** Of a gateway: the chain itself. */
  readonly chain?: FilterChain;
  readonly routeConfig?: string;
  readonly virtualHost?: VirtualHost;
  readonly route?: Route;
  readonly routeIndex?: number;
  /** The request as routes see it. */
  readonly seen?: SeenRequest;
  /** Policies of the gateway that decide by what the request does not say; the walk goes on as if they let it pass. */
  readonly uncertain?: readonly Doubt[];
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

/** A walk under way. */
type Underway = { -readonly [K in keyof Walk]: Walk[K] };

function start(proxy: Workload | undefined): Underway {
  return {
    proxy, listener: undefined, filterChain: undefined, chain: undefined, routeConfig: undefined, seen: undefined, virtualHost: undefined, route: undefined,
    routeIndex: undefined, uncertain: undefined, admission: undefined, unmodelled: undefined, undefinedOrder: undefined, ends: [], mirrors: NONE,
    responseHeaders: NO_HEADERS,
  };
}

/** Walks the request as far as the proxy that it enters decides. */
export function walk(mesh: Mesh, request: MeshRequest): Walk {
  return 'workload' in request.entry ? walkSidecar(mesh, request, request.entry) : walkGateway(mesh, request, mesh.gatewayNamed(request.entry.gateway));
}

function walkGateway(mesh: Mesh, request: MeshRequest, workload: Workload | undefined): Walk {
  const found = start(workload);
  if (workload === undefined) {
    return refuse(found, 'no-gateway');
  }
  found.unmodelled = orNothing(mesh.unmodelled.touching(workload));
  const proxy = mesh.gateway(workload);
  const listener = proxy.listenerOn(podPortOf(proxy, request));
  if (listener === undefined) {
    return refuse(found, 'no-listener');
  }
  found.listener = listener.name;
  const tls = request.scheme === 'https';
  const chain = listener.filterChains.select(tls ? { tls, serverName: request.serverName } : { tls: false });
  if (chain === undefined) {
    return refuse(found, 'no-filter-chain');
  }
  found.filterChain = chain.index;
  found.chain = chain;
  if (chain.terminatesTls && !tls) {
    return refuse(found, 'plaintext-to-tls');
  }
  if (proxy.credentials(chain.server).some(isUndelivered)) {
    return refuse(found, 'no-certificate');
  }
  if (chain.tcp) {
    const { refusal, ...admission } = admitConnection(mesh, proxy, listener.port, chain, request);
    found.admission = admission;
    found.uncertain = admission.uncertain;
    return refusal ? end(found, refusal) : leaveByTcp(proxy, found, proxy.tcpClusters(chain), tls && !chain.terminatesTls);
  }
  const table = proxy.routeConfig(chain.routeConfig!);
  found.routeConfig = chain.routeConfig;
  const inTable = mesh.unmodelled.inTable(table);
  if (inTable.length > 0) {
    found.unmodelled = [...found.unmodelled ?? [], ...inTable];
  }
  return tls && !chain.terminatesTls ? refuse(found, 'tls-to-plaintext')
    : walkHttp(mesh, proxy, request, found, table, { proxy, port: listener.port, chain });
}

function orNothing<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function walkSidecar(mesh: Mesh, request: MeshRequest, { namespace, workload: name }: { readonly namespace: string; readonly workload: string }): Walk {
  const workload = mesh.workloads.find(namespace, name);
  const found = start(workload);
  if (workload === undefined) {
    return refuse(found, 'no-gateway');
  }
  found.unmodelled = orNothing(mesh.unmodelled.touching(workload));
  const proxy = mesh.sidecar(workload);
  const dialed = proxy.dialed(withoutPort(request.dialed ?? request.authority), request.port);
  const { service } = dialed;
  const meant = service === undefined ? NONE : mesh.unmodelled.routesTo(service.hostname, workload.namespace);
  if (meant.length > 0) {
    found.unmodelled = [...found.unmodelled ?? [], ...meant];
  }
  const listener = proxy.listenerFor(request.port, dialed.address);
  found.listener = listener?.name ?? 'virtualOutbound';
  const chosen = listener?.select(dialed, request);
  if (chosen === undefined) {
    return request.scheme === 'https' && service !== undefined && portAt(service, request.port)?.protocol === 'http' ? refuse(found, 'tls-to-plaintext')
      : proxy.scope.outboundPolicy === 'ALLOW_ANY' ? end(found, { is: 'passthrough', probability: 1 }) : refuse(found, 'no-filter-chain');
  }
  found.filterChain = 0;
  if (!(chosen instanceof RouteConfig)) {
    return leaveByTcp(proxy, found, chosen.clusters, request.scheme === 'https');
  }
  found.routeConfig = chosen.name;
  return walkHttp(mesh, proxy, request, found, chosen);
}

function leaveByTcp(proxy: HttpProxy, found: Underway, clusters: readonly WeightedCluster[], carriesTls: boolean): Walk {
  const total = clusters.reduce((sum, { weight }) => sum + weight, 0);
  found.ends = clusters.map(({ cluster: name, weight }): End => (
    { is: 'cluster', name, cluster: proxy.cluster(name), weight, probability: weight / total, carriesTls }));
  return found;
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

function walkHttp(mesh: Mesh, proxy: HttpProxy, request: MeshRequest, found: Underway, table: RouteConfig | undefined, gateway?: GatewayEntry): Walk {
  const codec = codecRefusal(request);
  if (codec) {
    return refuse(found, codec.reason, codec.status);
  }
  const arrived = seenBy(mesh, request, gateway?.proxy);
  const admission: Admission = gateway ? admit(mesh, gateway.proxy, gateway.port, gateway.chain, request, arrived) : { seen: arrived };
  const { seen, sent = seen, refusal } = admission;
  found.seen = seen;
  found.admission = admission;
  found.uncertain = admission.uncertain;
  const rivals = locate(mesh, found, table, seen);
  const { virtualHost, route, routeIndex = -1 } = found;
  const undecided = virtualHost === undefined || isRedirected(virtualHost, seen) ? undefined : undecidedRoute(virtualHost, routeIndex, seen);
  if (undecided !== undefined) {
    found.uncertain = [...found.uncertain ?? [], undecided];
  }
  if (refusal) {
    found.responseHeaders = localHeaders(route);
    return end(found, refusal);
  }
  if (virtualHost === undefined) {
    return refuse(found, 'no-virtual-host', 404);
  }
  if (isRedirected(virtualHost, seen)) {
    const location = `https://${seen.authority}${seen.path}${seen.query}`;
    found.responseHeaders = new Map([['location', location]]);
    return end(found, { is: 'redirect', status: 301, location, probability: 1, required: true });
  }
  if (route === undefined) {
    return refuse(found, 'no-route', 404);
  }
  const { ends, mirrors, headers } = act(proxy, sent, route);
  found.ends = ends;
  found.mirrors = mirrors;
  found.responseHeaders = headers;
  if (rivals.length > 0) {
    found.undefinedOrder = rivals.map(rival => ({ route: rival, ends: act(proxy, sent, rival).ends }));
  }
  return found;
}

function isRedirected({ requiresTls }: VirtualHost, seen: SeenRequest): boolean {
  return requiresTls && seen.headers.get('x-forwarded-proto') !== 'https';
}

/** Finds the virtual host and the route. They are chosen before the policies of a gateway deny a request. @returns the routes that may come first */
function locate(mesh: Mesh, found: Underway, table: RouteConfig | undefined, seen: SeenRequest): readonly Route[] {
  const virtualHost = table?.find(seen.authority);
  found.virtualHost = virtualHost;
  if (virtualHost === undefined || isRedirected(virtualHost, seen)) {
    return NONE;
  }
  const { routes, paths, hasOneSource } = virtualHost;
  const position = paths.find(seen.path, seen, ROUTE_TEST);
  if (position === -1) {
    return NONE;
  }
  found.route = routes[position];
  found.routeIndex = position;
  return hasOneSource ? NONE : rivalsOf(mesh, found.proxy!, routes, position, seen);
}

const NONE: readonly never[] = [];

/**
 * The request with what the proxy itself sets. A gateway that trusts no proxy sets `x-forwarded-proto` to what the connection is, and any
 * gateway appends the peer to `x-forwarded-for` and removes `x-forwarded-client-cert`; a sidecar keeps what the client says (Envoy 1.40,
 * conn_manager_utility.cc).
 */
export function seenBy(mesh: Mesh, request: MeshRequest, gateway: GatewayProxy | undefined): SeenRequest {
  const forwardedProto = gateway === undefined || gateway.numTrustedProxies > 0 ? headerOf(request, 'x-forwarded-proto') : undefined;
  const scheme = forwardedProto || request.scheme;
  const [target, query] = splitTarget(request.target);
  const { method, authority, token } = request;
  const path = normalizePath(target, mesh.settings.pathNormalization);
  const written = path === target && path.length + query.length === request.target.length ? request.target : undefined;
  return new SeenRequest(method, scheme, authority, path, query, new SeenHeaders(request, scheme, gateway), token, undefined, written);
}

/** The headers of a request with those that a proxy sets. */
class SeenHeaders implements HeaderSource {
  public constructor(private readonly request: MeshRequest, private readonly scheme: string, private readonly gateway: GatewayProxy | undefined) {}

  public get headers(): ReadonlyMap<string, string> {
    return seenHeaders(this.request, this.scheme, this.gateway);
  }
}

function seenHeaders(request: MeshRequest, scheme: string, gateway: GatewayProxy | undefined): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(request.headers)) {
    headers.set(name.toLowerCase(), value);
  }
  headers.set('x-forwarded-proto', scheme);
  if (gateway !== undefined || !headers.has(REQUEST_ID)) {
    headers.set(REQUEST_ID, UNKNOWN_VALUE);
  }
  if (gateway !== undefined && request.from !== undefined) {
    const known = headers.get('x-forwarded-for');
    headers.set('x-forwarded-for', known === undefined ? request.from : `${known},${request.from}`);
  }
  if (gateway !== undefined && !gateway.forwardsCertificateHeader) {
    headers.delete('x-forwarded-client-cert');
  }
  return headers;
}

/** Later routes that match too and whose VirtualService may be the older one of those that a gateway uses alike. */
function rivalsOf({ virtualServices }: Mesh, { namespace }: Workload, routes: readonly Route[], chosen: number, seen: SeenRequest): Route[] {
  const { virtualService: own, catchesAll } = routes[chosen];
  const rivals = new Map<unknown, Route>();
  for (let index = chosen + 1; index < routes.length; index++) {
    const route = routes[index];
    const { virtualService: other } = route;
    const isRival = own && other && other !== own && route.catchesAll === catchesAll && !virtualServices.isOrderKnown(own, other, namespace);
    if (isRival && !rivals.has(other) && matchesRoute(route.match, seen)) {
      rivals.set(other, route);
    }
  }
  return [...rivals.values()];
}

/** What a route makes of a request. */
interface Outcome extends Pick<Walk, 'ends' | 'mirrors'> {
  /** Of the response. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Fault comes before CORS, CORS before the route's own action (Istio 1.30, pilot/pkg/networking/core/listener_builder.go:478-512). */
function act(proxy: HttpProxy, seen: SeenRequest, route: Route): Outcome {
  return route.fault === undefined && route.cors === undefined ? perform(proxy, seen, route, 1) : actWithFilters(proxy, seen, route);
}

function actWithFilters(proxy: HttpProxy, seen: SeenRequest, route: Route): Outcome {
  const abort = route.fault?.abort;
  const aborted = (abort?.percent ?? 0) / 100;
  const faults: End[] = aborted === 0 ? [] : [{
    is: 'response', status: abort?.status ?? 200, body: 'fault filter abort', probability: aborted, by: 'fault',
    ...(abort?.grpcStatus === undefined ? {} : { grpcStatus: grpcStatusOf(abort.grpcStatus) }),
  }];
  if (aborted >= 1) {
    return { ends: faults, mirrors: NONE, headers: localHeaders(route) };
  }
  const cors = corsOutcome(seen, route);
  if (cors.answers) {
    const answer: End = { is: 'response', status: 200, body: '', probability: 1 - aborted, by: 'cors' };
    return { ends: [...faults, answer], mirrors: NONE, headers: cors.headers };
  }
  const rest = perform(proxy, seen, route, 1 - aborted);
  return faults.length === 0 && cors.headers.size === 0 ? rest
    : { ends: [...faults, ...rest.ends], mirrors: rest.mirrors, headers: new Map([...cors.headers, ...rest.headers]) };
}

/**
 * Response headers of a response that a filter before the router makes: those that the route sets, if it forwards, without those of CORS (Envoy 1.40,
 * filter_manager.cc prepareLocalReplyViaFilterChain).
 */
function localHeaders(route: Route | undefined): ReadonlyMap<string, string> {
  return route?.action.is !== 'forward' ? NO_HEADERS : responseHeaders(route, route.action.isSplit ? undefined : route.action.clusters[0]);
}

function perform(proxy: HttpProxy, seen: SeenRequest, route: Route, probability: number): Outcome {
  const { action } = route;
  return action.is === 'forward' ? forward(proxy, seen, route, action, probability) : performHere(seen, route, action, probability);
}

function forward(proxy: HttpProxy, seen: SeenRequest, route: Route, action: ForwardAction, probability: number): Outcome {
  const { clusters, mirrors, isSplit } = action;
  let total = 0;
  for (const { weight } of clusters) {
    total += weight;
  }
  return {
    ends: clusters.map(share => clusterEnd(proxy, seen, route, action, share, probability * share.weight / total)),
    mirrors: mirrors.length === 0 ? NONE : mirrors.map(({ cluster: name, percent }) => ({ name, percent, cluster: proxy.cluster(name) })),
    headers: responseHeaders(route, isSplit ? undefined : clusters[0]),
  };
}

function performHere(seen: SeenRequest, route: Route, action: Exclude<RouteAction, ForwardAction>, probability: number): Outcome {
  const headers = responseHeaders(route, undefined);
  const done = (only: End, location?: string): Outcome => (
    { ends: [only], mirrors: NONE, headers: location === undefined ? headers : new Map([...headers, ['location', location]]) });
  switch (action.is) {
    case 'none':
      return done({ is: 'refused', reason: 'unsupported-action', status: 404, probability, place: route });
    case 'passthrough':
      return done({
        is: 'passthrough', probability,
        request: new ForwardedRequest(seen.method, seen.authority, seen.target, seen, seen.token, seen.isWritten),
      });
    case 'redirect': {
      const location = locationOf(seen, action);
      return done({ is: 'redirect', status: action.status, location, probability, required: false }, location);
    }
    case 'response': {
      // Envoy 1.40, source/common/router/router.cc: 201 and redirects get the URI of the request.
      const hasLocation = action.status === 201 || (action.status >= 300 && action.status < 400);
      return done({ is: 'response', status: action.status, body: action.body, probability, by: route.virtualService ? 'direct-response' : 'block-all' },
        hasLocation ? `${seen.scheme}://${seen.authority}${seen.path}${seen.query}` : undefined);
    }
  }
}

function clusterEnd(proxy: HttpProxy, seen: SeenRequest, route: Route, action: ForwardAction, share: WeightedCluster, probability: number): End {
  const cluster = proxy.cluster(share.cluster);
  const isDead = 'missing' in cluster || (cluster.endpoints.length === 0 && !isDialed(cluster));
  return {
    is: 'cluster', name: share.cluster, cluster, weight: share.weight, probability, status: isDead ? 503 : undefined,
    request: forwarded(seen, route, action, share), responseHeaders: action.isSplit ? responseHeaders(route, share, true) : undefined,
  };
}

function end(found: Underway, only: End): Walk {
  found.ends = [only];
  return found;
}

function refuse(found: Underway, reason: Refusal, status?: number): Walk {
  return end(found, { is: 'refused', reason, probability: 1, ...(status === undefined ? {} : { status }) });
}
