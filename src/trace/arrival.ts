// Arrival: what happens to a request at the pods behind a cluster: mTLS, then the policies of the workload.
import { kept } from '../base/once';
import { ProtocolClass, mayBeHttp } from '../base/istio/protocol';
import { serverNameOf } from '../mesh/cluster-names';
import { Cluster } from '../mesh/clusters';
import { Endpoint } from '../mesh/objects/endpoints';
import { Place } from '../mesh/objects/config';
import { Mesh } from '../mesh/mesh';
import { Arrival, Arriving, arrivalAt, arrivalWithoutProxy } from '../mesh/security/inbound';
import { MtlsDemand } from '../mesh/security/mtls';
import { Workload, proxyAt } from '../mesh/objects/workloads';
import { Doubt, Hiding, askingDoubt, undecidedDoubts, unknownAtPods, unreadDoubts } from './doubts';
import { End } from './ends';
import { ForwardedRequest } from './forwarding';
import { normalizePath, splitTarget } from './path';
import { Decision, Facts, asksProvider, decide } from './policies/authorization';
import { NO_HEADERS } from './policies/seen-header';
import { headersBehind } from './policies/token-headers';
import { TokenOutcome, isPreflight, tokenOutcome } from './policies/tokens';
import { REQUEST_ID, UNKNOWN_VALUE } from './policies/unknown-values';
import { CodecRefusal, MeshRequest, SentRequest, UNKNOWN_ADDRESS, codecRefusal } from './request';

/** What happens at pods that are alike. */
export interface ArrivalAtPods {
  readonly endpoint: Endpoint;
  /** Share of the cluster's requests, from 0 to 1. */
  readonly share: number;
  readonly tls: ReturnType<Mesh['clusters']['tlsTo']>;
  /** What the pods' sidecar demands; absent without a sidecar. */
  readonly demand?: MtlsDemand;
  readonly arrival: Arrival;
  /** Whether the sidecar reads the request: it answers 401 and 403 then, and closes the connection otherwise. */
  readonly isRead: boolean;
  /** Whether the port declares HTTP: to the sidecar, or, without one, to clients. */
  readonly declaresHttp: boolean;
  /** What the codec of the sidecar refuses. */
  readonly codec?: CodecRefusal;
  /** Policies whose decision the input does not tell. */
  readonly doubts?: readonly Doubt[];
  /** What became of the token; absent if the request does not get as far, and without a sidecar. */
  readonly token?: TokenOutcome;
  /** Absent if the request does not get as far, and without a sidecar. */
  readonly decision?: Decision;
  /** Status as the client sees it, unless the application answers: 503 for a connection that fails, 400, 401, 403 or 426. */
  readonly status?: 400 | 401 | 403 | 426 | 503;
  /** The RequestAuthentication that refuses the token. */
  readonly refusedBy?: Place;
}

/** The arrivals at the endpoints of an end; none if it has no cluster. */
export function arrivals(mesh: Mesh, sender: Workload, request: MeshRequest, end: Extract<End, { is: 'cluster' }>): readonly ArrivalAtPods[] {
  const { cluster } = end;
  if ('missing' in cluster) {
    return [];
  }
  const { all, settled } = PODS.get(cluster) ?? kept(PODS, cluster, podsIn(mesh, cluster));
  // What no proxy has read yet may be refused by the codec of the pods' sidecar.
  const isOpen = end.carriesTls === true || (end.request === undefined && codecRefusal(request) !== undefined);
  return (isOpen ? undefined : settled) ?? arrivedAt(all, isOpen, { mesh, sender, request, end }, cluster);
}

function arrivedAt(all: readonly Pods[], isOpen: boolean, sending: Sending, cluster: Cluster): ArrivalAtPods[] {
  return all.map(pods => (isOpen ? undefined : pods.settled) ?? arrive(sending, cluster, pods));
}

/** What is sent, and by which proxy. */
interface Sending {
  readonly mesh: Mesh;
  readonly sender: Workload;
  readonly request: MeshRequest;
  readonly end: Extract<End, { is: 'cluster' }>;
}

/** Pods of a cluster that are alike. */
interface Pods extends Pick<ArrivalAtPods, 'endpoint' | 'share' | 'tls'> {
  readonly arriving: Arriving;
  /** What happens to all requests without TLS of the client; absent if that depends on the request. */
  readonly settled?: ArrivalAtPods;
}

/** The pods of a cluster. */
interface ClusterPods {
  readonly all: readonly Pods[];
  /** What happens at all of them, whatever the request; absent if that depends on it. */
  readonly settled?: readonly ArrivalAtPods[];
}

/** A cluster is part of one mesh, and the same for all requests. */
const PODS = new WeakMap<Cluster, ClusterPods>();

function podsIn(mesh: Mesh, cluster: Cluster): ClusterPods {
  const all = podsOf(mesh, cluster);
  const settled = all.map(own => own.settled).filter(own => own !== undefined);
  return { all, settled: settled.length === all.length ? settled : undefined };
}

function podsOf(mesh: Mesh, cluster: Cluster): Pods[] {
  const total = cluster.endpoints.reduce((sum, { count }) => sum + count, 0);
  return cluster.endpoints.map(endpoint => {
    const [tls, share] = [mesh.clusters.tlsTo(cluster, endpoint), endpoint.count / total];
    const arriving = tls === 'mesh' ? 'mesh' : tls === 'plaintext' ? 'plaintext' : 'other-tls';
    const settled = settledAt(mesh, endpoint, { arriving, protocol: cluster.port.protocol });
    return { endpoint, share, tls, arriving, settled: settled && settledArrival(settled, share, tls) };
  });
}

/** Of one shape, because every request reads it. */
function settledArrival(
  { endpoint, arrival, isRead, declaresHttp, demand, token, decision, status }: Arrived, share: number, tls: ArrivalAtPods['tls'],
): ArrivalAtPods {
  return { endpoint, share, tls, demand, arrival, isRead, declaresHttp, codec: undefined, doubts: undefined, token, decision, status, refusedBy: undefined };
}

function arrive({ mesh, sender, request, end }: Sending, cluster: Cluster, { endpoint, share, tls, arriving }: Pods): ArrivalAtPods {
  const isMesh = tls === 'mesh';
  const { name, request: forwarded, carriesTls = false } = end;
  const [trustDomain] = mesh.settings.trustDomains;
  const sent = forwarded ?? (carriesTls ? undefined : asWritten(request));
  const chain = (sent?.headers.get('x-forwarded-for') ?? '').split(',').map(entry => entry.trim()).filter(entry => entry !== '');
  const isProxied = sender.proxy === 'router';
  // A gateway appends the peer to the header; what it does not read it leaves as it is.
  const remoteIp = isProxied && forwarded !== undefined ? request.from : chain.at(-1);
  const arrived = arriveAt(mesh, endpoint, {
    arriving, protocol: cluster.port.protocol, carriesTls,
    ...(sent ? { request: sent } : {}),
    // The proxy that sends has read what it forwards.
    ...(forwarded === undefined && sent !== undefined ? { codec: codecRefusal(request) } : {}),
    // The pods see the proxy that sends as their peer, never the client behind it.
    peer: isMesh ? { trustDomain, namespace: sender.namespace, serviceAccount: sender.serviceAccount } : null,
    ...(isProxied ? { remoteIp, hiding: { source: GATEWAY, remote: forwarded === undefined ? GATEWAY : request.hiddenBehind } }
      : addressesOf(request, remoteIp)),
    ...(isMesh ? { serverName: serverNameOf(name) } : {}),
  });
  return { ...arrived, share, tls };
}

/** The addresses that pods see. Without the header the one that connects is that of the client. */
function addressesOf(
  { from, hiddenBehind }: Pick<MeshRequest, 'from' | 'hiddenBehind'>, forwarded: string | undefined,
): Pick<Sent, 'sourceIp' | 'remoteIp' | 'hiding'> {
  const isUnknown = forwarded === UNKNOWN_ADDRESS;
  const remoteIp = isUnknown ? undefined : forwarded ?? from;
  return {
    ...(from === undefined ? {} : { sourceIp: from }), ...(remoteIp === undefined ? {} : { remoteIp }),
    // Who adds an unknown address to the header would add the one that the request says.
    ...(hiddenBehind === undefined ? {} : { hiding: { source: hiddenBehind, ...(isUnknown ? {} : { remote: hiddenBehind }) } }),
  };
}

const GATEWAY = 'the gateway';

/** The arrivals at pods that are dialed: no proxy of the mesh reads the request before them, and none adds mTLS. */
export function arrivalsOfDialed(mesh: Mesh, sent: SentRequest, protocol: ProtocolClass, pods: readonly Endpoint[]): ArrivalAtPods[] {
  const isTls = sent.scheme === 'https';
  const last = sent.headers['x-forwarded-for']?.split(',').at(-1)?.trim();
  const total = pods.reduce((sum, { count }) => sum + count, 0);
  return pods.map(endpoint => ({
    ...arriveAt(mesh, endpoint, {
      arriving: isTls ? 'other-tls' : 'plaintext', protocol, peer: null, ...addressesOf(sent, last),
      ...(isTls ? {} : { request: asWritten(sent), codec: codecRefusal(sent) }),
    }),
    share: endpoint.count / total,
    tls: isTls ? 'simple' as const : 'plaintext' as const,
  }));
}

/** What pods get of a request whose bytes no proxy before them reads. */
function asWritten({ method, authority, target, headers, token }: SentRequest): ForwardedRequest {
  const source = { get headers() { return new Map([[REQUEST_ID, UNKNOWN_VALUE], ...Object.entries(headers)]); } };
  return new ForwardedRequest(method, authority, target, source, token);
}

/** What a connection to a pod carries. */
interface Bytes {
  readonly arriving: Arriving;
  /** Whether it is TLS of the client. */
  readonly carriesTls?: boolean;
  /** What the port declares. */
  readonly protocol: ProtocolClass;
}

/** What gets to a pod. */
export interface Sent extends Bytes {
  /** Absent for TLS of the client. */
  readonly request?: ForwardedRequest;
  /** What the codec of a sidecar refuses of it. */
  readonly codec?: CodecRefusal;
  /** Identity of the sender; null without mTLS of the mesh. */
  readonly peer: Facts['peer'] & (object | null);
  /** Address that connects. */
  readonly sourceIp?: string;
  /** Address of the client, as `x-forwarded-for` has it. */
  readonly remoteIp?: string | undefined;
  readonly hiding?: Hiding;
  readonly serverName?: string;
}

type Arrived = Omit<ArrivalAtPods, 'share' | 'tls'>;

/** What the sidecar of a pod, or the pod itself, makes of what it gets. */
export function arriveAt(mesh: Mesh, endpoint: Endpoint, sent: Sent): Arrived {
  return settledAt(mesh, endpoint, sent) ?? judged(mesh, endpoint, endpoint.workload!, sent);
}

/** What happens to all requests; nothing if that depends on the request. */
function settledAt(mesh: Mesh, endpoint: Endpoint, bytes: Bytes & Pick<Sent, 'codec'>): Arrived | undefined {
  const { workload } = endpoint;
  const { arriving, carriesTls = false } = bytes;
  if (workload === undefined || proxyAt(workload, endpoint.port) === 'none') {
    // An address outside of the mesh is assumed to speak what the rule says.
    const arrival = workload === undefined ? 'served' : arrivalWithoutProxy(arriving);
    const declaresHttp = bytes.protocol === 'http';
    return { endpoint, arrival, isRead: false, declaresHttp, ...(arrival === 'served' ? {} : { status: 503 as const }) };
  }
  const protocol = inboundProtocol(mesh, workload, endpoint.port, bytes.protocol);
  const demand = mesh.peerAuthentications.demandOf(workload, endpoint.port);
  const outer = arrivalAt(demand.mode, protocol, carriesTls && arriving === 'plaintext' ? 'other-tls' : arriving);
  // The sidecar expects HTTP inside of the mTLS.
  const arrival = outer === 'served' && carriesTls && protocol === 'http' ? 'wrong-protocol' : outer;
  const [isRead, declaresHttp] = [mayBeHttp(protocol) && !carriesTls, protocol === 'http'];
  if (arrival !== 'served') {
    return { endpoint, demand, arrival, isRead, declaresHttp, status: 503 };
  }
  const { custom, deny, allow } = mesh.authorizationPolicies.stagesOf(workload);
  const depends = custom.length + deny.length + allow.length + mesh.requestAuthentications.rulesOf(workload).length > 0 || bytes.codec !== undefined;
  return depends ? undefined : { endpoint, demand, arrival, isRead, declaresHttp, token: { is: 'none' }, decision: { is: 'allowed' } };
}

/** What the sidecar takes the bytes for: the oldest of the Services that lead to the port of the pod decides, whichever of them the client calls. */
function inboundProtocol(mesh: Mesh, workload: Workload, port: number, called: ProtocolClass): ProtocolClass {
  return mesh.services.inboundProtocol(workload, port) ?? called;
}

function judged(mesh: Mesh, endpoint: Endpoint, workload: Workload, sent: Sent): Arrived {
  const demand = mesh.peerAuthentications.demandOf(workload, endpoint.port);
  const protocol = inboundProtocol(mesh, workload, endpoint.port, sent.protocol);
  const { codec } = sent;
  // A sniffed port takes for TCP what its codec does not know.
  const isRead = sent.request !== undefined && mayBeHttp(protocol) && (protocol === 'http' || codec?.reason !== 'codec-error');
  const arrived = { endpoint, demand, arrival: 'served' as const, isRead, declaresHttp: protocol === 'http' };
  if (isRead && codec !== undefined) {
    return { ...arrived, codec, status: codec.status };
  }
  const request = isRead ? sent.request : undefined;
  const stages = mesh.authorizationPolicies.stagesOf(workload);
  const facts = factsAt(mesh, endpoint, sent, request);
  // A provider is asked before tokens are read.
  const asked = asksProvider(stages, facts);
  const asking = asked === undefined ? [] : [askingDoubt(asked)];
  const rules = request === undefined || isPreflight(request) ? [] : mesh.requestAuthentications.rulesOf(workload);
  const token = tokenOutcome(rules, { token: request?.token, headers: request?.headers ?? NO_HEADERS, query: splitTarget(request?.target ?? '')[1] });
  if (token.is === 'refused') {
    return { ...arrived, doubts: asking, token, status: token.status, ...(token.place ? { refusedBy: token.place } : {}) };
  }
  const headers = headersBehind(rules, token, facts.headers);
  const decision = decide(stages, { ...facts, headers, claims: token.is === 'accepted' ? token.claims : null });
  const isRefused = decision.is === 'denied' || decision.is === 'not-allowed';
  const doubts = [...asking, ...undecidedDoubts(decision, unknownAtPods(sent.hiding ?? {})), ...unreadDoubts(token)];
  return { ...arrived, doubts, token, decision, ...(isRefused ? { status: isRead ? 403 as const : 503 as const } : {}) };
}

function factsAt({ settings }: Mesh, endpoint: Endpoint, { peer, sourceIp, remoteIp, serverName }: Sent, request: ForwardedRequest | undefined): Facts {
  const [path, query] = splitTarget(request?.target ?? '');
  return {
    isHttp: request !== undefined,
    peer,
    ...(sourceIp === undefined ? {} : { sourceIp }),
    // Without HTTP there is no header.
    ...(remoteIp === undefined || request === undefined ? sourceIp === undefined ? {} : { remoteIp: sourceIp } : { remoteIp }),
    port: endpoint.port,
    ...(serverName === undefined ? {} : { serverName }),
    authority: request?.authority ?? '',
    method: request?.method ?? '',
    // Each sidecar normalizes what it reads, also what another proxy has rewritten.
    path: normalizePath(path, settings.pathNormalization),
    query,
    headers: request?.headers ?? NO_HEADERS,
    claims: null,
    trustDomains: settings.trustDomains,
  };
}
