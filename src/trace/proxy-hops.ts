// The hops of a trace through a proxy of the mesh, and to the pods behind it.
import { namespacedName } from '../base/kubernetes-name';
import { once } from '../base/once';
import { assumption } from '../mesh/assumed-gateways';
import type { Cluster } from '../mesh/clusters';
import { showCluster } from '../mesh/cluster-names';
import type { Place } from '../mesh/objects/config';
import { credentialText } from '../mesh/credential-text';
import type { Endpoint } from '../mesh/objects/endpoints';
import type { FilterChain } from '../mesh/filter-chains';
import { isTlsServer } from '../mesh/objects/gateways';
import type { Listener } from '../mesh/listeners';
import type { LocalRateLimit } from '../mesh/local-rate-limit';
import type { Mesh } from '../mesh/mesh';
import type { GatewayProxy } from '../mesh/proxies';
import type { Route } from '../mesh/route/routes';
import type { VirtualHost } from '../mesh/route/virtual-hosts';
import { proxyAssumption, type Workload } from '../mesh/objects/workloads';
import type { ArrivalAtPods } from './arrival';
import { type Hop, type PassedOver, about, hop, shared } from './hops/hop';
import { authenticationHops, authorizationHops } from './hops/policy-hops';
import { type MeshRequest, type SeenRequest, podPortOf } from './request';
import { matchesPath, unmetCondition } from './route-match';
import { actionText, changesText, matchText, pathText } from './hops/route-text';
import type { Walk } from './walk';

/** A cluster in words. */
export function clusterText({ name, balancer, discovery, rule, policy }: Cluster): string {
  const tls = policy.tls as { readonly mode?: string } | undefined;
  return [
    showCluster(name), balancer, ...discovery === 'dns' ? ['by DNS'] : [],
    ...rule === undefined ? [] : [`DestinationRule ${rule.from.map(namespacedName).join(' and ')}`],
    ...tls?.mode === undefined ? [] : [`tls ${tls.mode}`],
  ].join(', ');
}

/** The hosts of the VirtualService of a route. */
export function hostsOf(route: Route | undefined): Place | undefined {
  return route?.virtualService && { manifest: route.virtualService.config.manifest, pointer: '/spec/hosts' };
}

/** What the sidecar in front of pods demands and decides, and the pods. */
export function podHops(mesh: Mesh, { endpoint, tls, demand, arrival, isRead, doubts, token, decision, status }: ArrivalAtPods, probability: number): Hop[] {
  const { workload, port } = endpoint;
  const limits = workload?.proxy === 'sidecar' && isRead ? limitHops(mesh, workload, 'SIDECAR_INBOUND') : [];
  const sent = tls === 'mesh' ? 'mTLS of the mesh' : tls === 'plaintext' ? 'plaintext' : `TLS (${tls})`;
  const sidecar = demand === undefined ? []
    : [about(endpoint, hop('sidecar', `gets ${sent} on port ${port}, demands ${demand.mode}: ${arrivalText(arrival)}`, demand.place))];
  const policies = workload === undefined ? [] : [
    ...token === undefined || !isRead ? [] : authenticationHops(mesh.requestAuthentications.rulesOf(workload), token),
    ...authorizationHops(mesh.authorizationPolicies.stagesOf(workload), decision, doubts?.[0]?.policy),
  ];
  const last = status === undefined || arrival === 'raw-tls' ? [about(endpoint, hop('workload', endpointText(endpoint), workload))] : [];
  return [...sidecar, ...limits, ...policies, ...last].map(one => shared(one, probability));
}

function arrivalText(arrival: ArrivalAtPods['arrival']): string {
  switch (arrival) {
    case 'served': return 'accepted';
    case 'needs-mtls': return 'refused, it wants mTLS';
    case 'handshake-fails': return 'the handshake fails, it wants a certificate of the mesh';
    case 'wrong-protocol': return 'refused, TLS is no HTTP';
    case 'raw-tls': return 'the application gets TLS';
  }
}

function endpointText({ workload, address, port, count }: Endpoint): string {
  if (workload === undefined) {
    return `${address}:${port}`;
  }
  const { kind, isProxyAssumed } = workload;
  const assumed = isProxyAssumed ? `, no sidecar${proxyAssumption(workload)}` : '';
  return `${kind.split('.')[0]} ${namespacedName(workload)}, port ${port}, ${count} ${count === 1 ? 'pod' : 'pods'}${assumed}`;
}

/** The hops inside the proxy. */
export function proxyHops(mesh: Mesh, request: MeshRequest, found: Walk): Hop[] {
  const { proxy, listener, virtualHost, routeConfig, ends, seen } = found;
  if (proxy === undefined) {
    return [];
  }
  const isGateway = !('workload' in request.entry);
  const from = () => `${isGateway ? 'gateway' : 'sidecar of'} ${namespacedName(proxy)}${assumption(proxy)}`;
  if (listener === undefined) {
    return [hop('gateway-listener', `${from()} does not listen on port ${request.port}`, proxy)];
  }
  const listening = () => hop('gateway-listener', `${listener} of ${from()}, port ${request.port} of the Service`, proxy);
  const limits = isGateway && routeConfig !== undefined ? limitHops(mesh, proxy, 'GATEWAY') : [];
  const hops = isGateway ? [...connectionHops(mesh, request, found, listening), ...limits, ...policyHops(mesh, proxy, found)] : [listening()];
  if (isRefusedByPolicy(found)) {
    return hops;
  }
  if (routeConfig !== undefined && virtualHost === undefined && ends.some(end => end.is === 'refused' && end.reason === 'no-virtual-host')) {
    hops.push(hop('virtual-host', `none of ${routeConfig} has the host ${request.authority}`));
  }
  if (virtualHost !== undefined) {
    const redirects = ends.some(end => end.is === 'redirect' && end.required);
    const [first] = virtualHost.routes;
    const place = redirects ? virtualHost.redirects[0] : hostsOf(first);
    const detail = `${virtualHost.name}${redirects ? ': httpsRedirect, because x-forwarded-proto is not https' : ''}`;
    hops.push(about(virtualHost, hop('virtual-host', detail, place)));
    if (!redirects) {
      hops.push(...routeHops(seen!, virtualHost, found));
    }
  }
  return hops;
}

/** Whether the request ends before the router, which is the last filter. */
function isRefusedByPolicy({ admission }: Walk): boolean {
  return admission?.token?.is === 'refused' || admission?.decision?.is === 'denied' || admission?.decision?.is === 'not-allowed';
}

function listenerOf(mesh: Mesh, proxy: Workload, request: MeshRequest): Listener | undefined {
  const gateway = mesh.gateway(proxy);
  return gateway.listenerOn(podPortOf(gateway, request));
}

/** The steps of the last connection with a filter chain: requests have few kinds of connections. */
const CONNECTIONS = new WeakMap<FilterChain, Pick<MeshRequest, 'scheme' | 'serverName' | 'port'> & { readonly hops: readonly Hop[] }>();

function connectionHops(mesh: Mesh, request: MeshRequest, found: Walk, listening: () => Hop): readonly Hop[] {
  const { scheme, serverName, port } = request;
  const known = found.chain && CONNECTIONS.get(found.chain);
  if (known?.scheme === scheme && known.serverName === serverName && known.port === port) {
    return known.hops;
  }
  const hops = [about(listenerOf(mesh, found.proxy!, request)!, listening()), chainHop(mesh, request, found)];
  if (found.chain !== undefined) {
    CONNECTIONS.set(found.chain, { scheme, serverName, port, hops });
  }
  return hops;
}

function chainHop(mesh: Mesh, request: MeshRequest, { proxy, filterChain }: Walk): Hop {
  const chains = listenerOf(mesh, proxy!, request)?.filterChains.all ?? [];
  const others = chains.filter(({ index }) => index !== filterChain).map((chain): PassedOver => ({
    place: chain.server, what: `filter chain ${chain.index}`,
    why: chain.serverNames.length === 0 ? 'another one fits better' : `its server names are ${chain.serverNames.join(', ')}`,
  }));
  const chosen = filterChain === undefined ? undefined : chains[filterChain];
  const sent = request.scheme === 'http' ? 'plaintext' : request.serverName === '' ? 'TLS without server name' : `TLS with server name ${request.serverName}`;
  if (chosen === undefined) {
    return hop('filter-chain', `none accepts ${sent}`, undefined, others);
  }
  const names = chosen.serverNames.length === 0 ? 'any server name' : chosen.serverNames.join(', ');
  const step = about(chosen, hop('filter-chain', `${sent}: ${names}, ${chainText(chosen)}`, chosen.server, others));
  const warning = request.scheme === 'https' ? credentialWarning(mesh.gateway(proxy!), chosen) : undefined;
  return warning === undefined ? step : { ...step, warning };
}

/** The first Secret that the gateway may lack. One that it certainly lacks ends the request. */
function credentialWarning(gateway: GatewayProxy, { server }: FilterChain): string | undefined {
  const unknown = gateway.credentials(server).find(({ state }) => state === 'unknown');
  return unknown && credentialText(unknown, gateway.namespace);
}

function chainText({ terminatesTls, clientCertificate, server, tcp }: FilterChain): string {
  const tls = terminatesTls ? `terminates TLS (${server.tls?.mode ?? 'SIMPLE'})`
    : isTlsServer(server) ? 'passes TLS on' : 'plaintext';
  return `${tls}${clientCertificate === 'required' ? ', demands a client certificate' : ''}${tcp === undefined ? '' : ', TCP'}`;
}

/** The limits of a proxy on the rate of requests. How many came before a request is not known. */
function limitHops(mesh: Mesh, workload: Workload, context: LocalRateLimit['context']): Hop[] {
  return mesh.unmodelled.touching(workload).flatMap(({ limit, manifest, pointer }) => (
    limit?.context === context ? [hop('rate-limit', limit.text, { manifest, pointer })] : []));
}

/** The gateway's own policies. */
function policyHops(mesh: Mesh, proxy: Workload, { admission, uncertain }: Walk): Hop[] {
  return [
    ...authenticationHops(mesh.requestAuthentications.rulesOf(proxy), admission?.token),
    ...authorizationHops(mesh.authorizationPolicies.stagesOf(proxy), admission?.decision, uncertain?.[0]?.policy),
  ];
}

/** What hops say of the routes of a virtual host, whatever the request: making the texts anew took a third of the time of a trace with hops. */
interface RouteTexts {
  /** As passed over because of their paths, as far as requests came. */
  readonly passedByPath: PassedOver[];
  readonly details: string[];
}

const TEXTS = new WeakMap<VirtualHost, RouteTexts>();

function passedOverRoute(place: Route, index: number, unmet: string): PassedOver {
  return { place, what: place.name === '' ? `route ${index + 1}` : `route ${place.name}`, why: `it wants ${unmet}` };
}

function routeHops(seen: SeenRequest, host: VirtualHost, { route, routeIndex }: Walk): Hop[] {
  const { routes, paths } = host;
  const { passedByPath, details } = once(TEXTS, host, () => ({ passedByPath: [], details: [] }));
  const count = routeIndex ?? routes.length;
  for (let index = passedByPath.length; index < count; index++) {
    const { path, ignoresCase } = routes[index].match;
    passedByPath.push(passedOverRoute(routes[index], index, pathText(path, ignoresCase)));
  }
  const passedOver = passedByPath.slice(0, count);
  for (const index of paths.passedOver(seen.path, count, match => matchesPath(match, seen.path))) {
    const { match } = routes[index];
    passedOver[index] = passedOverRoute(routes[index], index, unmetCondition(match, seen) ?? matchText(match));
  }
  if (route === undefined || routeIndex === undefined) {
    return [hop('route', routes.length === 0 ? 'the virtual host has no routes' : `none of ${routes.length} matches`, undefined, passedOver)];
  }
  const detail = details[routeIndex] ??= [`${matchText(route.match)} → ${actionText(route.action)}`, ...changesText(route)].join('; ');
  return [about(route, hop('route', detail, route, passedOver))];
}
