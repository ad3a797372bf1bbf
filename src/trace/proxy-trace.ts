// The part of a trace behind the load balancer: a proxy of the mesh with its listeners and routes, then the pods with what they demand.
import { withoutPort } from '../mesh/route/virtual-hosts';
import { namespacedName } from '../base/kubernetes-name';
import { type Cluster, isDialed } from '../mesh/clusters';
import { Kind } from '../manifests/kind';
import { nameOf, qualifiedNameOf } from '../manifests/manifest';
import { showCluster } from '../mesh/cluster-names';
import type { Place } from '../mesh/objects/config';
import type { Mesh } from '../mesh/mesh';
import type { GatewayProxy } from '../mesh/proxies';
import type { Route } from '../mesh/route/routes';
import { portAt } from '../mesh/objects/services';
import type { Unmodelled } from '../mesh/unmodelled';
import type { Workload } from '../mesh/objects/workloads';
import { whyUndecided } from './absent-service';
import { type ArrivalAtPods, arrivals } from './arrival';
import { type Cause, droppedRoutes, missingSidecar, serverWithoutRoutes, unnamedPort } from './death-causes';
import type { End } from './ends';
import { endsInGrpc, isGrpc } from './grpc';
import { normalizeTarget } from './path';
import { type Hop, about, hop, shared } from './hops/hop';
import { clusterText, hostsOf, podHops, proxyHops } from './proxy-hops';
import { absentEnd, dialedHost, dialedService, missingService } from './pod-resolver';
import { type MeshRequest, podPortOf } from './request';
import { traceStatusPort } from './status-port';
import { type Death, type TraceEnd, areAlike, refusedEnd, shortHost, undefinedEnd, unsupportedEnd } from './trace-end';
import { type Walk, walk } from './walk';

/** Ends of a request, with the hops that lead to them if they were asked for. */
export interface Traced {
  readonly hops: readonly Hop[];
  readonly ends: readonly TraceEnd[];
}

/** Follows a request from the proxy that it enters. @param wantsHops false to save the time that they take */
export function traceProxy(mesh: Mesh, request: MeshRequest, wantsHops: boolean): Traced {
  const found = walk(mesh, request);
  if (found.chain?.clientCertificate === 'required' && request.scheme === 'https' && request.hasCertificate !== true) {
    const { proxy, listener, filterChain, ends } = found;
    const hops = wantsHops ? proxyHops(mesh, request, { proxy, listener, filterChain, ends, mirrors: [], responseHeaders: found.responseHeaders }) : [];
    return { hops, ends: [refusedEnd('no-client-certificate', 1, { by: found.chain.server })] };
  }
  const status = found.proxy !== undefined && found.listener === undefined ? traceStatusPort(mesh, found.proxy, request) : undefined;
  if (status !== undefined) {
    return { hops: wantsHops ? [status.hop] : [], ends: [status.end] };
  }
  const hops: Hop[] = wantsHops ? proxyHops(mesh, request, found) : [];
  const ends = traceEnds(mesh, request, found, found.ends, wantsHops ? hops : undefined);
  if (ends.length === 0) {
    // Only an input that is taken as admitted has such an object.
    return { hops, ends: [unsupportedEnd('The route has no destination, which Istio\'s webhook refuses.', 1, [], found.route)] };
  }
  const decidedEnds = withDoubts(found, decided(mesh, request, found, ends));
  return { hops, ends: isPreflight(found) ? decidedEnds : endsInGrpc(request, decidedEnds) };
}

/** Whether the filter for CORS responds, which does so in HTTP alone. */
function isPreflight({ ends }: Walk): boolean {
  return ends.some(end => end.is === 'response' && end.by === 'cors');
}

/** The ends, unless another route may come first that has others. */
function decided(mesh: Mesh, request: MeshRequest, found: Walk, ends: readonly TraceEnd[]): readonly TraceEnd[] {
  if (found.undefinedOrder === undefined) {
    return ends;
  }
  const rivals = found.undefinedOrder.map(({ ends: other, route }) => traceEnds(mesh, request, { ...found, route }, other));
  return rivals.every(other => areAlike(other, ends)) ? ends : [undefinedEnd(1, [...ends, ...rivals.flat()], found.route)];
}

/** Marks ends that something unknown may change: policies that decide by what the request does not say, and objects that are not modeled. */
function withDoubts(found: Walk, ends: readonly TraceEnd[]): readonly TraceEnd[] {
  if (found.uncertain !== undefined) {
    const [{ by, why }] = found.uncertain;
    return [unsupportedEnd(why, 1, ends, by)];
  }
  const unmodelled = found.unmodelled && interfering(found.unmodelled);
  if (unmodelled === undefined) {
    return ends;
  }
  // The table that decides in place of a refused one may have any end.
  return [unsupportedEnd(whyUnmodelled(unmodelled), 1, unmodelled.kind === Kind.VIRTUAL_SERVICE ? [] : ends, unmodelled)];
}

/** Why something that is not modeled makes an end uncertain. */
export function whyUnmodelled({ kind, manifest, isAmbient, role }: Unmodelled): string {
  const named = `${kind.split('.')[0]} ${kind === Kind.NAMESPACE ? nameOf(manifest) : qualifiedNameOf(manifest)}`;
  if (isAmbient) {
    return `${named} puts the pods into ambient mode or behind a waypoint, which is not modeled.`;
  }
  if (role !== undefined) {
    return `${named} of the Gateway API may decide where the request goes, and is not modeled.`;
  }
  return kind === Kind.VIRTUAL_SERVICE
    ? `Envoy refuses the whole route table because of an empty condition on a claim in ${named}, and keeps the table that it had.`
    : `${named} may change what the proxy does, and is not modeled.`;
}

/** The first of those that may change where a request goes. Telemetry only watches. */
function interfering(unmodelled: readonly Unmodelled[]): Unmodelled | undefined {
  return unmodelled.find(({ kind }) => kind === Kind.VIRTUAL_SERVICE) ?? unmodelled.find(({ kind }) => kind !== 'Telemetry.telemetry.istio.io');
}

/** What a sidecar does with hosts that the mesh does not know. */
const BLOCKED = {
  words: 'outside of the mesh', fix: 'Add a ServiceEntry for the host, or let the sidecar pass unknown hosts (outboundTrafficPolicy ALLOW_ANY).',
};

/** The ends of all ways out of the proxy. Hops to the pods are added if there is a list for them. */
function traceEnds(mesh: Mesh, request: MeshRequest, found: Walk, ends: readonly End[], hops?: Hop[]): readonly TraceEnd[] {
  return ends.length === 1 ? endsOfOne(mesh, request, found, ends[0], hops) : ends.flatMap(end => endsOfOne(mesh, request, found, end, hops));
}

function endsOfOne(mesh: Mesh, request: MeshRequest, found: Walk, end: End, hops?: Hop[]): readonly TraceEnd[] {
  const { proxy, route, virtualHost } = found;
  const by: { readonly by?: Place } = route === undefined ? {} : { by: route };
  const { probability } = end;
  switch (end.is) {
    case 'refused': {
      const isBlocked = 'workload' in request.entry && end.reason === 'no-filter-chain';
      const [first] = virtualHost?.routes ?? [];
      // A Gateway without VirtualServices has an empty virtual host for all hosts.
      const reason = end.reason === 'no-route' && first === undefined ? 'no-virtual-host' : end.reason;
      const place = end.place ?? (end.reason === 'no-route' ? hostsOf(first) : route);
      const cause = isBlocked ? BLOCKED : 'workload' in request.entry || proxy === undefined ? {}
        : causeAtGateway(mesh, mesh.gateway(proxy), request, found, reason);
      return [refusedEnd(reason, probability, { status: end.status ?? null, ...(place ? { by: place } : {}), ...cause })];
    }
    case 'redirect':
      return [{ probability, kind: 'redirect', to: `${end.status} ${end.location}`, status: end.status, location: end.location, ...by }];
    case 'response':
      return end.by === 'block-all' ? [refusedEnd('no-virtual-host', probability, { status: end.status, ...BLOCKED })] : [{
        probability, kind: 'response', to: String(end.status), status: end.status, ...(end.body === '' ? {} : { body: end.body }), ...by,
        ...(end.grpcStatus === undefined || !isGrpc(request) ? {} : { grpcStatus: end.grpcStatus }),
      }];
    case 'passthrough':
      return [dialedEnd(mesh, request, proxy!, end, hops)];
    case 'cluster':
      return clusterEnds(mesh, request, proxy!, end, route, hops);
  }
}

function causeAtGateway(mesh: Mesh, gateway: GatewayProxy, request: MeshRequest, { routeConfig, seen }: Walk, reason: Death): Cause | undefined {
  switch (reason) {
    case 'no-listener': {
      const { by, fix } = serverWithoutRoutes(gateway, podPortOf(gateway, request)) ?? {};
      return fix === undefined ? undefined : { by, fix };
    }
    case 'no-virtual-host': return droppedRoutes(mesh, gateway, gateway.merged.serversByRouteConfig.get(routeConfig!) ?? [], withoutPort(seen!.authority));
    default: return undefined;
  }
}

/** The end of a request that the sidecar passes on to the address that the client dialed. */
function dialedEnd(
  mesh: Mesh, request: MeshRequest, sender: Workload, { probability, request: sent }: Extract<End, { is: 'passthrough' }>, hops?: Hop[],
): TraceEnd {
  const host = dialedHost(request.authority);
  const { port, authority } = request;
  const service = dialedService(mesh, sender.namespace, host);
  const at = (fault: string) => (
    hops?.push(shared(hop('cluster', `PassthroughCluster, to the address that the client dialed: ${fault}`, service), probability)));
  const missing = missingService(mesh, sender.namespace, host);
  if (missing !== undefined) {
    at(`Service ${host} is not in the input`);
    return absentEnd(mesh, missing, host, port, probability);
  }
  if (service !== undefined && portAt(service, port) === undefined) {
    const ports = service.ports.map(own => own.port).join(', ');
    at(`${service.hostname} has no port ${port}`);
    if (service.resolution === 'passthrough') {
      const why = `Service ${namespacedName(service)} is headless and has no port ${port} (${ports}): whether its pods listen there is not in the input.`;
      return unsupportedEnd(why, probability, [], service);
    }
    const fix = `Use a port that the Service has: ${ports}.`;
    return refusedEnd('no-endpoint', probability, {
      host: service.hostname, port, by: service, words: `no port ${port} at ${shortHost(service.hostname, mesh.settings.clusterDomain)}`, fix,
      status: sent === undefined ? null : 503,
    });
  }
  const written = withoutPort(authority);
  return { probability, kind: 'workload', to: `${written}:${port}`, host: written, port, path: sent?.target ?? request.target, authority };
}

type ClusterEnd = Extract<End, { is: 'cluster' }>;

function clusterEnds(mesh: Mesh, request: MeshRequest, sender: Workload, end: ClusterEnd, route: Route | undefined, hops?: Hop[]): readonly TraceEnd[] {
  const { name: { host, port, subset }, cluster, probability, request: sent } = end;
  const named = subset === '' ? { host, port } : { host, port, subset };
  // Of a TCP connection that fails, the client sees that it is closed.
  const closed = sent === undefined ? { status: null } : {};
  const by: { readonly by?: Place } = route === undefined ? {} : { by: route };
  const seen = { path: sent?.target ?? request.target, authority: sent?.authority ?? request.authority };
  if ('missing' in cluster) {
    const why = cluster.missing === 'service' ? whyUndecided(mesh, host, route) : undefined;
    const fault = why === undefined ? 'the proxy does not have it' : 'the proxy has it only if the cluster has a Service that is not in the input';
    hops?.push(shared(about(end, hop('cluster', `${showCluster(end.name)}: ${fault}`)), probability));
    const dead = refusedEnd('no-cluster', probability, { ...named, ...by, ...closed, fix: fixOfMissing(cluster.missing, end) });
    return [why === undefined ? dead : unsupportedEnd(why, probability, [workloadEnd(mesh, probability, named, seen), dead], route)];
  }
  hops?.push(shared(about(end, hop('cluster', clusterText(cluster), cluster.rule ?? cluster.service)), probability));
  if (isDialed(cluster)) {
    return [workloadEnd(mesh, probability, named, seen)];
  }
  if (cluster.endpoints.length === 0) {
    const cause = cluster.discovery === 'passthrough' ? { fix: fixOfDialed(cluster) } : unnamedPort(mesh, cluster.service, cluster.port);
    return [refusedEnd('no-endpoint', probability, { ...named, ...by, ...closed, ...cause })];
  }
  const arrived = arrivals(mesh, sender, request, end);
  hops?.push(...arrived.flatMap(one => podHops(mesh, one, probability * one.share)));
  return podEnds(mesh, arrived, probability, { named, seen, failure: sent === undefined ? null : 503 });
}

function fixOfMissing(missing: string, { name: { host, port, subset } }: ClusterEnd): string {
  switch (missing) {
    case 'port': return `Use a port that the Service has: ${host} has no port ${port}.`;
    case 'subset': return `Add the subset ${subset} to the DestinationRule of ${host} that the proxy uses.`;
    case 'endpoints': return `Add endpoints to ${host}: a cluster by DNS is not built without them.`;
    default: return `Correct the host of the destination, or add the Service ${host} to the input, and let exportTo and Sidecars show it to the proxy.`;
  }
}

/** Of a cluster that sends to the address that the client dialed. */
function fixOfDialed({ client, service: { hostname }, port }: Cluster): string {
  return client === 'router' ? `Remove the load balancer PASSTHROUGH of ${hostname}: it needs the address that a client dialed, which a gateway does not have.`
    : `Give ${hostname} pods that listen on port ${port.port}: clients of a headless Service dial its pods at the port of the Service, not at targetPort.`;
}

/** Where requests are sent, and what the pods see of them. */
interface Destination {
  readonly named: { readonly host: string; readonly port: number; readonly subset?: string };
  readonly seen: { readonly path: string; readonly authority: string };
  /** Status as the client sees it where the connection to the pods fails; null where its own is closed. */
  readonly failure: 503 | null;
  /** Whether no proxy of the mesh sends them, so that no DestinationRule applies. */
  readonly isDirect?: true;
}

/** One end for each outcome at the pods. */
export function podEnds(mesh: Mesh, arrived: readonly ArrivalAtPods[], probability: number, to: Destination): readonly TraceEnd[] {
  if (arrived.length === 1) {
    return [podEnd(mesh, arrived[0], probability, to)];
  }
  const groups = new Map<string, { end: TraceEnd; share: number }>();
  for (const one of arrived) {
    const end = podEnd(mesh, one, 1, to);
    const key = `${end.to} ${end.reason ?? ''} ${end.fix ?? ''}`;
    const known = groups.get(key);
    groups.set(key, { end: known?.end ?? end, share: (known?.share ?? 0) + one.share });
  }
  // All pods alike is the usual case, and needs no rounding of sums.
  return [...groups.values()].map(({ end, share }) => ({ ...end, probability: groups.size === 1 ? probability : probability * share }));
}

function podEnd(mesh: Mesh, arrived: ArrivalAtPods, probability: number, to: Destination): TraceEnd {
  const end = refusalAtPods(arrived, probability, to) ?? servedEnd(mesh, arrived, probability, to);
  const { doubts = [], endpoint: { workload } } = arrived;
  const doubt = doubts.find(({ policy }) => policy === undefined || policy.action === 'CUSTOM' || end.kind === 'workload');
  if (doubt !== undefined) {
    return unsupportedEnd(doubt.why, probability, [end], doubt.by);
  }
  const touching = end.kind !== 'workload' || workload === undefined ? [] : mesh.unmodelled.touching(workload);
  const unmodelled = interfering(workload?.proxy === 'none' ? touching.filter(({ isAmbient }) => isAmbient) : touching);
  return unmodelled === undefined ? end : unsupportedEnd(whyUnmodelled(unmodelled), probability, [end], unmodelled);
}

function refusalAtPods(arrived: ArrivalAtPods, probability: number, { named, failure, isDirect }: Destination): TraceEnd | undefined {
  const { arrival, isRead, declaresHttp, codec, decision, demand, status, refusedBy } = arrived;
  // An application may expect TLS, unless its port declares HTTP.
  if (arrival !== 'served' && !(arrival === 'raw-tls' && !declaresHttp)) {
    const reason: Death = arrival === 'needs-mtls' || arrival === 'handshake-fails' ? 'mtls' : 'upstream-tls';
    const { endpoint: { workload, port }, tls } = arrived;
    const cause = workload?.proxy === 'none' && tls === 'mesh' ? missingSidecar(workload) : reason === 'mtls' && isDirect ? { fix: fixOfDirect(port) } : {};
    return refusedEnd(reason, probability, { ...named, status: failure, ...(demand?.place ? { by: demand.place } : {}), ...cause });
  }
  if (codec !== undefined) {
    return refusedEnd(codec.reason, probability, { ...named, status: codec.status });
  }
  if (status === 401 || (status === 403 && decision === undefined)) {
    return refusedEnd(status === 401 ? 'invalid-token' : 'wrong-audience', probability, { ...named, ...(refusedBy ? { by: refusedBy } : {}) });
  }
  // What the sidecar does not read as HTTP, it cannot answer.
  const denial = isRead ? 403 : failure;
  if (decision?.is === 'denied') {
    return refusedEnd('denied', probability, { ...named, status: denial, by: decision.by });
  }
  return decision?.is === 'not-allowed' ? refusedEnd('not-allowed', probability, { ...named, status: denial, by: decision.policies[0] }) : undefined;
}

/** Of a client outside of the mesh at pods that accept only mTLS. */
function fixOfDirect(port: number): string {
  return 'Send the requests through the gateway: the client does not speak mTLS of the mesh, and no DestinationRule changes that. '
    + `Or let a PeerAuthentication for the pods accept plaintext on the port (portLevelMtls of port ${port}, mode PERMISSIVE).`;
}

function servedEnd(mesh: Mesh, { endpoint: { workload }, isRead }: ArrivalAtPods, probability: number, { named, seen }: Destination): TraceEnd {
  // The sidecar of the pods normalizes what no proxy before it read as HTTP.
  const isNormalized = workload?.proxy === 'sidecar' && isRead;
  return workloadEnd(mesh, probability, named, isNormalized ? { ...seen, path: normalizeTarget(seen.path, mesh.settings.pathNormalization) } : seen);
}

function workloadEnd(mesh: Mesh, probability: number, { host, port, subset }: Destination['named'], { path, authority }: Destination['seen']): TraceEnd {
  const text = `${shortHost(host, mesh.settings.clusterDomain)}:${port}${subset === undefined ? '' : `@${subset}`}`;
  return subset === undefined ? { probability, kind: 'workload', to: text, host, port, path, authority }
    : { probability, kind: 'workload', to: text, host, port, subset, path, authority };
}
