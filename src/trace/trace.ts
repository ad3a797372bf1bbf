// A trace: one request followed from the client to the pod.
import { UsageError } from '../base/errors';
import { isIpAddress } from '../base/ip';
import { namespacedName } from '../base/kubernetes-name';
import { compareText } from '../base/order';
import type { Input } from '../manifests/input';
import { isOfProxy } from '../mesh/listeners';
import type { Mesh } from '../mesh/mesh';
import type { Workload } from '../mesh/objects/workloads';
import type { ClientRequest, Via, ViaGateway, ViaPod } from './client-request';
import { authorityOf, formatRequest, headersBesideHost, parseRequest, sentHeaders, urlOf } from './client-request';
import { traceFromBarePod } from './direct-trace';
import type { Hop } from './hops/hop';
import { TraceModels, type TraceOptions, prepareTrace } from './models';
import type { NotApplied } from './not-applied';
import { type Traced, whyUnmodelled } from './pod-ends';
import { bypassesSidecar, isLoopback } from './pod-resolver';
import { traceProxy } from './proxy-trace';
import { traceBalanced } from './balanced-trace';
import type { MeshRequest } from './request';
import { type Death, FOREIGN, type TraceEnd, areAlike, refusedEnd, undefinedEnd, unsupportedEnd } from './hops/trace-end';

/** Constructs, objects or manifests; or models that were prepared for many requests. */
export type TraceInput = Input | TraceModels;

/** How a request is traced. */
export interface FollowOptions {
  /** Whether redirects are followed, as browsers do. @default false */
  readonly follow?: boolean;
}

/** Where one request goes. */
export interface Trace {
  /** The request as its line. */
  readonly request: string;
  readonly hops: readonly Hop[];
  /** Their probabilities add up to 1. */
  readonly ends: readonly TraceEnd[];
  /** Objects of the input that the API server, a webhook or the controller refuses: the trace goes on without them. */
  readonly notApplied: readonly NotApplied[];
}

/** Redirects that browsers follow before they give up. */
const MAX_REDIRECTS = 20;

/**
 * Follows one request from the client to the pod.
 *
 * @param input constructs, objects, manifests, or what {@link prepareTrace} made of them
 * @param request a request, or its line, such as `GET https://shop.example.com/cart user=ann`
 * @throws UsageError for a line that is no request
 */
export function trace(input: TraceInput, request: string | ClientRequest, options: TraceOptions & FollowOptions = {}): Trace {
  const models = input instanceof TraceModels ? input : prepareTrace(input, options);
  const read = typeof request === 'string' ? parseRequest(request) : request;
  const { hops, ends } = options.follow === true ? followed(models, read) : onceTraced(models, read, true);
  return { request: formatRequest(read), hops, ends, notApplied: models.notApplied };
}

/** The ends of a request alone, which takes a fraction of the time of a trace. */
export function endsOf(models: TraceModels, request: ClientRequest): readonly TraceEnd[] {
  return onceTraced(models, request, false).ends;
}

/** Redirects that are not followed. One to the URL of the request itself never ends, whoever follows it. */
function onceTraced(models: TraceModels, request: ClientRequest, wantsHops: boolean): Traced {
  const { hops, ends } = traced(models, request, wantsHops);
  return { hops, ends: ends.some(({ kind }) => kind === 'redirect') ? ends.map(end => (isLoop(request, end) ? loopEnd(request, end) : end)) : ends };
}

/** A cookie that the redirect sets may lead the same request elsewhere. */
function isLoop(request: ClientRequest, end: TraceEnd): boolean {
  const next = end.kind === 'redirect' ? redirected(request, end) : undefined;
  return next !== undefined && next.method === request.method && urlOf(next) === urlOf(request) && authorityOf(next) === authorityOf(request)
    && !/set-cookie/i.test(JSON.stringify(end.by?.manifest.object.spec ?? ''));
}

function loopEnd(request: ClientRequest, end: TraceEnd): TraceEnd {
  return loopOf(end, `${urlOf(request)} → ${end.location}`, end.probability, end.status);
}

/** What redirects without end. The redirect of a server (`httpsRedirect`) has no place of its own, and depends on x-forwarded-proto; a route's does not. */
function loopOf({ location, by }: TraceEnd, way: string, probability = 1, status?: number): TraceEnd {
  const cause = by === undefined ? {} : { by, fix: 'Remove the redirect, or let its route or rule match only requests that are not yet where it leads.' };
  return refusedEnd('redirect-loop', probability, { ...status === undefined ? {} : { status }, words: `redirect loop: ${way}`, location, ...cause });
}

/** The ends that hold whichever objects of unknown age are older, or that this is undefined. */
function traced(models: TraceModels, request: ClientRequest, wantsHops: boolean): Traced {
  const found = tracedInOrder(models, request, wantsHops);
  const others = models.otherOrders();
  if (others.length === 0) {
    return found;
  }
  const rivals = others.map(other => tracedInOrder(other, request, false).ends);
  return rivals.every(ends => areAlike(ends, found.ends)) ? found : { hops: found.hops, ends: [undefinedEnd(1, [...found.ends, ...rivals.flat()])] };
}

function tracedInOrder(models: TraceModels, request: ClientRequest, wantsHops: boolean): Traced {
  switch (request.via?.is) {
    case 'gateway':
      return traceGateway(models.mesh, request, request.via, wantsHops);
    case 'pod':
      return tracePod(models.mesh, request, request.via, wantsHops);
    default:
      return traceBalanced(models, request, request.via?.group, wantsHops);
  }
}

/** Enters at a port of a gateway. Of several gateways, those count that listen on the port, and of these those that have the host. */
function traceGateway(mesh: Mesh, request: ClientRequest, via: ViaGateway, wantsHops: boolean): Traced {
  const all = mesh.gatewayWorkloads();
  if (all.length === 1 && via.namespace === undefined) {
    return traceEntered(mesh, request, via.port, all[0], {}, wantsHops);
  }
  const named = via.namespace === undefined ? all : all.filter(({ namespace, name }) => namespace === via.namespace && name === via.name);
  const results = named.map(gateway => ({ gateway, result: traceEntered(mesh, request, via.port, gateway, { gateway: namespacedName(gateway) }, wantsHops) }));
  const fitting = [isListening, hasHost].reduce((left, fits) => {
    const found = left.filter(({ result }) => fits(result));
    return found.length === 0 ? left : found;
  }, results);
  if (fitting.length === 1) {
    return fitting[0].result;
  }
  const unmodelled = all.length === 0 ? mesh.unmodelled.serving(request.host, false) : undefined;
  if (unmodelled !== undefined) {
    return { hops: [], ends: [unsupportedEnd(whyUnmodelled(unmodelled), 1, [], unmodelled)] };
  }
  const names = (fitting.length === 0 ? all : fitting.map(({ gateway }) => gateway)).map(namespacedName).sort(compareText);
  const several = { words: `several gateways: ${names.join(', ')}`, fix: `Name one: via=gateway:${names[0]}:${via.port}.` };
  const unknown = names.length === 0 ? {} : { fix: `Use the name of a gateway of the input: ${names.join(', ')}.` };
  return { hops: [], ends: [refusedEnd('no-gateway', 1, fitting.length > 1 ? several : unknown)] };
}

function traceEntered(mesh: Mesh, request: ClientRequest, port: number, gateway: Workload, entry: MeshRequest['entry'], wantsHops: boolean): Traced {
  const end = closedAt(mesh, gateway, port);
  return end !== undefined ? { hops: [], ends: [end] }
    : traceProxy(mesh, meshRequest(request, entry, request.serverName ?? '', port), wantsHops);
}

/** Why a gateway cannot be reached on a port: it has no pods, or its Services do not have the port. One without a Service is reached on all ports. */
function closedAt(mesh: Mesh, gateway: Workload, port: number): TraceEnd | undefined {
  if (gateway.replicas === 0) {
    const fix = `Give ${namespacedName(gateway)} at least one replica.`;
    return refusedEnd('no-listener', 1, { words: `no pods of gateway ${namespacedName(gateway)}`, by: gateway, fix });
  }
  const ports = mesh.gateway(gateway).servicePorts;
  // Health checks dial the ports of the proxy itself at the pods.
  if (ports.size === 0 || ports.has(port) || isOfProxy(port)) {
    return undefined;
  }
  const fix = `Use a port of the gateway's Service (${[...ports].sort((a, b) => a - b).join(', ')}), or add ${port} to it.`;
  return refusedEnd('no-listener', 1, { by: gateway, fix });
}

function isListening({ ends }: Traced): boolean {
  return ends.every(({ reason }) => reason !== 'no-listener');
}

function hasHost({ ends }: Traced): boolean {
  return ends.every(({ reason }) => reason !== 'no-virtual-host' && reason !== 'no-filter-chain');
}

/** A pod sends the request; its sidecar decides if it has one. */
function tracePod(mesh: Mesh, request: ClientRequest, { namespace, workload: name }: ViaPod, wantsHops: boolean): Traced {
  const workload = mesh.workloads.find(namespace, name);
  if (workload === undefined) {
    const fix = `Add the workload ${namespace}/${name} to the input, or correct the name in via.`;
    return { hops: [], ends: [refusedEnd('no-gateway', 1, { words: `no workload ${namespace}/${name}`, fix })] };
  }
  const sent = meshRequest(request, { namespace, workload: name }, request.serverName ?? (request.scheme === 'https' ? request.host : ''));
  return workload.proxy === 'none' || isLoopback(request.host) || bypassesSidecar(workload, sent.port) ? traceFromBarePod(mesh, workload, sent, wantsHops)
    : traceProxy(mesh, sent, wantsHops);
}

const VERSIONS = { '1.0': 'HTTP/1.0', '1.1': 'HTTP/1.1', '2': 'HTTP/2' } as const;

/** A client's request as a proxy gets it. */
function meshRequest(request: ClientRequest, entry: MeshRequest['entry'], serverName: string, port = request.port): MeshRequest {
  const { scheme, method, target, http, from, claims, hasCertificate } = request;
  return {
    entry, scheme, port, serverName, method, authority: authorityOf(request), target, headers: sentHeaders(request), version: VERSIONS[http ?? '1.1'],
    dialed: request.host, from, token: claims === undefined ? undefined : { claims, isValid: true }, hasCertificate,
  };
}

/** Ends of a redirect to a host that this input does not serve. */
const ELSEWHERE: ReadonlySet<Death> = new Set<Death>([...FOREIGN, 'no-load-balancer', 'no-alb-listener', 'no-listener']);

/** Follows redirects until an end that is none, one that was seen before, or one to a host of somebody else. */
function followed(models: TraceModels, first: ClientRequest): Traced {
  const seen = new Set<string>();
  const hops: Hop[] = [];
  let request = first;
  let { hops: own, ends } = traced(models, first, true);
  for (let count = 1; ; count++) {
    hops.push(...own);
    const [end] = ends;
    const next = ends.length === 1 && end.kind === 'redirect' ? redirected(request, end) : undefined;
    if (next === undefined) {
      return { hops, ends };
    }
    seen.add(formatRequest(request));
    if (seen.has(formatRequest(next))) {
      return { hops, ends: [loopOf(end, `${urlOf(request)} → ${end.location}`)] };
    }
    if (count > MAX_REDIRECTS) {
      return { hops, ends: [loopOf(end, `more than ${MAX_REDIRECTS} redirects`)] };
    }
    const rest = traced(models, next, true);
    if (next.host !== request.host && rest.ends.every(({ reason }) => reason !== undefined && ELSEWHERE.has(reason))) {
      return { hops, ends };
    }
    [request, own, ends] = [next, afterRedirect(rest.hops, next), rest.ends];
  }
}

/** Says with the first step of a request that it follows a redirect, and where to. */
function afterRedirect([first, ...rest]: readonly Hop[], request: ClientRequest): Hop[] {
  return first === undefined ? rest : [{ ...first, detail: `${first.detail}, redirected to ${urlOf(request)}` }, ...rest];
}

/**
 * The request that a browser makes of a redirect: 303 turns all methods but HEAD into GET, and 301 and 302 turn POST into GET
 * (https://fetch.spec.whatwg.org/#http-redirect-fetch). Nothing for a location that is no URL of HTTP.
 */
function redirected(request: ClientRequest, { location, status }: TraceEnd): ClientRequest | undefined {
  let next: ClientRequest;
  try {
    next = parseRequest(`GET ${location}`);
  } catch (error) {
    if (error instanceof UsageError) {
      return undefined;
    }
    throw error;
  }
  const { scheme, host, port, target } = next;
  const becomesGet = (status === 303 && request.method !== 'HEAD') || ((status === 301 || status === 302) && request.method === 'POST');
  const method = becomesGet ? 'GET' : request.method;
  const [serverName, via] = [nextName(request, next), viaOf(request, next)];
  return { ...request, serverName, via, method, scheme, host, port, target, headers: headersBesideHost(request) };
}

/** A client that enters at a gateway names the host in the handshake if it did so before, or had no handshake yet; a load balancer does not. */
function nextName({ via, scheme, serverName = '' }: ClientRequest, next: ClientRequest): string | undefined {
  const isNamed = via?.is === 'gateway' && next.scheme === 'https' && (scheme === 'http' || serverName !== '');
  return isNamed && !isIpAddress(next.host.replace(/[[\]]/g, '')) ? next.host : undefined;
}

/** Where the next request enters: at the port of its URL if that changed, and wherever another host is served. */
function viaOf({ via, port, host }: ClientRequest, next: ClientRequest): Via | undefined {
  switch (via?.is) {
    case 'gateway': return port === next.port ? via : { ...via, port: next.port };
    case 'load-balancer': return host === next.host ? via : undefined;
    default: return via;
  }
}
