// What istiod programs for a configuration, and what the model says, in one shape.
import { type Manifest, objectNameOf } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import { Configs } from '../../src/mesh/objects/config';
import { type Mesh, meshOf } from '../../src/mesh/mesh';
import { type Workload } from '../../src/mesh/objects/workloads';
import { dumpedClusters, envoyClusters } from './envoy-clusters';
import { dumpedGatewayListeners, dumpedOutboundListeners, envoyGatewayListeners, envoyOutboundListeners } from './envoy-listeners';
import { dumpedPolicies, envoyPolicies, inboundPorts } from './envoy-policies';
import { dumpedRouteConfig, envoyRouteConfig } from './envoy-routes';
import { plain } from './plain';

type Json = Record<string, any>;

/** A configuration as YAML, and what istiod programs for it. */
export interface MeshCase {
  readonly name: string;
  readonly note?: string;
  readonly input: string;
  readonly result?: MeshDump;
}

/** The answer of `sim dump -cases` about one configuration. */
export interface MeshDump {
  readonly rejected?: readonly string[];
  /** The oracle could not judge. */
  readonly error?: string;
  /** istiod itself crashes. */
  readonly panic?: string;
  /** Addresses that the oracle gave to Services, and their hosts. */
  readonly addresses?: Readonly<Record<string, string>>;
  readonly proxies: readonly ProxyDump[];
}

export interface ProxyDump {
  readonly name: string;
  readonly kind: 'router' | 'sidecar';
  readonly listeners: readonly ListenerDump[];
  readonly routes: readonly Json[];
  readonly clusters: readonly ClusterDump[];
}

export interface ListenerDump {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly filterChains: readonly ChainDump[];
  readonly defaultFilterChain?: ChainDump;
}

export interface ChainDump {
  readonly name?: string;
  readonly filterChainMatch?: {
    readonly serverNames?: readonly string[]; readonly destinationPort?: number; readonly transportProtocol?: string;
    readonly prefixRanges?: readonly { readonly addressPrefix: string; readonly prefixLen: number }[];
  };
  readonly tls?: TlsDump;
  readonly http?: Json;
  readonly tcp?: Json;
  readonly rbac?: readonly Json[];
}

export interface TlsDump {
  /** `DownstreamTls`, `UpstreamTls`, or what is no TLS. */
  readonly is: string;
  readonly requireClientCertificate?: boolean;
  readonly certificates?: readonly string[];
  readonly ca?: string;
  readonly proxyProtocol?: string;
}

export interface ClusterDump {
  readonly name: string;
  readonly type?: string;
  readonly lbPolicy?: string;
  readonly tls?: TlsDump;
  readonly tlsMatches?: readonly { readonly match?: Readonly<Record<string, string>>; readonly tls: TlsDump }[];
  /** `pods` is the workload of an endpoint that is a pod. */
  readonly endpoints?: readonly { readonly address?: string; readonly pods?: string; readonly port?: number; readonly tlsMode?: string }[];
}

/** The oracle's answer as far as it is compared. */
export function dumped({ proxies, addresses = {} }: MeshDump): unknown {
  return plain({
    refused: { missing: [], extra: [] },
    proxies: Object.fromEntries(proxies.map(proxy => [proxy.name, {
      policies: dumpedPolicies(proxy),
      clusters: dumpedClusters(proxy.clusters),
      listeners: proxy.kind === 'router' ? dumpedGatewayListeners(proxy.listeners) : dumpedOutboundListeners(proxy.listeners, addresses),
      routes: byName(proxy.routes.map(table => dumpedRouteConfig(table, addresses))),
    }])),
  });
}

/** The model's answer to the same configuration. What only one of both refuses is a difference, and the proxies are those of what istiod gets. */
export function modelled(yaml: string, dump: MeshDump): unknown {
  const refused = new Set((dump.rejected ?? []).map(line => line.slice(0, line.indexOf(': '))));
  const manifests = readYaml(yaml);
  const own = new Set(new Configs(manifests).refusals.map(({ manifest }) => nameOf(manifest)));
  const mesh = meshOf(manifests.filter(manifest => !refused.has(nameOf(manifest))), { complete: true, admitted: true });
  return plain({
    refused: { missing: [...refused].filter(name => !own.has(name)).sort(), extra: [...own].filter(name => !refused.has(name)).sort() },
    proxies: Object.fromEntries(dump.proxies.map(proxy => [proxy.name, proxy.kind === 'router' ? gatewayOf(mesh, proxy) : sidecarOf(mesh, proxy)])),
  });
}

function nameOf(manifest: Manifest): string {
  const { kind, namespace, name } = objectNameOf(manifest);
  return `${kind} ${namespace}/${name}`;
}

function gatewayOf(mesh: Mesh, dump: ProxyDump): unknown {
  const workload = mesh.gatewayWorkloads().find(one => `${one.namespace}/${one.name}` === dump.name);
  if (workload === undefined) {
    return undefined;
  }
  const proxy = mesh.gateway(workload);
  return {
    policies: policiesOf(mesh, workload, dump), clusters: envoyClusters(mesh, proxy), listeners: envoyGatewayListeners(proxy),
    routes: byName(proxy.allRouteConfigs().map(envoyRouteConfig)),
  };
}

function sidecarOf(mesh: Mesh, dump: ProxyDump): unknown {
  const workload = mesh.workloads.all.find(one => `${one.namespace}/${one.name}` === dump.name && one.proxy === 'sidecar');
  if (workload === undefined) {
    return undefined;
  }
  const proxy = mesh.sidecar(workload);
  return {
    policies: policiesOf(mesh, workload, dump), clusters: envoyClusters(mesh, proxy), listeners: envoyOutboundListeners(proxy),
    routes: byName(proxy.outboundListeners().map(({ routeConfig }) => routeConfig).filter(table => table !== undefined).map(envoyRouteConfig)),
  };
}

/** Those of chains that the proxy has. */
function policiesOf(mesh: Mesh, workload: Workload, dump: ProxyDump): Json {
  const theirs = dumpedPolicies(dump);
  return Object.fromEntries(Object.entries(envoyPolicies(mesh, workload, { ports: inboundPorts(dump) })).filter(([key]) => key in theirs));
}

function byName(tables: readonly Json[]): Json {
  return Object.fromEntries(tables.map(({ name, ...table }) => [name, table]));
}
