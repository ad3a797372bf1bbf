// The part of a trace behind the load balancer: a proxy of the mesh with its listeners and routes, then the pods with what they demand.
import { withoutPort } from '../mesh/route/virtual-hosts';
import { namespacedName } from '../base/kubernetes-name';
import { kept } from '../base/once';
import { type Cluster, isDialed } from '../mesh/clusters';
import { Kind } from '../manifests/kind';
import { asObject, asText } from '../manifests/plain-json';
import { type ClusterName, serverNameOf, showCluster } from '../mesh/cluster-names';
import type { Place } from '../mesh/objects/config';
import type { Endpoint } from '../mesh/objects/endpoints';
import type { Mesh } from '../mesh/mesh';
import type { GatewayProxy } from '../mesh/proxies';
import type { Route } from '../mesh/route/routes';
import { type Service, type ServicePort, portAt } from '../mesh/objects/services';
import type { Workload } from '../mesh/objects/workloads';
import { whyUndecided } from './absent-service';
import { type ArrivalAtPods, arrivals, arrivalsOfDialed } from './arrival';
import { type Cause, droppedRoutes, noPodsAtPort, serverWithoutRoutes, unnamedPort } from './death-causes';
import type { End } from './ends';
import type { ForwardedRequest } from './forwarding';
import { endsInGrpc, isGrpc } from './grpc';
import { type Hop, about, hop, shared } from './hops/hop';
import { type Destination, type Traced, interfering, podEnds, portText, scaled, whyUnmodelled, workloadEnd } from './pod-ends';
import { clusterText, hostsOf, podHops, proxyHops } from './proxy-hops';
import { absentEnd, dialedHost, dialedPods, portsText, resolved, undeclaredPort, withoutSelector } from './pod-resolver';
import { type MeshRequest, type SentRequest, UNKNOWN_ADDRESS, podPortOf } from './request';
import { traceStatusPort } from './status-port';
import { type Death, type TraceEnd, areAlike, refusedEnd, shortHost, undefinedEnd, unsupportedEnd, withStatus } from './hops/trace-end';
import { type Walk, walk } from './walk';

/** Follows a request from the proxy that it enters. @param wantsHops false to save the time that they take */
export function traceProxy(mesh: Mesh, request: MeshRequest, wantsHops: boolean): Traced {
  const found = walk(mesh, request);
  if (found.chain?.clientCertificate === 'required' && request.scheme === 'https' && request.hasCertificate !== true) {
    const { proxy, listener, filterChain, ends } = found;
    const hops = wantsHops ? proxyHops(mesh, request, { proxy, listener, filterChain, ends, mirrors: [], responseHeaders: found.responseHeaders }) : [];
    return { hops, ends: [refusedEnd('no-client-certificate', 1, { by: found.chain.server })] };
  }
  if (request.peer !== undefined && found.chain?.terminatesTls === true && found.chain.server.tls?.mode !== 'ISTIO_MUTUAL') {
    return { hops: [], ends: [refusedEnd('upstream-tls', 1, {
      words: 'no certificate of the mesh', by: found.chain.server, status: null,
      fix: 'Give the server of the gateway tls.mode ISTIO_MUTUAL, or the DestinationRule for the gateway tls.mode SIMPLE: the sender accepts only the mesh\'s.',
    })] };
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

/** What a sidecar does with hosts that the mesh does not know. */
const BLOCKED = {
  words: 'outside of the mesh', fix: 'Add a ServiceEntry for the host, or let the sidecar pass unknown hosts (outboundTrafficPolicy ALLOW_ANY).',
};

/** The ends of all ways out of the proxy. Hops to the pods are added if there is a list for them. */
function traceEnds(mesh: Mesh, request: MeshRequest, found: Walk, ends: readonly End[], hops?: Hop[]): readonly TraceEnd[] {
  if (ends.length === 1) {
    return endsOfOne(mesh, request, found, ends[0], hops);
  }
  // No flatMap, which takes a tenth of the time of a request.
  const all: TraceEnd[] = [];
  for (const end of ends) {
    all.push(...endsOfOne(mesh, request, found, end, hops));
  }
  return all;
}

function endsOfOne(mesh: Mesh, request: MeshRequest, found: Walk, end: End, hops?: Hop[]): readonly TraceEnd[] {
  const { proxy, route } = found;
  return end.is === 'cluster' ? clusterEnds(mesh, request, proxy!, end, route, hops)
    : end.is === 'passthrough' ? passthroughEnds(mesh, request, proxy!, end, hops) : endsHere(mesh, request, found, end);
}

/** The ends of what the proxy itself refuses or answers. */
function endsHere(
  mesh: Mesh, request: MeshRequest, found: Walk, end: Extract<End, { is: 'refused' | 'redirect' | 'response' }>,
): readonly TraceEnd[] {
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
      const cause = isBlocked ? BLOCKED : 'workload' in request.entry || proxy === undefined ? causeAtSidecar(reason)
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
  }
}

function causeAtSidecar(reason: Death): Cause {
  return reason !== 'tls-to-plaintext' ? {} : { fix: 'Use http in the URL, or let the name or appProtocol of the Service port declare TLS.' };
}

function causeAtGateway(mesh: Mesh, gateway: GatewayProxy, request: MeshRequest, { routeConfig, seen }: Walk, reason: Death): Cause | undefined {
  switch (reason) {
    case 'no-listener': {
      const { by, fix } = serverWithoutRoutes(gateway, podPortOf(gateway, request)) ?? {};
      return fix === undefined ? undefined : { by, fix };
    }
    // A load balancer sends no server name, which the usual fix is about.
    case 'no-filter-chain':
      return request.passed === undefined ? undefined : { fix: 'Let tls.sni of the DestinationRule for the gateway be a host of a server.' };
    case 'no-virtual-host': return droppedRoutes(mesh, gateway, gateway.merged.serversByRouteConfig.get(routeConfig!) ?? [], withoutPort(seen!.authority));
    default: return undefined;
  }
}

/** The ends of a request that the sidecar passes on to the address that the client dialed. */
function passthroughEnds(
  mesh: Mesh, request: MeshRequest, sender: Workload, { probability, request: sent }: Extract<End, { is: 'passthrough' }>, hops?: Hop[],
): readonly TraceEnd[] {
  const { port: number, authority } = request;
  const host = dialedHost(request.dialed ?? authority);
  const { service, missing } = resolved(mesh, sender.namespace, host);
  const at = (fault: string) => (
    hops?.push(shared(hop('cluster', `PassthroughCluster, to the address that the client dialed: ${fault}`, service), probability)));
  if (missing !== undefined) {
    at(`Service ${host} is not in the input`);
    return [absentEnd(mesh, missing, host, number, probability)];
  }
  const failure = sent === undefined ? null : 503;
  const port = service && portAt(service, number);
  if (service !== undefined && port === undefined) {
    at(`${service.hostname} has no port ${number}`);
    if (service.resolution === 'passthrough') {
      return [undeclaredPort(service, number, probability)];
    }
    const fix = `Use a port that the Service has: ${portsText(service)}.`;
    return [refusedEnd('no-endpoint', probability, {
      host: service.hostname, port: number, by: service, words: `no port ${number} at ${shortHost(service.hostname, mesh.settings.clusterDomain)}`, fix,
      status: failure,
    })];
  }
  if (service !== undefined && port !== undefined) {
    at(`${service.hostname}, which the sidecar does not know`);
    const passed = sent === undefined ? request : { ...request, ...fieldsOf(sent) };
    return dialedEnds(mesh, { sent: passed, service, port, sender, failure, passesSidecar: true }, probability, hops);
  }
  const written = withoutPort(request.dialed ?? authority);
  return [{ probability, kind: 'workload', to: `${written}:${number}`, host: written, port: number, path: sent?.target ?? request.target, authority }];
}

function fieldsOf({ method, authority, target, headers, token }: ForwardedRequest): Pick<SentRequest, 'method' | 'authority' | 'target' | 'headers' | 'token'> {
  return { method, authority, target, headers: Object.fromEntries(headers), token };
}

/** What is sent to a Service without a cluster of the mesh, by a pod without sidecar or past the sidecar. */
interface Dialed {
  readonly sent: SentRequest;
  readonly service: Service;
  readonly port: ServicePort;
  readonly sender: Workload;
  readonly failure: 503 | null;
  readonly passesSidecar: boolean;
}

/** The ends at the pods behind a Service that is dialed. Hops are added if there is a list for them. */
export function dialedEnds(mesh: Mesh, dialed: Dialed, probability: number, hops?: Hop[]): readonly TraceEnd[] {
  const { sent, service, port, sender, failure, passesSidecar } = dialed;
  if (service.selector === undefined) {
    return [withoutSelector(service, probability)];
  }
  const named = { host: service.hostname, port: port.port };
  const pods = dialedPods(mesh, service, port);
  if (pods.length === 0) {
    const cause = unnamedPort(mesh, service, port) ?? (service.resolution === 'passthrough' ? noPodsAtPort(service, port) : undefined);
    return [refusedEnd('no-endpoint', probability, { ...named, by: service, status: failure, ...cause })];
  }
  const hiddenBehind = passesSidecar || sent.from !== undefined ? {} : { hiddenBehind: namespacedName(sender) };
  return endsAtPods(mesh, arrivalsOfDialed(mesh, sent, port.protocol, pods), probability, {
    named, text: portText(mesh, named), seen: sent, failure, sender: passesSidecar ? 'passthrough' : 'outside',
  }, { ...sent, ...hiddenBehind, hasCertificate: sent.scheme === 'https' && sent.hasCertificate === true }, hops);
}

/** The ends at pods, and behind those that are gateways. @param sent what a gateway gets */
function endsAtPods(
  mesh: Mesh, arrived: readonly ArrivalAtPods[], probability: number, to: Destination, sent: SentRequest | undefined, hops?: Hop[],
): readonly TraceEnd[] {
  if (!arrived.some(isGateway)) {
    hops?.push(...arrived.flatMap(one => podHops(mesh, one, probability * one.share)));
    return podEnds(mesh, arrived, probability, to);
  }
  const behind = arrived.filter(isGateway).flatMap(({ endpoint, share }) => endsBehind(mesh, endpoint, sent, probability * share, to.failure, hops));
  const atPods = arrived.filter(one => !isGateway(one));
  hops?.push(...atPods.flatMap(one => podHops(mesh, one, probability * one.share)));
  const rest = atPods.reduce((sum, { share }) => sum + share, 0);
  return atPods.length === 0 ? behind
    : [...behind, ...podEnds(mesh, atPods.map(one => ({ ...one, share: one.share / rest })), probability * rest, to)];
}

function isGateway({ endpoint: { workload } }: ArrivalAtPods): boolean {
  return workload?.proxy === 'router';
}

/** A request that has passed more gateways goes round in circles. */
const MOST_GATEWAYS = 4;

function endsBehind(
  mesh: Mesh, { workload, port }: Endpoint, sent: SentRequest | undefined, probability: number, failure: 503 | null, hops?: Hop[],
): readonly TraceEnd[] {
  const gateway = namespacedName(workload!);
  const passed = (sent?.passed ?? 0) + 1;
  if (sent === undefined || passed > MOST_GATEWAYS) {
    const why = sent === undefined ? `Gateway ${gateway} gets TLS inside of TLS, which is not modeled.`
      : `The request passes more than ${MOST_GATEWAYS} gateways.`;
    return [unsupportedEnd(why, probability, [], workload)];
  }
  const traced = scaled(traceProxy(mesh, { ...sent, entry: { gateway }, podPort: port, passed }, hops !== undefined), probability);
  hops?.push(...traced.hops);
  return failure === null ? traced.ends : traced.ends.map(end => withStatus(end, failure));
}

type ClusterEnd = Extract<End, { is: 'cluster' }>;

function clusterEnds(mesh: Mesh, request: MeshRequest, sender: Workload, end: ClusterEnd, route: Route | undefined, hops?: Hop[]): readonly TraceEnd[] {
  const { name, cluster, probability, request: sent } = end;
  const { named, text } = NAMED.get(name) ?? kept(NAMED, name, nameIn(mesh, name));
  const seen = sent ?? request;
  if ('missing' in cluster) {
    const { host } = named;
    const why = cluster.missing === 'service' ? whyUndecided(mesh, host, route) : undefined;
    const fault = why === undefined ? 'the proxy does not have it' : 'the proxy has it only if the cluster has a Service that is not in the input';
    hops?.push(shared(about(end, hop('cluster', `${showCluster(end.name)}: ${fault}`)), probability));
    const dead = refusedEnd('no-cluster', probability, { ...named, ...failureOf(route, sent), fix: fixOfMissing(mesh, sender, cluster.missing, end) });
    return [why === undefined ? dead
      : unsupportedEnd(why, probability, [workloadEnd({ named, text, seen }, probability, seen.target), dead], route)];
  }
  hops?.push(shared(about(end, hop('cluster', clusterText(cluster), cluster.rule ?? cluster.service)), probability));
  if (isDialed(cluster)) {
    return [workloadEnd({ named, text, seen }, probability, seen.target)];
  }
  if (cluster.endpoints.length === 0) {
    if (cluster.service.registry === 'kubernetes' && cluster.service.selector === undefined) {
      return [withoutSelector(cluster.service, probability)];
    }
    const cause = cluster.discovery === 'passthrough' ? noDialedPods(cluster) : unnamedPort(mesh, cluster.service, cluster.port);
    return [refusedEnd('no-endpoint', probability, { ...named, ...failureOf(route, sent), ...cause })];
  }
  const arrived = arrivals(mesh, sender, request, end);
  const onward = sentToGateway(mesh, sender, request, end, arrived);
  return endsAtPods(mesh, arrived, probability, { named, text, seen, failure: sent === undefined ? null : 503 }, onward, hops);
}

/** The route that leads to a dead end. Of a TCP connection that fails, the client sees that it is closed. */
function failureOf(route: Route | undefined, sent: ForwardedRequest | undefined): { readonly by?: Place; readonly status?: null } {
  return { ...route === undefined ? {} : { by: route }, ...sent === undefined ? { status: null } : {} };
}

/** What ends say of a cluster. A name is part of one mesh. */
const NAMED = new WeakMap<ClusterName, Pick<Destination, 'named' | 'text'>>();

function nameIn(mesh: Mesh, name: ClusterName): Pick<Destination, 'named' | 'text'> {
  const { host, port, subset } = name;
  const named = subset === '' ? { host, port } : { host, port, subset };
  return { named, text: portText(mesh, named) };
}

/** What a gateway behind a cluster gets; nothing for TLS inside of TLS, and where no gateway is. */
function sentToGateway(
  mesh: Mesh, sender: Workload, request: MeshRequest, { name, cluster, carriesTls = false, request: sent }: ClusterEnd, arrived: readonly ArrivalAtPods[],
): SentRequest | undefined {
  const tls = arrived.find(isGateway)?.tls;
  const addsTls = tls !== 'plaintext' && tls !== 'passthrough';
  if (tls === undefined || 'missing' in cluster || (addsTls && carriesTls)) {
    return undefined;
  }
  const { namespace, serviceAccount } = sender;
  const [trustDomain] = mesh.settings.trustDomains;
  // Without sni in the rule, Envoy takes the host of the request for TLS outside of the mesh (Istio 1.30, cluster_tls.go).
  const added = asText(asObject(cluster.policy.tls).sni) || (tls === 'mesh' ? serverNameOf(name) : withoutPort(sent?.authority ?? ''));
  return {
    ...request, ...(sent === undefined ? {} : fieldsOf(sent)), ...(sender.proxy === 'router' ? addressBehind(sender, request, sent) : {}), port: name.port,
    scheme: addsTls || carriesTls ? 'https' : 'http',
    serverName: addsTls ? added : carriesTls ? request.serverName : '',
    hasCertificate: addsTls ? tls !== 'simple' : carriesTls && request.hasCertificate === true,
    peer: tls === 'mesh' ? { trustDomain, namespace, serviceAccount } : undefined,
  };
}

/** The addresses that a gateway behind a gateway sees: of the client only what the first one appends to the header, if it knows it. */
function addressBehind(sender: Workload, { from }: MeshRequest, sent: ForwardedRequest | undefined): Partial<SentRequest> {
  const known = sent?.headers.get('x-forwarded-for');
  const added = sent === undefined || from !== undefined ? {}
    : { headers: { ...Object.fromEntries(sent.headers), 'x-forwarded-for': known === undefined ? UNKNOWN_ADDRESS : `${known},${UNKNOWN_ADDRESS}` } };
  return { ...added, from: undefined, hiddenBehind: `gateway ${namespacedName(sender)}` };
}

function fixOfMissing(mesh: Mesh, sender: Workload, missing: string, { name: { host, port, subset } }: ClusterEnd): string {
  switch (missing) {
    case 'port': return `Use a port that the Service has: ${host} has no port ${port}.`;
    case 'subset': return fixOfSubset(mesh, sender, host, subset);
    case 'endpoints': return `Add endpoints to ${host}: a cluster by DNS is not built without them.`;
    default: return `Correct the host of the destination, or add the Service ${host} to the input, and let exportTo and Sidecars show it to the proxy.`;
  }
}

/** The DestinationRule to change; another one where the proxy uses none. */
function fixOfSubset({ services, destinationRules }: Mesh, sender: Workload, host: string, subset: string): string {
  const service = services.find(host, sender.namespace, sender.proxy === 'router' ? undefined : sender.namespace);
  const rule = service && destinationRules.find(sender, service);
  return rule === undefined ? `Write a DestinationRule for ${host} with the subset ${subset}: the proxy uses none for this host.`
    : `Add the subset ${subset} to DestinationRule ${namespacedName(rule.config)}.`;
}

/** Of a cluster that sends to the address that the client dialed. */
function noDialedPods({ client, service, port }: Cluster): Cause {
  return client === 'sidecar' ? noPodsAtPort(service, port) : {
    fix: `Remove the load balancer PASSTHROUGH of ${service.hostname}: it needs the address that a client dialed, which a gateway does not have.`,
  };
}
