// What becomes of a request at the pods behind a cluster, or behind a Service that is dialed.
import { Kind } from '../manifests/kind';
import { nameOf, qualifiedNameOf } from '../manifests/manifest';
import type { Mesh } from '../mesh/mesh';
import { proxyAt } from '../mesh/objects/workloads';
import type { Unmodelled } from '../mesh/unmodelled';
import type { ArrivalAtPods } from './arrival';
import { disabledMtls, excludedPort, missingSidecar } from './death-causes';
import { type Hop, shared } from './hops/hop';
import { normalizeTarget } from './path';
import { type Death, type TraceEnd, refusedEnd, shortHost, unsupportedEnd } from './hops/trace-end';

/** Ends of a request, with the hops that lead to them if they were asked for. */
export interface Traced {
  readonly hops: readonly Hop[];
  readonly ends: readonly TraceEnd[];
}

/** A part of a trace that some of the requests take. */
export function scaled({ hops, ends }: Traced, probability: number): Traced {
  return probability === 1 ? { hops, ends } : {
    hops: hops.map(own => shared(own, own.probability * probability)), ends: ends.map(own => ({ ...own, probability: own.probability * probability })),
  };
}

/** A port of a host, or a subset behind it. */
export interface NamedPort {
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
}

/** What an end says of a request that arrives. */
export interface ArrivingRequest {
  /** Path with query. */
  readonly target: string;
  readonly authority: string;
  /** Whether normalizing the target leaves it as it is. @default false */
  readonly isNormal?: boolean;
}

/** Where requests are sent, and what the pods see of them. */
export interface Destination {
  readonly named: NamedPort;
  /** The same as ends show it. */
  readonly text: string;
  readonly seen: ArrivingRequest;
  /** Status as the client sees it where the connection to the pods fails; null where its own is closed. */
  readonly failure: 503 | null;
  /** Who sends them where no DestinationRule applies: a client outside of the mesh, or a sidecar that does not know the Service. */
  readonly sender?: 'outside' | 'passthrough';
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
  const { doubts, endpoint: { workload } } = arrived;
  const doubt = doubts?.find(({ policy }) => policy === undefined || policy.action === 'CUSTOM' || end.kind === 'workload');
  if (doubt !== undefined) {
    return unsupportedEnd(doubt.why, probability, [end], doubt.by);
  }
  const touching = end.kind !== 'workload' || workload === undefined ? NOTHING : mesh.unmodelled.touching(workload);
  if (touching.length === 0) {
    return end;
  }
  const unmodelled = interfering(workload?.proxy === 'none' ? touching.filter(({ isAmbient }) => isAmbient) : touching);
  return unmodelled === undefined ? end : unsupportedEnd(whyUnmodelled(unmodelled), probability, [end], unmodelled);
}

const NOTHING: readonly Unmodelled[] = [];

function refusalAtPods(arrived: ArrivalAtPods, probability: number, { named, failure, sender }: Destination): TraceEnd | undefined {
  const { arrival, isRead, declaresHttp, codec, decision, demand, status, refusedBy } = arrived;
  // An application may expect TLS, unless its port declares HTTP.
  if (arrival !== 'served' && !(arrival === 'raw-tls' && !declaresHttp)) {
    const reason: Death = arrival === 'needs-mtls' || arrival === 'handshake-fails' ? 'mtls' : 'upstream-tls';
    const { endpoint: { workload, port }, tls } = arrived;
    const cause = workload?.proxy === 'none' && tls === 'mesh' ? missingSidecar(workload)
      : workload?.proxy === 'sidecar' && tls === 'mesh' && proxyAt(workload, port) === 'none' ? excludedPort(workload, port)
      : tls === 'mesh' && demand?.mode === 'DISABLE' && demand.place !== undefined ? disabledMtls(demand.place)
      : reason === 'mtls' && sender !== undefined ? { fix: fixOf(sender, port) } : {};
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

/** At pods that accept only mTLS. */
function fixOf(sender: 'outside' | 'passthrough', port: number): string {
  const other = `Or let a PeerAuthentication for the pods accept plaintext on the port (portLevelMtls of port ${port}, mode PERMISSIVE).`;
  return sender === 'outside'
    ? `Send the requests through the gateway: the client does not speak mTLS of the mesh, and no DestinationRule changes that. ${other}`
    : `Let the client's sidecar know the Service, so that it uses mTLS of the mesh: exportTo of the Service, and egress.hosts of the Sidecar. ${other}`;
}

function servedEnd(mesh: Mesh, { endpoint: { workload }, isRead }: ArrivalAtPods, probability: number, to: Destination): TraceEnd {
  const { target, isNormal } = to.seen;
  // The sidecar of the pods normalizes what no proxy before it read as HTTP.
  const normalizes = workload?.proxy === 'sidecar' && isRead && isNormal !== true;
  return workloadEnd(to, probability, normalizes ? normalizeTarget(target, mesh.settings.pathNormalization) : target);
}

/** The end at pods, or at an address outside of the mesh. @param path with query, as it arrives there */
export function workloadEnd(
  { named: { host, port, subset }, text, seen: { authority } }: Pick<Destination, 'named' | 'text' | 'seen'>, probability: number, path: string,
): TraceEnd {
  return subset === undefined ? { probability, kind: 'workload', to: text, host, port, path, authority }
    : { probability, kind: 'workload', to: text, host, port, subset, path, authority };
}

/** A port of a host as ends show it. */
export function portText({ settings: { clusterDomain } }: Mesh, { host, port, subset }: NamedPort): string {
  return `${shortHost(host, clusterDomain)}:${port}${subset === undefined ? '' : `@${subset}`}`;
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
    ? `Envoy refuses the whole route table because of an invalid condition on a claim in ${named}, and keeps the table that it had.`
    : `${named} may change what the proxy does, and is not modeled.`;
}

/** The first of those that may change where a request goes. Telemetry only watches, and a rate limit does not change what it lets pass. */
export function interfering(unmodelled: readonly Unmodelled[]): Unmodelled | undefined {
  return unmodelled.find(({ kind }) => kind === Kind.VIRTUAL_SERVICE)
    ?? unmodelled.find(({ kind, limit }) => kind !== 'Telemetry.telemetry.istio.io' && limit === undefined);
}
