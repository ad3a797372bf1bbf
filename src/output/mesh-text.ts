// What istiod programs into the gateways of a mesh, as text for people: listeners, filter chains, virtual hosts and routes.
import { objectNameOf } from '../manifests/manifest';
import { showCluster } from '../mesh/cluster-names';
import type { FilterChain } from '../mesh/filter-chains';
import type { SkippedServer } from '../mesh/gateways';
import type { Mesh } from '../mesh/mesh';
import type { GatewayProxy } from '../mesh/proxies';
import type { RouteAction } from '../mesh/route/route-actions';
import type { Route, RouteMatch } from '../mesh/route/routes';
import type { StringMatch } from '../mesh/route/string-match';
import type { VirtualHost } from '../mesh/route/virtual-hosts';
import { safe } from './changed-value';

/** The gateways. Ends with a line break. */
export function renderMeshText(mesh: Mesh): string {
  const gateways = mesh.gatewayWorkloads().map(workload => gatewayLines(mesh.gateway(workload)).join('\n'));
  const refused = mesh.refusals.map(({ config, message }) => `${nameOf(config)}: refused by Istio's webhook: ${message}`);
  const none = gateways.length === 0 ? ['No gateway: no Gateway here selects pods.'] : [];
  return `${[...none, ...gateways, ...refused.length > 0 ? [refused.map(safe).join('\n')] : []].join('\n\n')}\n`;
}

const SKIPPED: Readonly<Record<SkippedServer['why'], string>> = {
  'duplicate-hosts': 'an earlier server of the same port already has these hosts',
  'conflicting-protocol': 'an earlier server uses the port with another protocol',
  'same-port-name': 'an earlier server uses the name of the port',
  'no-tls-options': 'the protocol needs tls, and the server has none',
};

function gatewayLines(proxy: GatewayProxy): string[] {
  const { workload, merged } = proxy;
  const assumed = workload.isAssumed ? ' (assumed: its pods are not in the input)' : '';
  const ports = [...new Set(merged.ports.map(({ number }) => number))];
  const skipped = merged.skipped.map(({ why, server }) => `  Server skipped: ${nameOf(server)} ${server.pointer}: ${SKIPPED[why]}`);
  const listeners = ports.flatMap(port => proxy.listeners(port).flatMap(({ name, filterChains }) => [
    `  Listener ${name}`, ...filterChains.all.flatMap(chain => chainLines(chain, proxy)),
  ]));
  return [`Gateway ${workload.namespace}/${workload.name}${assumed}`, ...listeners, ...skipped].map(safe);
}

function nameOf({ manifest }: { readonly manifest: Parameters<typeof objectNameOf>[0] }): string {
  const { kind, namespace, name } = objectNameOf(manifest);
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

function chainLines({ serverNames, terminatesTls, clientCertificate, routeConfig, tcp, server }: FilterChain, proxy: GatewayProxy): string[] {
  const names = serverNames.length > 0 ? `SNI ${serverNames.join(', ')}` : terminatesTls || server.tls ? 'any SNI' : 'plaintext';
  const client = clientCertificate === 'none' ? '' : `, client certificate ${clientCertificate}`;
  const tls = terminatesTls ? `, TLS${client}` : server.tls ? ', passes TLS through' : '';
  const table = routeConfig === undefined ? undefined : proxy.routeConfig(routeConfig);
  const hosts = table?.virtualHosts.flatMap(virtualHostLines) ?? [];
  const ends = tcp === undefined ? hosts.length > 0 ? hosts : ['      no virtual host: 404'] : ['      TCP'];
  return [`    ${names}${tls}, by ${nameOf(server)}`, ...ends];
}

function virtualHostLines({ domains, requiresTls, routes }: VirtualHost): string[] {
  const first = `      ${domains.filter(domain => !domain.endsWith(':*')).join(', ')}`;
  return [first, ...requiresTls ? ['        plaintext → redirect to https (301)'] : [], ...routes.map(routeLine)];
}

function routeLine({ match, action, name, virtualService }: Route): string {
  const from = virtualService ? `  [${nameOf(virtualService.config)}${name ? `, ${name}` : ''}]` : '';
  return `        ${matchOf(match)} → ${actionOf(action)}${from}`;
}

function matchOf({ path, ignoresCase, headers, withoutHeaders, queryParams, claims }: RouteMatch): string {
  const named = (what: string, pairs: RouteMatch['headers']) => pairs.map(([name, match]) => `${what} ${name}${textOf(match)}`);
  return [
    `path${textOf(path)}${ignoresCase ? ' (any case)' : ''}`,
    ...named('header', headers), ...named('without header', withoutHeaders), ...named('query', queryParams),
    ...claims.map(([claim, match, inverted]) => `${inverted ? 'without claim' : 'claim'} ${claim.join('.')}${textOf(match)}`),
  ].join(', ');
}

function textOf(match: StringMatch): string {
  switch (match.is) {
    case 'exact': return ` ${match.value}`;
    case 'prefix': return ` ${match.value}*`;
    case 'regex': return ` ~ ${match.value}`;
    default: return '';
  }
}

function actionOf(action: RouteAction): string {
  switch (action.is) {
    case 'redirect': {
      const { scheme, authority, port, path, prefixRewrite, status } = action;
      const parts = { scheme, host: authority, port: port || '', path, prefix: prefixRewrite };
      const changed = Object.entries(parts).filter(([, value]) => value !== '').map(([part, value]) => `${part} ${value}`);
      return `redirect to ${changed.join(', ') || 'the same URL'} (${status})`;
    }
    case 'response': return `${action.status}${action.body ? ` "${action.body}"` : ''}`;
    case 'forward': {
      const total = action.clusters.reduce((sum, { weight }) => sum + weight, 0);
      const share = (weight: number) => (action.clusters.length === 1 ? '' : `${total === 0 ? 0 : Math.round(1000 * weight / total) / 10} % `);
      return action.clusters.map(({ cluster, weight }) => share(weight) + showCluster(cluster)).join(', ');
    }
    case 'passthrough': return 'where the client dialled';
    default: return 'nothing: the code of the redirect is unknown to Istio';
  }
}
