// Clusters of a proxy: how endpoints are found and chosen, and the TLS that each gets, from the model and from the oracle.
import { type ClusterName, showCluster } from '../../src/mesh/cluster-names';
import { type Cluster } from '../../src/mesh/clusters';
import { type Mesh } from '../../src/mesh/mesh';
import { type GatewayProxy, type SidecarProxy } from '../../src/mesh/proxies';
import { type ClusterDump, type TlsDump } from './mesh-dump';
import { compact } from './plain';

type Json = Record<string, any>;

/** The clusters that the model knows for the proxy. */
export function envoyClusters(mesh: Mesh, proxy: GatewayProxy | SidecarProxy): Json {
  // A gateway with one such server has the clusters of all Services, those that the server's hosts do not cover included.
  const passesMtls = 'merged' in proxy && [
    ...proxy.merged.ports.flatMap(({ servers }) => servers), ...proxy.merged.skipped.filter(({ why }) => why !== 'duplicate-hosts').map(({ server }) => server),
  ].some(({ tls }) => tls?.mode === 'AUTO_PASSTHROUGH');
  const names = mesh.services.all.flatMap(({ hostname, ports }) => ports.flatMap(({ port }) => {
    const whole = proxy.cluster({ host: hostname, port, subset: '' });
    const subsets = 'missing' in whole ? [] : [...whole.rule?.subsets.keys() ?? []];
    return ['', ...subsets].flatMap((subset): ClusterName[] => (
      [{ host: hostname, port, subset }, ...passesMtls ? [{ host: hostname, port, subset, passesMtls } as const] : []]));
  }));
  return Object.fromEntries(names.flatMap(name => {
    const cluster = proxy.cluster(name);
    return 'missing' in cluster ? [] : [[showCluster(name), clusterOf(mesh, cluster)] as const];
  }));
}

const TYPES = { endpoints: 'EDS', dns: 'DNS', passthrough: 'ORIGINAL_DST' } as const;

function clusterOf(mesh: Mesh, cluster: Cluster): Json {
  const isPassthrough = cluster.discovery === 'passthrough';
  return compact({
    type: TYPES[cluster.discovery],
    balancer: cluster.balancer,
    proxyProtocol: cluster.proxyProtocol,
    endpoints: isPassthrough ? undefined : counted(cluster.endpoints.map(endpoint => ({
      at: `${endpoint.workload ? `${endpoint.workload.namespace}/${endpoint.workload.name}` : endpoint.address} ${endpoint.port} ${mesh.clusters.tlsTo(cluster, endpoint).replace('passthrough', 'plaintext')}`,
      count: endpoint.count,
    }))),
  });
}

function counted(endpoints: readonly { readonly at: string; readonly count: number }[]): Json {
  const sums = new Map<string, number>();
  endpoints.forEach(({ at, count }) => sums.set(at, (sums.get(at) ?? 0) + count));
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The clusters that istiod makes for Services. */
export function dumpedClusters(clusters: readonly ClusterDump[]): Json {
  return Object.fromEntries(clusters.filter(({ name }) => /^outbound[|_]/.test(name)).map(one => {
    const type = one.type === 'ORIGINAL_DST' || one.type === 'EDS' ? one.type : 'DNS';
    return [one.name, compact({
      type,
      balancer: one.lbPolicy ?? 'ROUND_ROBIN',
      proxyProtocol: (one.tls ?? one.tlsMatches?.[0].tls)?.proxyProtocol,
      endpoints: type === 'ORIGINAL_DST' ? undefined : counted((one.endpoints ?? []).map(({ address, pods, port, tlsMode }) => (
        { at: `${pods ?? address} ${port} ${tlsOf(one, tlsMode)}`, count: 1 }))),
    })];
  }));
}

function tlsOf({ tls, tlsMatches }: ClusterDump, mode: string | undefined): string {
  const used = tlsMatches?.find(({ match }) => Object.entries(match ?? {}).every(([key, value]) => key === 'tlsMode' && value === mode))?.tls ?? tls;
  return used === undefined ? 'plaintext' : kindOf(used);
}

function kindOf({ is, certificates = [] }: TlsDump): string {
  return is !== 'UpstreamTls' ? 'plaintext' : certificates.includes('default') ? 'mesh' : certificates.length > 0 ? 'mutual' : 'simple';
}
