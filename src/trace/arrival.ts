// Arrival: what happens to a request at the pods behind a cluster: mTLS, then the policies of the workload.
import { Cluster } from '../mesh/clusters';
import { Endpoint } from '../mesh/endpoints';
import { Mesh } from '../mesh/mesh';
import { Arrival, arrivalAt, arrivalWithoutProxy } from '../mesh/security/inbound';
import { MtlsDemand } from '../mesh/security/mtls';
import { Workload } from '../mesh/workloads';
import { Decision, Facts, decide } from './authorization';
import { End } from './ends';
import { splitTarget } from './path';
import { tokenOutcome } from './tokens';
import { MeshRequest } from './request';

/** What happens at pods that are alike. */
export interface ArrivalAtPods {
  readonly endpoint: Endpoint;
  /** Share of the cluster's requests, from 0 to 1. */
  readonly share: number;
  readonly tls: ReturnType<Mesh['clusters']['tlsTo']>;
  /** What the pods' sidecar demands; absent without a sidecar. */
  readonly demand?: MtlsDemand;
  readonly arrival: Arrival;
  /** Absent if the request does not get as far, and without a sidecar. */
  readonly decision?: Decision;
  /** Status as the client sees it, unless the application answers: 503 for a connection that fails, 401 or 403. */
  readonly status?: 401 | 403 | 503;
}

/** The arrivals at the endpoints of an end; none if it has no cluster. */
export function arrivals(mesh: Mesh, sender: Workload, request: MeshRequest, end: Extract<End, { is: 'cluster' }>): ArrivalAtPods[] {
  const { cluster } = end;
  if ('missing' in cluster) {
    return [];
  }
  const total = cluster.endpoints.reduce((sum, { count }) => sum + count, 0);
  return cluster.endpoints.map(endpoint => arrive({ mesh, sender, request, end }, cluster, endpoint, endpoint.count / total));
}

/** What is sent, and by which proxy. */
interface Sending {
  readonly mesh: Mesh;
  readonly sender: Workload;
  readonly request: MeshRequest;
  readonly end: Extract<End, { is: 'cluster' }>;
}

function arrive(sending: Sending, cluster: Cluster, endpoint: Endpoint, share: number): ArrivalAtPods {
  const { mesh, end } = sending;
  const tls = mesh.clusters.tlsTo(cluster, endpoint);
  const arriving = tls === 'mesh' ? 'mesh' : tls === 'plaintext' ? 'plaintext' : 'other-tls';
  const { workload } = endpoint;
  if (workload === undefined || workload.proxy === 'none') {
    // An address outside of the mesh is assumed to speak what the rule says.
    const arrival = workload === undefined ? 'served' : arrivalWithoutProxy(arriving);
    return { endpoint, share, tls, arrival, ...(arrival === 'served' ? {} : { status: 503 as const }) };
  }
  const demand = mesh.peerAuthentications.demandOf(workload, endpoint.port);
  const arrival = arrivalAt(demand.mode, cluster.port.protocol, arriving);
  if (arrival !== 'served') {
    return { endpoint, share, tls, demand, arrival, status: 503 };
  }
  const token = tokenOutcome(mesh.requestAuthentications.rulesOf(workload), end.request?.token);
  if (token.is === 'refused') {
    return { endpoint, share, tls, demand, arrival, status: token.status };
  }
  const facts = factsAt(sending, endpoint, tls === 'mesh', token.is === 'accepted' ? token.claims : null);
  const decision = decide(mesh.authorizationPolicies.stagesOf(workload), facts);
  const isRefused = decision.is === 'denied' || decision.is === 'not-allowed';
  return { endpoint, share, tls, demand, arrival, decision, ...(isRefused ? { status: 403 as const } : {}) };
}

/** The pods see the proxy that sends as their peer, never the client behind it. */
function factsAt({ mesh, sender, request, end }: Sending, endpoint: Endpoint, isMesh: boolean, claims: Facts['claims']): Facts {
  const { name, request: sent } = end;
  const [trustDomain] = mesh.settings.trustDomains;
  const chain = (sent?.headers.get('x-forwarded-for') ?? '').split(',').map(entry => entry.trim()).filter(entry => entry !== '');
  const remoteIp = sender.proxy === 'router' ? request.from : chain.at(-1);
  return {
    isHttp: sent !== undefined,
    peer: isMesh ? { trustDomain, namespace: sender.namespace, serviceAccount: sender.serviceAccount } : null,
    ...(remoteIp === undefined ? {} : { remoteIp }),
    port: endpoint.port,
    ...(isMesh ? { serverName: `outbound_.${name.port}_.${name.subset}_.${name.host}` } : {}),
    authority: sent?.authority ?? '',
    method: sent?.method ?? '',
    path: splitTarget(sent?.target ?? '')[0],
    headers: sent?.headers ?? new Map(),
    claims,
    trustDomains: mesh.settings.trustDomains,
  };
}
