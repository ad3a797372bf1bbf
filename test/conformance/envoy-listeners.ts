// Listeners of gateways and sidecars as far as they decide where a connection goes, from the model and from the oracle.
import { showCluster } from '../../src/mesh/cluster-names';
import { type FilterChain } from '../../src/mesh/filter-chains';
import { type GatewayProxy, type SidecarProxy } from '../../src/mesh/proxies';
import { type WeightedCluster } from '../../src/mesh/route/route-actions';
import { type ListenerDump, type TlsDump } from './mesh-dump';
import { compact } from './plain';

type Json = Record<string, any>;

/** The listeners of a gateway by name, each with its chains in order. */
export function envoyGatewayListeners(proxy: GatewayProxy): Json {
  return Object.fromEntries(proxy.allListeners().map(({ name, filterChains }) => [name, filterChains.all.map(chain => compact({
    serverNames: chain.serverNames.length === 0 ? undefined : [...chain.serverNames].sort(),
    tls: chain.terminatesTls ? { clientCertificate: chain.clientCertificate, certificates: certificatesOf(chain) } : undefined,
    routes: chain.routeConfig,
    tcp: chain.routeConfig === undefined ? clustersOf(proxy.tcpClusters(chain)) : undefined,
  }))]));
}

function certificatesOf({ server: { tls } }: FilterChain): readonly string[] {
  return tls?.mode === 'ISTIO_MUTUAL' ? ['default'] : (tls?.credentialNames ?? []).map(name => `kubernetes://${name}`);
}

/** The same from istiod. */
export function dumpedGatewayListeners(listeners: readonly ListenerDump[]): Json {
  return Object.fromEntries(listeners.map(({ name, filterChains }) => [name, filterChains.map(({ filterChainMatch, tls, http, tcp }) => compact({
    serverNames: filterChainMatch?.serverNames && [...filterChainMatch.serverNames].sort(),
    tls: tls && { clientCertificate: clientOf(tls), certificates: tls.certificates ?? [] },
    routes: http?.rds,
    tcp: tcp && dumpedTcp(tcp),
  }))]));
}

function clientOf({ requireClientCertificate, ca }: TlsDump): string {
  return requireClientCertificate ? 'required' : ca === undefined ? 'none' : 'optional';
}

function clustersOf(clusters: readonly WeightedCluster[]): Json[] {
  const total = clusters.length === 1;
  return clusters.map(({ cluster, weight }) => ({ name: showCluster(cluster), weight: total ? 100 : weight }));
}

function dumpedTcp({ cluster, weightedClusters }: Json): Json[] {
  const all: readonly Json[] = weightedClusters?.clusters ?? [{ name: cluster }];
  return all.map(({ name, weight }) => ({ name, weight: all.length === 1 ? 100 : weight }));
}

/** The outbound listeners of a sidecar: a route table, and clusters by block and server name. */
export function envoyOutboundListeners(proxy: SidecarProxy): Json {
  return Object.fromEntries(proxy.outboundListeners().filter(({ name }) => !name.startsWith('(pods of')).map(({ name, routeConfig, chains }) => [name, compact({
    routes: routeConfig?.name,
    tcp: sortedByName(chains.map(({ serverName, block, clusters }) => [`${block} ${serverName}`, clustersOf(clusters)])),
  })]));
}

/** Addresses of pods in the oracle, and of WorkloadEntries in random configurations: each has a listener for TCP if its Service is headless. */
const PODS = /^(10\.44|2\.2\.2)\./;

/** The same from istiod. What a sidecar sends to unknown addresses and ports is in listeners of its own, which are the same everywhere. */
export function dumpedOutboundListeners(listeners: readonly ListenerDump[], addresses: Readonly<Record<string, string>>): Json {
  const outbound = listeners.filter(({ name, address }) => name !== 'virtualInbound' && name !== 'virtualOutbound' && !PODS.test(address));
  return Object.fromEntries(outbound.map(({ address, port, filterChains, defaultFilterChain }) => {
    const name = `${address in addresses ? `(address of ${addresses[address]})` : address}_${port}`;
    const all = [...filterChains, ...defaultFilterChain === undefined || defaultFilterChain.name === 'PassthroughFilterChain' ? [] : [defaultFilterChain]];
    const tcp = all.filter(({ http }) => http === undefined).flatMap(({ filterChainMatch, tcp: own }) => {
      const blocks = filterChainMatch?.prefixRanges?.map(({ addressPrefix, prefixLen }) => `${addressPrefix}/${prefixLen}`) ?? [''];
      return blocks.flatMap(block => (filterChainMatch?.serverNames ?? ['']).map((one): [string, Json[]] => [`${block} ${one}`, dumpedTcp(own ?? {})]));
    });
    return [name, compact({ routes: all.find(({ http }) => http !== undefined)?.http?.rds, tcp: sortedByName(tcp) })];
  }));
}

function sortedByName(chains: readonly (readonly [name: string, clusters: readonly Json[]])[]): Json {
  return Object.fromEntries([...chains].sort(([a], [b]) => (a < b ? -1 : 1)));
}
