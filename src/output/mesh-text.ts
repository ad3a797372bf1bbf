// What istiod programs into gateways and sidecars, as text for people: listeners, filter chains, virtual hosts and routes.
import { namespacedName } from '../base/kubernetes-name';
import { assumption } from '../mesh/assumed-gateways';
import type { Refusal } from '../mesh/objects/config';
import type { FilterChain } from '../mesh/filter-chains';
import { GATEWAY_API } from '../mesh/gateway-api';
import { type SkippedServer, isTlsServer } from '../mesh/objects/gateways';
import type { Mesh } from '../mesh/mesh';
import type { OutboundListener } from '../mesh/outbound-listeners';
import type { GatewayProxy, SidecarProxy } from '../mesh/proxies';
import { UnusedReason, type UnusedVirtualService, unusedVirtualServices } from '../mesh/unused-virtual-services';
import { proxyAssumption, type Workload } from '../mesh/objects/workloads';
import { safe } from './changed-value';
import { clustersOfGateway, clustersOfSidecar } from './mesh-clusters';
import { credentialLines } from './mesh-credentials';
import { clusterLines, inboundLines, nameOf, unmodelledLines } from './mesh-policy-text';
import { sharesOf, virtualHostLines } from './mesh-route-text';

/** The gateways, or one workload with its clusters and what it demands. Ends with a line break. */
export function renderMeshText(mesh: Mesh, workload?: Workload): string {
  const shown = workload === undefined ? mesh.gatewayWorkloads().map(own => [...gatewayLines(mesh.gateway(own)), ...unmodelledLines(mesh, own)])
    : [[...workloadLines(mesh, workload), ...unmodelledLines(mesh, workload)]];
  const none = shown.length === 0 ? [['No gateway: no Gateway here selects pods.']] : [];
  const unused = workload === undefined ? [...unusedVirtualServices(mesh).map(unusedLine), ...gatewayApiLines(mesh)] : [];
  const parts = [...none, ...shown, unused, mesh.refusals.flatMap(refusalLines)].filter(({ length }) => length > 0);
  return `${parts.map(lines => lines.map(safe).join('\n')).join('\n\n')}\n`;
}

/** Objects of the Gateway API make gateways of their own, or add routes to them from any namespace. */
function gatewayApiLines(mesh: Mesh): string[] {
  const manifests = mesh.unmodelled.all.filter(({ kind }) => kind.endsWith(GATEWAY_API)).map(({ manifest }) => manifest);
  return [...new Set(manifests)].map(manifest => `${nameOf({ manifest })}: not modeled, because it belongs to the Gateway API`);
}

const UNUSED: Readonly<Record<UnusedReason, (gateway: string, virtualService: UnusedVirtualService['virtualService']) => string>> = {
  [UnusedReason.NO_GATEWAY]: gateway => `there is no Gateway ${gateway}`,
  [UnusedReason.NO_SERVER]: gateway => `all servers of Gateway ${gateway} are skipped`,
  [UnusedReason.NOT_EXPORTED]: (gateway, { exportTo }) => `exportTo ${exportTo.join(', ')} keeps it from the pods of Gateway ${gateway}`,
  [UnusedReason.NO_COMMON_HOST]: gateway => `no server of Gateway ${gateway} accepts a host of it from its namespace`,
  [UnusedReason.NO_ROUTE]: gateway => (
    `it has no route for the servers of Gateway ${gateway}: http is for HTTP and terminated TLS, tls for TLS that passes through, tcp for the rest`),
};

function unusedLine({ virtualService, reason, gateway }: UnusedVirtualService): string {
  return `${nameOf(virtualService.config)}: no gateway uses it, because ${UNUSED[reason](gateway, virtualService)}`;
}

/** Several errors of the webhook are a list with a line for each. */
function refusalLines(refusal: Refusal): string[] {
  const { by, pointer, message } = refusal;
  return by === 'schema' ? [`${nameOf(refusal)}: refused by the API server: ${pointer === '' ? '' : `${pointer}: `}${message}`]
    : `${nameOf(refusal)}: refused by Istio's webhook: ${message.trimEnd().replaceAll('\t', '  ')}`.split('\n');
}

function workloadLines(mesh: Mesh, workload: Workload): string[] {
  if (workload.proxy === 'router') {
    const proxy = mesh.gateway(workload);
    return [...gatewayLines(proxy), ...clusterLines(mesh, clustersOfGateway(proxy)), ...inboundLines(mesh, workload)];
  }
  const title = `${nameOf(workload)}, ${workload.proxy === 'none' ? `no sidecar${proxyAssumption(workload)}` : 'sidecar'}`;
  if (workload.proxy === 'none') {
    return [title, '  Outbound: Istio decides nothing about what it sends', ...inboundLines(mesh, workload)];
  }
  const proxy = mesh.sidecar(workload);
  const others = proxy.scope.outboundPolicy === 'ALLOW_ANY' ? 'passes through' : 'is refused (REGISTRY_ONLY)';
  const scope = proxy.scope.place === undefined ? '' : `, limited by ${nameOf(proxy.scope.place)}`;
  return [
    title, `  Outbound${scope}; what no listener matches ${others}`, ...proxy.outboundListeners().flatMap(listener => outboundLines(listener, proxy)),
    ...clusterLines(mesh, clustersOfSidecar(proxy)), ...inboundLines(mesh, workload),
  ];
}

function outboundLines({ name, routeConfig, service, chains }: OutboundListener, proxy: SidecarProxy): string[] {
  return [
    `  Listener ${name}${service === undefined ? '' : `, ${service.hostname}`}`,
    ...(routeConfig?.virtualHosts ?? []).flatMap(host => virtualHostLines(host, proxy)),
    ...chains.map(({ serverName, block, clusters }) => (
      `      ${serverName === '' ? 'TCP' : `SNI ${serverName}`}${block === '' ? '' : ` to ${block}`} → ${sharesOf(clusters, proxy)}`)),
  ];
}

const SKIPPED: Readonly<Record<SkippedServer['why'], string>> = {
  'duplicate-hosts': 'an earlier server of the same port already has these hosts',
  'conflicting-protocol': 'an earlier server uses the port with another protocol',
  'same-port-name': 'an earlier server uses the name of the port',
  'no-tls-options': 'the protocol needs tls, and the server has none',
};

function gatewayLines(proxy: GatewayProxy): string[] {
  const { workload, merged } = proxy;
  const ports = [...new Set(merged.ports.map(({ number }) => number))];
  const skipped = merged.skipped.map(({ why, server }) => `  Server skipped: ${nameOf(server)} ${server.pointer}: ${SKIPPED[why]}`);
  const listeners = ports.flatMap(port => proxy.listeners(port).flatMap(({ name, filterChains }) => [
    `  Listener ${name}`, ...filterChains.all.flatMap(chain => chainLines(chain, proxy)),
  ]));
  return [`Gateway ${namespacedName(workload)}${assumption(workload)}`, ...listeners, ...skipped, ...credentialLines(proxy)];
}

function chainLines(chain: FilterChain, proxy: GatewayProxy): string[] {
  const { serverNames, terminatesTls, clientCertificate, routeConfig, server } = chain;
  const isTls = isTlsServer(server);
  const names = serverNames.length > 0 ? `SNI ${serverNames.join(', ')}` : terminatesTls || isTls ? 'any SNI' : 'plaintext';
  const client = clientCertificate === 'none' ? '' : `, client certificate ${clientCertificate}`;
  const tls = terminatesTls ? `, TLS${client}` : isTls ? ', passes TLS through' : '';
  const table = routeConfig === undefined ? undefined : proxy.routeConfig(routeConfig);
  const hosts = table?.virtualHosts.flatMap(host => virtualHostLines(host, proxy)) ?? [];
  const ends = routeConfig === undefined ? [`      TCP → ${sharesOf(proxy.tcpClusters(chain), proxy)}`]
    : hosts.length > 0 ? hosts : ['      no virtual host: 404'];
  return [`    ${names}${tls}, by ${nameOf(server)}`, ...ends];
}
