// A trace that enters by a load balancer: which one, its rules, and the targets behind it.
import { coversBlock } from '../base/ip';
import { kept } from '../base/once';
import { namespacedName } from '../base/kubernetes-name';
import { kindNameOf } from '../manifests/kind';
import { type Manifest, qualifiedNameOf } from '../manifests/manifest';
import { annotationAt, stepsOf } from '../manifests/pointer';
import type { Mesh } from '../mesh/mesh';
import { type Listener, type LoadBalancer, type TargetGroup, attributeOf } from '../plan/load-balancer';
import { type PlanEvent, refuserOf } from '../plan/refusal';
import { type ClientRequest, authorityOf, sentHeaders } from './client-request';
import { unnamedPort } from './death-causes';
import { traceAtPods } from './direct-trace';
import { type Hop, about, hop, withWarning } from './hops/hop';
import type { TraceModels } from './models';
import { type Traced, scaled, whyUnmodelled } from './pod-ends';
import { withoutSelector } from './pod-resolver';
import { traceProxy } from './proxy-trace';
import type { MeshRequest, SentRequest } from './request';
import { type Death, FOREIGN, type TraceEnd, refusedEnd, unsupportedEnd, withStatus } from './hops/trace-end';
import { type Forwarding, walkBalancer } from './alb/balancer-walk';
import type { Entrance } from './alb/load-balancers';
import { type BalancedRequest, balancedRequest } from './alb/rule-match';
import { healthFault } from './alb/target-health';
import { type TargetService, type TracedGroup, balancedHeaders, versionFault } from './alb/targets';
import { unmanagedIngress } from './alb/unmanaged-ingress';

/** Follows a request through the load balancer that serves its host. @param group the IngressGroup, if the request names one */
export function traceBalanced(models: TraceModels, request: ClientRequest, group: string | undefined, wantsHops: boolean): Traced {
  const seen = balancedRequest(request);
  const candidates = models.loadBalancers.candidates(request.port, seen, group);
  if (candidates.length === 0) {
    const end = nowhere(models, request, group);
    return { hops: [], ends: [group !== undefined ? end : orGatewayApi(models, request, [end], end.reason !== 'no-load-balancer') ?? end] };
  }
  const tracing = { models, request, seen, wantsHops };
  const first = traceEntrance(tracing, candidates[0]);
  return candidates.length === 1 && !isForeign(first) ? first : fittest(tracing, group, candidates, first);
}

/** Whether nobody serves the host or the path there. */
function isForeign({ ends }: Traced): boolean {
  return ends.every(({ reason }) => reason !== undefined && FOREIGN.has(reason));
}

/** The only trace that does not end because nobody serves the request there. @param first the trace by the first of the candidates */
function fittest(tracing: Tracing, group: string | undefined, candidates: readonly Entrance[], first: Traced): Traced {
  const { models, request, seen } = tracing;
  const results = candidates.map((entrance, index) => ({ entrance, traced: index === 0 ? first : traceEntrance(tracing, entrance) }));
  const fitting = results.filter(({ traced }) => !isForeign(traced));
  const other = fitting.length > 0 || group !== undefined ? undefined : orGatewayApi(models, request, results.flatMap(({ traced: { ends } }) => ends), true);
  if (other !== undefined) {
    return { hops: [], ends: [other] };
  }
  const possible = fitting.length === 0 ? results : fitting;
  if (possible.length === 1) {
    return possible[0].traced;
  }
  const groups = possible.map(({ entrance: { loadBalancer } }) => loadBalancer.group);
  return {
    hops: [],
    ends: [refusedEnd('several-load-balancers', 1, {
      words: `several load balancers may serve ${seen.host}: ${groups.join(', ')}`, fix: `Name one with via=load-balancer:${groups[0]}.`,
    })],
  };
}

/** The end where objects of the Gateway API may serve the host instead; nothing if none does. @param isNamed whether they must name the host */
function orGatewayApi({ mesh }: TraceModels, { host }: ClientRequest, ends: readonly TraceEnd[], isNamed: boolean): TraceEnd | undefined {
  const unmodelled = mesh.unmodelled.serving(host, isNamed);
  return unmodelled && unsupportedEnd(whyUnmodelled(unmodelled), 1, ends.filter(({ reason }) => reason !== 'no-load-balancer'), unmodelled);
}

/** Which field to correct, and what is wrong with it. */
function fixOfRefused({ manifest, pointer, reason }: PlanEvent): string {
  const key = annotationAt(pointer);
  const field = key !== undefined ? `annotation ${key} of ` : pointer === '' ? '' : `${stepsOf(pointer).join('.')} of `;
  const isPredicate = /^(must|is|has|cannot|does) /.test(reason);
  return `Correct ${field}${namedObject(manifest)}: ${isPredicate ? 'it ' : ''}${reason}.`;
}

function namedObject(manifest: Manifest): string {
  return `${kindNameOf(manifest).split('.')[0]} ${qualifiedNameOf(manifest)}`;
}

/** Why no load balancer takes the request. */
function nowhere({ plan, loadBalancers: { built, refused } }: TraceModels, { port, host }: ClientRequest, group: string | undefined): TraceEnd {
  const isWanted = (own: { readonly group: string }) => group === undefined || own.group === group;
  const failed = refused.find(isWanted);
  if (failed !== undefined && !built.some(isWanted)) {
    const { manifest, pointer, reach } = failed.refused;
    const refused = reach === 'object' ? namedObject(manifest) : `load balancer ${failed.group}`;
    const words = `${refuserOf(failed.refused)} refuses ${refused}`;
    return refusedEnd('load-balancer-refused', 1, { words, by: { manifest, pointer }, fix: fixOfRefused(failed.refused) });
  }
  if (built.some(isWanted)) {
    const ports = [...new Set(built.filter(isWanted).flatMap(({ listeners }) => listeners.map(own => own.port)))].sort((a, b) => a - b);
    const fix = `Send the request to a port of the load balancer (${ports.join(', ')}), or add ${port} to its listeners.`;
    return refusedEnd('no-alb-listener', 1, { words: `no listener on port ${port}`, fix });
  }
  return refusedEnd('no-load-balancer', 1, group === undefined ? unmanagedIngress(plan, host) : {
    words: `no load balancer ${group}`,
    fix: built.length === 0 ? `The input has no load balancer for ${host}.` : `Use one of ${built.map(own => own.group).join(', ')}.`,
  });
}

interface Tracing {
  readonly models: TraceModels;
  readonly request: ClientRequest;
  readonly seen: BalancedRequest;
  readonly wantsHops: boolean;
}

/** The blocks of addresses that the security group of a load balancer lets in to a listener; none of a family that may be anywhere. */
interface Inbound {
  readonly cidrIP?: readonly string[];
  readonly cidrIPv6?: readonly string[];
}

/** A listener is part of one load balancer. */
const INBOUND = new WeakMap<Listener, Inbound>();

function inboundOf({ managedSecurityGroup, ipAddressType }: LoadBalancer, { port: number }: Listener): Inbound {
  const rules = managedSecurityGroup?.inbound.filter(({ port }) => port === number) ?? [];
  const isUnknown = rules.length === 0 || rules.some(({ prefixList }) => prefixList !== undefined);
  const blocks = (family: 'cidrIP' | 'cidrIPv6', all: string): Inbound => {
    const own = rules.flatMap(({ [family]: block = [] }) => block);
    return isUnknown || own.includes(all) ? {} : { [family]: own };
  };
  return { ...blocks('cidrIP', '0.0.0.0/0'), ...ipAddressType.startsWith('dualstack') ? blocks('cidrIPv6', '::/0') : {} };
}

/** The end of a client that the security group does not let in; nothing if the address of the client is not in the request. */
function shutOut({ loadBalancer, listener }: Entrance, from: string | undefined): TraceEnd | undefined {
  if (from === undefined) {
    return undefined;
  }
  const inbound = INBOUND.get(listener) ?? kept(INBOUND, listener, inboundOf(loadBalancer, listener));
  const blocks = from.includes(':') ? inbound.cidrIPv6 : inbound.cidrIP;
  return blocks === undefined ? undefined : outside(blocks, from);
}

function outside(blocks: readonly string[], from: string): TraceEnd | undefined {
  return blocks.some(own => coversBlock(own, from)) ? undefined : refusedEnd('no-alb-listener', 1, {
    words: `${from} not let in`,
    fix: `Add the address to inbound-cidrs${blocks.length === 0 ? '' : ` (${blocks.join(', ')})`}, or send the request from one of them.`,
  });
}

function traceEntrance(tracing: Tracing, entrance: Entrance): Traced {
  const closed = shutOut(entrance, tracing.request.from);
  if (closed !== undefined) {
    return { hops: [], ends: [closed] };
  }
  if (entrance.loadBalancer.type === 'network') {
    return traceNetwork(tracing, entrance);
  }
  const { request, seen } = tracing;
  const found = walkBalancer(entrance, request, seen, tracing.wantsHops);
  if (found.is === 'end') {
    return { hops: found.hops, ends: [found.end] };
  }
  const parts: Traced[] = [];
  for (const { id, probability } of found.shares) {
    const group = targetGroupAt(entrance.loadBalancer, id);
    parts.push(scaled(group === undefined ? traceBound(tracing, entrance, id, found) : traceBehindBalancer(tracing, entrance, group, found), probability));
  }
  return joined(found.hops, parts);
}

function targetGroupAt({ targetGroups }: LoadBalancer, id: string): TargetGroup | undefined {
  return targetGroups.find(own => own.id === id);
}

/** The steps of all requests, then the parts that some of them take: usually all take the only one. */
function joined(hops: readonly Hop[], parts: readonly Traced[]): Traced {
  const [only] = parts;
  return parts.length === 1 ? { hops: hops.length === 0 ? only.hops : [...hops, ...only.hops], ends: only.ends }
    : { hops: [...hops, ...parts.flatMap(own => own.hops)], ends: parts.flatMap(({ ends }) => ends) };
}

/** A target group of somebody else. Its protocol, unless a TargetGroupBinding names it, is assumed to be one that its targets speak. */
function traceBound(tracing: Tracing, entrance: Entrance, id: string, found: Forwarding): Traced {
  const groups = tracing.models.boundGroups(id);
  if (groups.length === 0) {
    return notInInput(id);
  }
  const parts = groups.map(group => traceBehindBalancer(tracing, entrance, group, found));
  return parts.find(({ ends }) => ends.every(({ reason }) => reason === undefined || !MISMATCHES.has(reason))) ?? parts[0];
}

/** Ways to die of a connection whose protocol is not that of the targets. */
const MISMATCHES: ReadonlySet<Death> = new Set<Death>(['plaintext-to-tls', 'tls-to-plaintext', 'upstream-tls', 'no-filter-chain', 'mtls']);

function notInInput(id: string): Traced {
  const isMade = !id.startsWith('arn:') && id.includes(':');
  return isMade ? withoutService(id) : unknownGroup(id, `Target group ${id} is not made by the controller: what it leads to is not in the input.`);
}

function withoutService(id: string): Traced {
  return unknownGroup(id, `The Service behind target group ${id} is not in the input: add it.`);
}

function unknownGroup(id: string, why: string): Traced {
  return { hops: [hop('target-group', `target group ${id}`)], ends: [unsupportedEnd(why, 1)] };
}

/** A Network Load Balancer: it passes the connection on, or terminates TLS. */
function traceNetwork(tracing: Tracing, { loadBalancer, listener }: Entrance): Traced {
  const { models, request } = tracing;
  const place = { manifest: loadBalancer.members[0], pointer: '' };
  const at = about(listener, hop('alb-listener', `${listener.protocol}:${listener.port} of Network Load Balancer ${loadBalancer.group}`, place));
  const [{ targetGroup }] = listener.defaultActions[0]?.forwardConfig?.targetGroups ?? [{}];
  const group = targetGroupAt(loadBalancer, targetGroup ?? '');
  if (listener.protocol === 'TLS' && request.scheme === 'http') {
    return { hops: [at], ends: [refusedEnd('wrong-scheme', 1, { words: 'plain HTTP sent to a TLS listener' })] };
  }
  if (group === undefined) {
    const rest = notInInput(targetGroup ?? '');
    return { hops: [at, ...rest.hops], ends: rest.ends };
  }
  const behind = group.albPort === undefined ? undefined : models.loadBalancers.at({ group: loadBalancer.group, type: 'application' }, group.albPort);
  const rest = behind === undefined ? traceTargets(tracing, group, passedBy(request, listener, group)) : traceEntrance(tracing, behind);
  return { hops: [at, ...rest.hops], ends: rest.ends };
}

/** What an Application Load Balancer sends, whose version must fit the target group; it turns a connection that the target closes into 502. */
function traceBehindBalancer(tracing: Tracing, entrance: Entrance, group: TracedGroup, { target, authority, isLoggedIn }: Forwarding): Traced {
  const { request, wantsHops } = tracing;
  // What the input does not tell of a target group of somebody else fits.
  const fault = group.healthCheck === undefined ? undefined
    : versionFault(group, request, attributeOf(entrance.loadBalancer, 'routing.http2.enabled') !== 'false');
  if (fault !== undefined) {
    const hops = wantsHops ? [about(group, hop('target-group', groupText(group), group.from))] : [];
    return { hops, ends: [refusedEnd('protocol-version', 1, { words: fault, by: group.from })] };
  }
  const isOld = group.protocolVersion === undefined || group.protocolVersion === 'HTTP1';
  const sent: Sending = {
    scheme: group.protocol === 'HTTPS' ? 'https' : 'http', serverName: '', method: request.method, authority, target,
    headers: balancedHeaders(entrance, request, isLoggedIn), version: isOld ? 'HTTP/1.1' : 'HTTP/2', token: tokenOf(request),
    hiddenBehind: 'the Application Load Balancer',
  };
  const { hops, ends } = traceTargets(tracing, group, sent);
  return { hops, ends: ends.every(({ kind }) => kind === 'workload') ? ends : ends.map(seenByClient) };
}

/** An end at the targets as the client of the load balancer sees it. */
function seenByClient(end: TraceEnd): TraceEnd {
  return withStatus(end.reason === 'no-client-certificate' ? { ...end, fix: NO_CERTIFICATE } : end, 502);
}

const NO_CERTIFICATE = 'Give the server of the gateway tls.mode SIMPLE: an Application Load Balancer presents no certificate to its targets. '
  + 'It can ask clients for theirs (mutual-authentication).';

/** What a Network Load Balancer sends: the bytes of the client, without TLS if it terminates that, and in TLS of its own to targets that want it. */
function passedBy(request: ClientRequest, { protocol }: Listener, group: TargetGroup): Sending {
  const isPassed = protocol !== 'TLS';
  // Client addresses are kept for target type instance, and for ip only on request.
  const keepsClient = (attributeOf(group, 'preserve_client_ip.enabled') ?? String(group.targetType === 'instance')) === 'true';
  return {
    scheme: isPassed ? request.scheme : group.protocol === 'TLS' ? 'https' : 'http',
    serverName: isPassed && request.scheme === 'https' ? request.serverName ?? request.host : '',
    method: request.method, authority: authorityOf(request), target: request.target, headers: sentHeaders(request),
    version: `HTTP/${request.http ?? '1.1'}`,
    ...(keepsClient ? request.from === undefined ? {} : { from: request.from } : { hiddenBehind: HIDING_NLB }), token: tokenOf(request),
    hasCertificate: isPassed && request.hasCertificate === true,
  };
}

const HIDING_NLB = 'the Network Load Balancer (without preserve_client_ip.enabled)';

function tokenOf({ claims }: ClientRequest): SentRequest['token'] {
  return claims && { claims, isValid: true };
}

/** A request to the targets, whichever proxy gets it and at whatever port. */
type Sending = Omit<SentRequest, 'port'>;

function groupText({ protocol, protocolVersion, id, targetType }: TracedGroup): string {
  return `${protocol}${protocolVersion === undefined ? '' : ` (${protocolVersion})`} to target group ${id}, target type ${targetType}`;
}

/** The steps to target groups, which are the same for all requests. */
const GROUP_HOPS = new WeakMap<TargetService, Hop>();

/** The pods of a target group. */
function traceTargets({ models, wantsHops }: Tracing, group: TracedGroup, request: Sending): Traced {
  const { mesh } = models;
  const found = models.targetsOf(group);
  if (found === undefined) {
    return withoutService(group.id);
  }
  const { service, port, pods } = found;
  const at = wantsHops ? [GROUP_HOPS.get(found) ?? kept(GROUP_HOPS, found, groupHop(mesh, group, found))] : NO_HOPS;
  if (service.selector === undefined) {
    return { hops: at, ends: [withoutSelector(service)] };
  }
  const { entries, count, total } = ENTRIES.get(found) ?? kept(ENTRIES, found, entriesOf(mesh, found));
  if (total === 0) {
    return { hops: at, ends: [refusedEnd('no-targets', 1, { by: service, ...unnamedPort(mesh, service, port) })] };
  }
  if (attributeOf(group, 'proxy_protocol_v2.enabled') === 'true') {
    const why = 'The load balancer sends the PROXY protocol, and whether the target reads it is not modeled.';
    return { hops: at, ends: [unsupportedEnd(why, 1, [], group.from)] };
  }
  const parts: Traced[] = [];
  for (const { entry, port: podPort, replicas } of entries) {
    parts.push(scaled(traceProxy(mesh, sentTo(entry, podPort, port.port, request), wantsHops), replicas / total));
  }
  if (count > 0) {
    parts.push(scaled(traceAtPods(mesh, { ...request, port: port.port }, service, port, pods, wantsHops), count / total));
  }
  return joined(at, parts);
}

function groupHop(mesh: Mesh, group: TracedGroup, found: TargetService): Hop {
  return withWarning(about(group, hop('target-group', groupText(group), group.from)), warningOf(mesh, group, found));
}

/** How requests enter the pods of a target group. */
interface Entries {
  /** The gateways, with the port of their pods. */
  readonly entries: readonly { readonly entry: MeshRequest['entry']; readonly port: number; readonly replicas: number }[];
  /** How many other pods there are. */
  readonly count: number;
  /** How many pods there are. */
  readonly total: number;
}

/** The same for all requests. */
const ENTRIES = new WeakMap<TargetService, Entries>();

function entriesOf(mesh: Mesh, { port, gateways, pods }: TargetService): Entries {
  const count = pods.reduce((sum, own) => sum + own.count, 0);
  const total = gateways.reduce((sum, { replicas }) => sum + replicas, count);
  const entries = gateways.map(gateway => (
    { entry: { gateway: namespacedName(gateway) }, port: mesh.gateway(gateway).targetOf(port), replicas: gateway.replicas }));
  return { entries, count, total };
}

const NO_HOPS: readonly Hop[] = [];

/** What a gateway gets, field by field: a copy by a spread takes a tenth of the time of a request. */
function sentTo(entry: MeshRequest['entry'], podPort: number, port: number, request: Sending): MeshRequest {
  const { scheme, serverName, method, authority, dialed, target, headers, version, from, hiddenBehind, token, hasCertificate, peer, passed } = request;
  const all: { readonly [Field in keyof Required<MeshRequest>]: MeshRequest[Field] } = {
    entry, scheme, port, podPort, serverName, method, authority, dialed, target, headers, version, from, hiddenBehind, token, hasCertificate, peer,
    passed,
  };
  return all;
}

function warningOf(mesh: Mesh, group: TracedGroup, { service, port, gateways, pods }: TargetService): string | undefined {
  const { healthCheck, targetType } = group;
  if (healthCheck === undefined) {
    return undefined;
  }
  const atGateways = gateways.map(workload => ({
    workload, port: mesh.gateway(workload).targetOf(port), count: workload.replicas, labels: workload.labels, acceptsMtls: false,
  }));
  const faults = [...atGateways, ...pods].map(endpoint => healthFault(mesh, { healthCheck, targetType }, service, endpoint));
  return faults.find(fault => fault !== undefined)?.message;
}
