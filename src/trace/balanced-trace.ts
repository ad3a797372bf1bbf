// A trace that enters by a load balancer: which one, its rules, and the targets behind it.
import type { Mesh } from '../mesh/mesh';
import type { Workload } from '../mesh/workloads';
import type { LoadBalancer, TargetGroup } from '../plan/load-balancer';
import { arriveAt } from './arrival';
import { type ClientRequest, authorityOf, headersBesideHost } from './client-request';
import { type Hop, hop } from './hop';
import type { TraceModels } from './models';
import { type Traced, podEnds, podHops, traceProxy } from './proxy-trace';
import { type MeshRequest, UNKNOWN_ADDRESS } from './request';
import { type Death, type DeathDetails, type TraceEnd, refusedEnd, unsupportedEnd } from './trace-end';
import { type Forwarding, walkBalancer } from './alb/balancer-walk';
import type { Entrance } from './alb/load-balancers';
import { type BalancedRequest, balancedRequest } from './alb/rule-match';
import { healthFault } from './alb/target-health';
import { type TargetService, attributeOf, balancedHeaders, targetServiceOf, versionFault } from './alb/targets';

/** Ends of requests for which a load balancer is not meant. */
const FOREIGN: ReadonlySet<Death> = new Set<Death>(['no-rule', 'no-virtual-host', 'no-filter-chain']);

/** Follows a request through the load balancer that serves its host. @param group the IngressGroup, if the request names one */
export function traceBalanced(models: TraceModels, request: ClientRequest, group: string | undefined, wantsHops: boolean): Traced {
  const seen = balancedRequest(request);
  const candidates = models.loadBalancers.candidates(request.port, seen, group);
  if (candidates.length === 0) {
    return { hops: [], ends: [nowhere(models, request, group)] };
  }
  const results = candidates.map(entrance => traceEntrance({ models, request, seen, wantsHops }, entrance));
  const fitting = results.filter(({ ends }) => !ends.every(({ reason }) => reason !== undefined && FOREIGN.has(reason)));
  const [result, other] = fitting.length === 0 ? results : fitting;
  if (other === undefined) {
    return result;
  }
  const groups = candidates.map(({ loadBalancer }) => loadBalancer.group);
  return {
    hops: [],
    ends: [refusedEnd('several-load-balancers', 1, {
      words: `several load balancers may serve ${seen.host}: ${groups.join(', ')}`, fix: `Name one with via=load-balancer:${groups[0]}.`,
    })],
  };
}

/** Why no load balancer takes the request. */
function nowhere({ loadBalancers: { built, refused } }: TraceModels, { port, host }: ClientRequest, group: string | undefined): TraceEnd {
  const isWanted = (own: { readonly group: string }) => group === undefined || own.group === group;
  const failed = refused.find(isWanted);
  if (failed !== undefined && !built.some(isWanted)) {
    const { manifest, pointer, reason } = failed.refused;
    const words = `the controller refuses load balancer ${failed.group}`;
    return refusedEnd('load-balancer-refused', 1, { words, by: { manifest, pointer }, fix: `Mend what it refuses: ${reason}.` });
  }
  if (built.some(isWanted)) {
    const ports = [...new Set(built.filter(isWanted).flatMap(({ listeners }) => listeners.map(own => own.port)))].sort((a, b) => a - b);
    const fix = `Send the request to a port of the load balancer (${ports.join(', ')}), or add ${port} to its listeners.`;
    return refusedEnd('no-alb-listener', 1, { words: `no listener on port ${port}`, fix });
  }
  return refusedEnd('no-load-balancer', 1, group === undefined ? {} : {
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

function traceEntrance(tracing: Tracing, entrance: Entrance): Traced {
  if (entrance.loadBalancer.type === 'network') {
    return traceNetwork(tracing, entrance);
  }
  const { request, seen } = tracing;
  const found = walkBalancer(entrance, request, seen);
  if (found.is === 'end') {
    return { hops: found.hops, ends: [found.end] };
  }
  const parts = found.shares.map(({ id, probability }) => {
    const group = entrance.loadBalancer.targetGroups.find(own => own.id === id);
    const part = group === undefined ? notInInput(id) : traceTargets(tracing, entrance.loadBalancer, group, found);
    return scaled(part, probability);
  });
  return { hops: [...found.hops, ...parts.flatMap(({ hops }) => hops)], ends: parts.flatMap(({ ends }) => ends) };
}

function notInInput(id: string): Traced {
  return {
    hops: [hop('target-group', `target group ${id}`)],
    ends: [unsupportedEnd(id.startsWith('arn:') || !id.includes(':') ? `Target group ${id} is not made by the controller: what it leads to is not in the input.`
      : `The Service behind target group ${id} is not in the input: add it.`, 1)],
  };
}

function scaled({ hops, ends }: Traced, probability: number): Traced {
  const scale = <T extends { readonly probability: number }>(own: T): T => ({ ...own, probability: own.probability * probability });
  return probability === 1 ? { hops, ends } : { hops: hops.map(scale), ends: ends.map(scale) };
}

/** A Network Load Balancer: it passes the connection on, or terminates TLS. */
function traceNetwork(tracing: Tracing, { loadBalancer, listener }: Entrance): Traced {
  const { models, request } = tracing;
  const place = { manifest: loadBalancer.members[0], pointer: '' };
  const at = hop('alb-listener', `${listener.protocol}:${listener.port} of Network Load Balancer ${loadBalancer.group}`, place);
  const [{ targetGroup }] = listener.defaultActions[0]?.forwardConfig?.targetGroups ?? [{}];
  const group = loadBalancer.targetGroups.find(({ id }) => id === targetGroup);
  if (listener.protocol === 'TLS' && request.scheme === 'http') {
    return { hops: [at], ends: [refusedEnd('wrong-scheme', 1, { words: 'plain HTTP sent to a TLS listener' })] };
  }
  if (group === undefined) {
    const rest = notInInput(targetGroup ?? '');
    return { hops: [at, ...rest.hops], ends: rest.ends };
  }
  const behind = group.albPort === undefined ? undefined : models.loadBalancers.at({ group: loadBalancer.group, type: 'application' }, group.albPort);
  const rest = behind === undefined ? traceTargets(tracing, loadBalancer, group) : traceEntrance(tracing, behind);
  return { hops: [at, ...rest.hops], ends: rest.ends };
}

/** The pods of a target group. @param forwarding what an Application Load Balancer sends; absent behind a Network Load Balancer */
function traceTargets(tracing: Tracing, loadBalancer: LoadBalancer, group: TargetGroup, forwarding?: Forwarding): Traced {
  const { models: { mesh }, request, wantsHops } = tracing;
  const found = targetServiceOf(mesh, group);
  const version = group.protocolVersion === undefined ? '' : ` (${group.protocolVersion})`;
  const text = `${group.protocol}${version} to target group ${group.id}, target type ${group.targetType}`;
  const fault = forwarding === undefined ? undefined : versionFault(group, request);
  if (fault !== undefined) {
    return died(hop('target-group', text, group.from), fault[0], { words: fault[1], by: group.from });
  }
  if (found === undefined) {
    return notInInput(group.id);
  }
  const warning = wantsHops ? warningOf(mesh, group, found) : undefined;
  const at: Hop = { ...hop('target-group', text, group.from), ...(warning === undefined ? {} : { warning }) };
  const total = [...found.gateways, ...found.pods.map(({ workload }) => workload!)].reduce((sum, { replicas }) => sum + replicas, 0);
  if (total === 0) {
    return died(at, 'no-targets', { by: found.service });
  }
  if (attributeOf(group, 'proxy_protocol_v2.enabled') === 'true') {
    const why = 'The load balancer sends the PROXY protocol, and whether the target reads it is not modeled.';
    return { hops: [at], ends: [unsupportedEnd(why, 1, [], group.from)] };
  }
  const sent = sentTo(tracing, loadBalancer, group, found, forwarding);
  const parts = [
    ...found.gateways.map(gateway => scaled(traceAtGateway(tracing, sent, gateway, forwarding !== undefined), gateway.replicas / total)),
    ...found.pods.length === 0 ? [] : [traceAtPods(mesh, sent, found, total, wantsHops)],
  ];
  return { hops: [at, ...parts.flatMap(({ hops }) => hops)], ends: parts.flatMap(({ ends }) => ends) };
}

function died(at: Hop, reason: Death, details: DeathDetails): Traced {
  return { hops: [at], ends: [refusedEnd(reason, 1, details)] };
}

function warningOf(mesh: Mesh, group: TargetGroup, { service, port, gateways, pods }: TargetService): string | undefined {
  const atGateways = gateways.map(workload => ({
    workload, port: mesh.gateway(workload).merged.listenerPort(port.port), count: workload.replicas, labels: workload.labels, acceptsMtls: false,
  }));
  return [...atGateways, ...pods].map(endpoint => healthFault(mesh, group, service, endpoint)).find(fault => fault !== undefined);
}

/** A request to a port of the targets, whichever proxy gets it. */
type SentRequest = Omit<MeshRequest, 'entry'>;

/** What the targets get. A load balancer that terminates TLS sends no server name. */
function sentTo(
  { request }: Tracing, loadBalancer: LoadBalancer, group: TargetGroup, { port }: TargetService, forwarding: Forwarding | undefined,
): SentRequest {
  const { method, claims } = request;
  const token = claims === undefined ? {} : { token: { claims, isValid: true } };
  if (forwarding !== undefined) {
    return {
      scheme: group.protocol === 'HTTPS' ? 'https' : 'http', port: port.port, serverName: '', method,
      authority: forwarding.authority, target: forwarding.target, headers: balancedHeaders(loadBalancer, request), version: 'HTTP/1.1', ...token,
    };
  }
  const isPassed = group.protocol === 'TCP' && loadBalancer.listeners.some(own => own.port === request.port && own.protocol !== 'TLS');
  // Client addresses are kept for target type instance, and for ip only on request.
  const keepsClient = (attributeOf(group, 'preserve_client_ip.enabled') ?? String(group.targetType === 'instance')) === 'true';
  return {
    scheme: isPassed ? request.scheme : group.protocol === 'TLS' ? 'https' : 'http', port: port.port,
    serverName: isPassed && request.scheme === 'https' ? request.serverName ?? request.host : '',
    method, authority: authorityOf(request), target: request.target, headers: headersBesideHost(request),
    version: `HTTP/${request.http ?? '1.1'}`,
    ...(keepsClient && request.from !== undefined ? { from: request.from } : {}), ...token,
  };
}

/** An Application Load Balancer makes 502 of a connection that the target closes, and presents no certificate. */
function traceAtGateway({ models: { mesh }, request, wantsHops }: Tracing, sent: SentRequest, gateway: Workload, isBalanced: boolean): Traced {
  const entry = { gateway: `${gateway.namespace}/${gateway.name}` };
  const { hops, ends } = traceProxy(mesh, { ...sent, entry }, !isBalanced && request.hasCertificate === true, wantsHops);
  return { hops, ends: isBalanced ? ends.map(asBadGateway) : ends };
}

function asBadGateway(end: TraceEnd): TraceEnd {
  if (end.kind !== 'refused' || end.status !== undefined) {
    return end.candidates === undefined ? end : { ...end, candidates: end.candidates.map(asBadGateway) };
  }
  return { ...end, status: 502, to: end.to.replace(/^closed/, '502') };
}

/** Pods without a gateway in front. */
function traceAtPods(mesh: Mesh, sent: SentRequest, { service, port, pods }: TargetService, total: number, wantsHops: boolean): Traced {
  const { scheme, method, authority, target, headers, from, token } = sent;
  const forwardedFor = headers['x-forwarded-for']?.split(',').map(entry => entry.trim());
  const last = forwardedFor?.at(-1);
  const remoteIp = last === UNKNOWN_ADDRESS ? undefined : last ?? from;
  const arrived = pods.map(endpoint => ({
    ...arriveAt(mesh, endpoint, {
      arriving: scheme === 'https' ? 'other-tls' : 'plaintext', protocol: port.protocol, peer: null, ...(remoteIp === undefined ? {} : { remoteIp }),
      request: { method, authority, target, headers: new Map(Object.entries(headers)), ...(token ? { token } : {}) },
    }),
    share: endpoint.count / pods.reduce((sum, { count }) => sum + count, 0),
    tls: scheme === 'https' ? 'simple' as const : 'plaintext' as const,
  }));
  const probability = pods.reduce((sum, { count }) => sum + count, 0) / total;
  const ends = podEnds(mesh, arrived, probability, { named: { host: service.hostname, port: port.port }, seen: { path: target, authority } });
  return { hops: wantsHops ? arrived.flatMap(one => podHops(mesh, one, probability * one.share)) : [], ends };
}
