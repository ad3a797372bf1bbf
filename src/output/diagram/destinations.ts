// The last stretch of the road: clusters as Services with subsets, the pods behind them, and the TLS between.
import { type ClusterName } from '../../mesh/cluster-names';
import type { Cluster, NoCluster, UpstreamTls } from '../../mesh/clusters';
import type { Endpoint } from '../../mesh/objects/endpoints';
import type { Mesh } from '../../mesh/mesh';
import type { GatewayProxy, SidecarProxy } from '../../mesh/proxies';
import type { WeightedCluster } from '../../mesh/route/route-actions';
import { type Arriving, arrivalAt, arrivalWithoutProxy } from '../../mesh/security/inbound';
import type { Workload } from '../../mesh/objects/workloads';
import { shortHost } from '../../trace/hops/trace-end';
import { showShare } from '../../base/share-text';
import type { Draft, DraftNode, Label } from './draft';
import { portOf } from './ports';

type Proxy = GatewayProxy | SidecarProxy;

/** Draws arrows to clusters, with their shares. */
export function addClusters(draft: Draft, mesh: Mesh, proxy: Proxy, from: DraftNode, clusters: readonly WeightedCluster[], label: Label): void {
  const weights = clusters.map(({ weight }) => weight);
  for (const { cluster, weight } of clusters) {
    const share = clusters.length === 1 ? '' : `${showShare(weight, weights)} of `;
    const { text, of, about } = label;
    draft.edge(from, clusterNode(draft, mesh, proxy, cluster), [{
      text: `${share}${text}`, ...of ? { of } : {}, ...about ? { about: record => `${share}${about(record)}` } : {},
    }]);
  }
}

const MISSING: Readonly<Record<NoCluster['missing'], string>> = {
  service: 'no such Service: 503', port: 'the Service has no such port: 503', subset: 'no such subset: 503', endpoints: 'no endpoints: 503',
};

/** The cluster may have a Service that is not in the input. */
function missingText(mesh: Mesh, { host }: ClusterName, { missing }: NoCluster): string {
  return missing === 'service' && mesh.absentHosts.mayExist(host) ? '503 unless the cluster has it' : MISSING[missing];
}

/** The key of a cluster's box: proxies share it unless only one of them lacks the cluster. */
export function clusterKey({ host, port, subset }: ClusterName, cluster: Cluster | NoCluster): string {
  return JSON.stringify([host, port, subset, 'missing' in cluster ? cluster.missing : '']);
}

/** The box of a cluster, with its pods. */
export function clusterNode(draft: Draft, mesh: Mesh, proxy: Proxy, name: ClusterName): DraftNode {
  const cluster = proxy.cluster(name);
  const key = clusterKey(name, cluster);
  const known = draft.find(key);
  if (known !== undefined) {
    return known;
  }
  const [own, namespace, ...others] = shortHost(name.host, mesh.settings.clusterDomain).split('.');
  const isLocal = namespace !== undefined && others.length === 0 && name.host.endsWith(`.svc.${mesh.settings.clusterDomain}`);
  const isEmpty = !('missing' in cluster) && cluster.endpoints.length === 0 && cluster.service.resolution !== 'passthrough';
  const node = draft.node(key, () => ({
    station: 'service', ...isLocal ? { group: `namespace ${namespace}` } : {}, title: `${isLocal ? own : name.host}:${name.port}`,
    lines: name.subset === '' ? [] : [`subset ${name.subset}`],
    ...'missing' in cluster ? { fault: missingText(mesh, name, cluster) } : isEmpty ? { fault: 'no pods in the input: 503' } : {},
  }));
  if (!('missing' in cluster)) {
    cluster.endpoints.forEach(endpoint => addEndpoint(draft, mesh, node, cluster, endpoint));
  }
  return node;
}

const TLS: Readonly<Record<UpstreamTls, string>> = {
  plaintext: 'plaintext', simple: 'TLS', mutual: 'TLS, client certificate', mesh: 'mTLS', passthrough: 'mTLS',
};

function addEndpoint(draft: Draft, mesh: Mesh, from: DraftNode, cluster: Cluster, endpoint: Endpoint): void {
  const tls = mesh.clusters.tlsTo(cluster, endpoint);
  const port = portOfGateway(draft, mesh, endpoint);
  // The arrow to a gateway leads back, where a label would be on other boxes; the port says what it terminates.
  draft.edge(from, port ?? addPod(draft, mesh, endpoint), port === undefined ? [{ text: TLS[tls] }] : [], { fault: refusalOf(mesh, cluster, endpoint, tls) });
}

/** The port of another gateway, such as an egress gateway, from which the road goes on. */
function portOfGateway(draft: Draft, mesh: Mesh, { workload, port }: Endpoint): DraftNode | undefined {
  const isGateway = workload !== undefined && mesh.gatewayWorkloads().includes(workload);
  return isGateway && mesh.gateway(workload).listeners(port).length > 0 ? portOf(draft, mesh, workload, port).node : undefined;
}

/** Why the pods refuse what is sent. */
function refusalOf(mesh: Mesh, { port }: Cluster, { workload, port: own }: Endpoint, tls: UpstreamTls): string | undefined {
  if (workload === undefined) {
    return undefined;
  }
  const arriving: Arriving = tls === 'plaintext' ? tls : tls === 'mesh' || tls === 'passthrough' ? 'mesh' : 'other-tls';
  const { mode } = mesh.peerAuthentications.demandOf(workload, own);
  const arrival = workload.proxy === 'none' ? arrivalWithoutProxy(arriving) : arrivalAt(mode, port.protocol, arriving);
  switch (arrival) {
    case 'wrong-protocol': return 'TLS to a plaintext port: 503';
    case 'needs-mtls':
    case 'handshake-fails': return `refused, mTLS ${mode}: 503`;
    // Whether an application reads TLS is not in the input.
    default: return undefined;
  }
}

/** The key of an endpoint's box: the workload, or the address. */
export function endpointKey({ workload, address, port }: Endpoint): unknown {
  return workload ?? `address ${address ?? ''} ${port}`;
}

/** The box of pods that are alike. */
export function addPod(draft: Draft, mesh: Mesh, endpoint: Endpoint): DraftNode {
  const { workload, address, port } = endpoint;
  return draft.node(endpointKey(endpoint), () => workload === undefined
    ? { station: 'workload', title: `${address ?? ''}:${port}`, lines: ['address outside of the input'] }
    : { station: 'workload', group: `namespace ${workload.namespace}`, title: workload.name, lines: workloadLines(mesh, workload, port) });
}

/** What the pods are, and what they demand on the port. */
export function workloadLines(mesh: Mesh, workload: Workload, port: number): string[] {
  const { kind, replicas, proxy, isProxyAssumed } = workload;
  const { custom, deny, allow } = mesh.authorizationPolicies.stagesOf(workload);
  const policies = [...custom, ...deny, ...allow];
  const actions = [...new Set(policies.map(({ action }) => action))].map(action => `${policies.filter(own => own.action === action).length} ${action}`);
  const hasProxy = proxy !== 'none';
  return [
    `${kind.split('.')[0]}, ${replicas} ${replicas === 1 ? 'pod' : 'pods'}`,
    ...hasProxy ? [`sidecar, mTLS ${mesh.peerAuthentications.demandOf(workload, port).mode}`]
      : isProxyAssumed ? ['assumed: no sidecar', 'no Namespace in the input'] : ['no sidecar'],
    ...hasProxy && actions.length > 0 ? [`policies: ${actions.join(', ')}`] : [],
  ];
}
