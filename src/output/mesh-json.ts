// Gateways and workloads of a mesh as JSON for programs. docs/json.md describes the format.
import { objectNameOf } from '../manifests/manifest';
import { showCluster } from '../mesh/cluster-names';
import type { Cluster } from '../mesh/clusters';
import type { Credential } from '../mesh/credentials';
import type { FilterChain } from '../mesh/filter-chains';
import { isTlsServer } from '../mesh/objects/gateways';
import type { Mesh } from '../mesh/mesh';
import type { GatewayProxy, SidecarProxy } from '../mesh/proxies';
import type { NamedMatch } from '../mesh/route/http-routes';
import type { RouteAction, WeightedCluster } from '../mesh/route/route-actions';
import type { Route, RouteMatch } from '../mesh/route/routes';
import type { StringMatch } from '../mesh/route/string-match';
import type { RouteConfig } from '../mesh/route/virtual-hosts';
import type { AuthorizationPolicy } from '../mesh/security/authorization';
import type { MtlsDemand } from '../mesh/security/mtls';
import type { Unmodelled } from '../mesh/unmodelled';
import { unusedVirtualServices } from '../mesh/unused-virtual-services';
import type { Workload } from '../mesh/objects/workloads';
import { documentOf, placeOf } from './json';
import { type ReachedCluster, clustersOfGateway, clustersOfSidecar } from './mesh-clusters';
import { credentialsOfGateway } from './mesh-credentials';
import { inboundDemandsOf } from './mesh-inbound';

/** What of a mesh is shown. */
export interface MeshView {
  readonly mesh: Mesh;
  /** A gateway, or a workload that sends requests. @default - all gateways */
  readonly workload?: Workload;
  /** The folder of the manifests, which tells meshes apart. @default - absent from the JSON */
  readonly folder?: string;
}

/** The meshes as one JSON object, with a line break at the end. */
export function renderMeshJson(meshes: Mesh | readonly (Mesh | MeshView)[]): string {
  const views = ('settings' in meshes ? [meshes] : meshes).map((one): MeshView => ('settings' in one ? { mesh: one } : one));
  const all = (entriesOf: (view: MeshView) => readonly object[]) => views.flatMap(view => entriesOf(view).map(entry => ({ folder: view.folder, ...entry })));
  return documentOf({
    gateways: all(({ mesh, workload }) => (workload === undefined ? mesh.gatewayWorkloads() : workload.proxy === 'router' ? [workload] : [])
      .map(own => gatewayOf(mesh, mesh.gateway(own)))),
    workloads: all(({ mesh, workload }) => (workload === undefined || workload.proxy === 'router' ? [] : [workloadOf(mesh, workload)])),
    unusedVirtualServices: all(({ mesh, workload }) => (workload !== undefined ? [] : unusedVirtualServices(mesh)
      .map(({ virtualService: { config: { manifest } }, reason, gateway }) => ({ object: objectNameOf(manifest), origin: manifest.origin, reason, gateway })))),
    refusals: all(({ mesh }) => mesh.refusals.map(({ by, message, ...place }) => ({ ...placeOf(place), by, message }))),
  });
}

function gatewayOf(mesh: Mesh, proxy: GatewayProxy): object {
  const listeners = proxy.allListeners();
  return {
    ...nameOf(proxy.workload),
    listeners: listeners.map(({ name, port, filterChains }) => ({ name, port, filterChains: filterChains.all.map(chain => chainOf(chain, proxy)) })),
    routeConfigs: proxy.allRouteConfigs().map(tableOf),
    clusters: clustersOfGateway(proxy).map(own => clusterOf(mesh, own)),
    skippedServers: proxy.merged.skipped.map(({ server, why }) => ({ reason: why, from: placeOf(server) })),
    credentials: credentialsOfGateway(proxy).map(credentialOf),
    inbound: inboundOf(mesh, proxy.workload),
    unmodelled: mesh.unmodelledOf(proxy.workload).map(unmodelledOf),
  };
}

function credentialOf({ use, namespace, name, state, ...server }: Credential): object {
  return { use, secret: `${namespace}/${name}`, state, from: placeOf(server) };
}

function workloadOf(mesh: Mesh, workload: Workload): object {
  const proxy = workload.proxy === 'sidecar' ? mesh.sidecar(workload) : undefined;
  return {
    ...nameOf(workload),
    ...proxy === undefined ? {} : { outbound: outboundOf(mesh, proxy) },
    inbound: inboundOf(mesh, workload),
    unmodelled: mesh.unmodelledOf(workload).map(unmodelledOf),
  };
}

function outboundOf(mesh: Mesh, proxy: SidecarProxy): object {
  const listeners = proxy.outboundListeners();
  const { scope: { outboundPolicy, place } } = proxy;
  return {
    outboundPolicy,
    sidecar: place && placeOf(place),
    listeners: listeners.map(listener => ({
      name: listener.name, port: listener.port, service: listener.service?.hostname, routeConfig: listener.routeConfig?.name,
      filterChains: listener.chains.map(({ serverName, block, clusters }) => (
        { serverNames: serverName === '' ? [] : [serverName], ...block === '' ? {} : { block }, clusters: clusters.map(shareOf) })),
    })),
    routeConfigs: listeners.map(({ routeConfig }) => routeConfig).filter(table => table !== undefined).map(tableOf),
    clusters: clustersOfSidecar(proxy).map(own => clusterOf(mesh, own)),
  };
}

function nameOf({ manifest, namespace, name, isAssumed, labels, serviceAccount, proxy, isProxyAssumed }: Workload): object {
  return {
    workload: `${namespace}/${name}`, assumed: isAssumed === true, proxy, proxyAssumed: isProxyAssumed, serviceAccount, labels: Object.fromEntries(labels),
    object: objectNameOf(manifest), origin: manifest.origin,
  };
}

function chainOf(chain: FilterChain, proxy: GatewayProxy): object {
  const { serverNames, terminatesTls, clientCertificate, routeConfig, tcp, server } = chain;
  return {
    serverNames,
    tls: terminatesTls ? 'terminate' : isTlsServer(server) ? 'passthrough' : 'none',
    clientCertificate,
    credentialNames: terminatesTls ? server.tls?.credentialNames : undefined,
    routeConfig,
    clusters: routeConfig !== undefined ? undefined : proxy.tcpClusters(chain).map(shareOf),
    from: placeOf(server),
    route: tcp && placeOf(tcp),
  };
}

function tableOf({ name, virtualHosts }: RouteConfig): object {
  return {
    name,
    virtualHosts: virtualHosts.map(({ name: own, domains, requiresTls, routes }) => ({ name: own, domains, requiresTls, routes: routes.map(routeOf) })),
  };
}

function routeOf({ name, match, action, headers, fault, cors, virtualService, manifest, pointer }: Route): object {
  return {
    name,
    match: matchOf(match),
    action: actionOf(action),
    headers,
    fault,
    cors: cors && { ...cors, origins: cors.origins.map(textMatchOf) },
    virtualService: virtualService && objectNameOf(virtualService.config.manifest),
    from: placeOf({ manifest, pointer }),
  };
}

function matchOf({ path, ignoresCase, headers, withoutHeaders, queryParams, claims }: RouteMatch): object {
  const named = (matches: readonly NamedMatch[]) => matches.map(([name, match]) => ({ name, ...textMatchOf(match) }));
  return {
    path: textMatchOf(path),
    ignoresCase,
    headers: named(headers),
    withoutHeaders: named(withoutHeaders),
    queryParams: named(queryParams),
    claims: claims.map(([claim, match, inverted]) => ({ claim, inverted, ...textMatchOf(match) })),
  };
}

/** One of `exact`, `prefix`, `regex` and `present`, as in a VirtualService. */
function textMatchOf(match: StringMatch): object {
  return match.is === 'present' ? { present: true } : { [match.is]: match.value };
}

function actionOf(action: RouteAction): object {
  if (action.is !== 'forward') {
    return action;
  }
  const { is, clusters, mirrors, rewrite, authority, timeout, retries } = action;
  return {
    is,
    clusters: clusters.map(shareOf),
    mirrors: mirrors.map(({ cluster, percent }) => ({ cluster: showCluster(cluster), percent })),
    rewrite, authority, timeout, retries,
  };
}

function shareOf({ cluster, ...share }: WeightedCluster): object {
  return { cluster: showCluster(cluster), ...share };
}

function clusterOf(mesh: Mesh, { name, cluster }: ReachedCluster): object {
  return { name: showCluster(name), ...name, ...'missing' in cluster ? cluster : knownOf(mesh, cluster) };
}

function knownOf(mesh: Mesh, cluster: Cluster): object {
  const { service, port, rule, policy, endpoints } = cluster;
  return {
    service: objectNameOf(service.manifest),
    protocol: port.protocol,
    resolution: service.resolution,
    destinationRules: (rule?.from ?? []).map(({ manifest }) => objectNameOf(manifest)),
    trafficPolicy: policy,
    endpoints: endpoints.map(endpoint => ({
      workload: endpoint.workload && objectNameOf(endpoint.workload.manifest), address: endpoint.address, port: endpoint.port, count: endpoint.count,
      tls: mesh.clusters.tlsTo(cluster, endpoint),
    })),
  };
}

function inboundOf(mesh: Mesh, workload: Workload): object {
  const { ports, otherPorts, tokens, authorization: { custom, deny, allow } } = inboundDemandsOf(mesh, workload);
  return {
    ports: ports.map(({ port, services, mtls }) => ({
      port, services: services.map(own => ({ host: own.service.hostname, port: own.port.port, protocol: own.port.protocol })), mtls: mtlsOf(mtls),
    })),
    otherPorts: otherPorts && { mtls: mtlsOf(otherPorts) },
    tokens: tokens.map(({ manifest, pointer, headers, ...token }) => (
      { ...token, headers: headers.map(([name, prefix]) => ({ name, prefix })), from: placeOf({ manifest, pointer }) })),
    authorization: [...custom, ...deny, ...allow].map(policyOf),
  };
}

function mtlsOf({ mode, place }: MtlsDemand): object {
  return { mode, from: place && placeOf(place) };
}

function policyOf({ action, provider, rules, manifest, pointer }: AuthorizationPolicy): object {
  return {
    action, provider, rules: rules.map(({ from, to, when, pointer: own }) => ({ from, to, when, pointer: own })), from: placeOf({ manifest, pointer }),
  };
}

function unmodelledOf({ kind, manifest, pointer }: Unmodelled): object {
  return { kind, ...placeOf({ manifest, pointer }) };
}
