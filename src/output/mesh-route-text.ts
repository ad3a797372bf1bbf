// The routes of a virtual host, as text for people: what matches, where it goes, and what changes on the way.
import { type ClusterName, showCluster } from '../mesh/cluster-names';
import type { GatewayProxy, SidecarProxy } from '../mesh/proxies';
import type { CorsPolicy, Fault, HeaderChanges, HeaderOperations } from '../mesh/route/http-routes';
import type { ForwardAction, RouteAction, WeightedCluster } from '../mesh/route/route-actions';
import type { Route, RouteMatch } from '../mesh/route/routes';
import type { StringMatch } from '../mesh/route/string-match';
import type { VirtualHost } from '../mesh/route/virtual-hosts';
import { MISSING, nameOf } from './mesh-policy-text';
import { showShare } from './share-text';

/** The proxy whose routes are shown: it knows which clusters it lacks. */
type Proxy = GatewayProxy | SidecarProxy;

/** A virtual host with its routes, a line each, and below it a line for each change. */
export function virtualHostLines({ domains, requiresTls, routes }: VirtualHost, proxy: Proxy): string[] {
  const first = `      ${domains.filter(domain => !domain.endsWith(':*')).join(', ')}`;
  const none = routes.length === 0 && !requiresTls ? ['        no routes: 404'] : [];
  return [first, ...requiresTls ? ['        plaintext → redirect to https (301)'] : [], ...routes.flatMap(route => routeLines(route, proxy)), ...none];
}

function routeLines({ match, action, name, virtualService, headers, http }: Route, proxy: Proxy): string[] {
  const from = virtualService ? `  [${nameOf(virtualService.config)}${name ? `, ${name}` : ''}]` : '';
  const changes = [
    ...faultsOf(http?.fault), ...action.is === 'forward' ? changesOf(action, proxy) : [], ...headersOf(headers), ...corsOf(http?.cors),
  ];
  return [`        ${matchOf(match)} → ${actionOf(action, proxy)}${from}`, ...changes.map(change => `          ${change}`)];
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

function actionOf(action: RouteAction, proxy: Proxy): string {
  switch (action.is) {
    case 'redirect': {
      const { scheme, authority, port, path, status } = action;
      const parts = { scheme, host: authority, port: port || '', path };
      const changed = Object.entries(parts).filter(([, value]) => value !== '').map(([part, value]) => `${part} ${value}`);
      return `redirect to ${changed.join(', ') || 'the same URL'} (${status})`;
    }
    case 'response': return `${action.status}${action.body ? ` "${action.body}"` : ''}`;
    case 'forward': return sharesOf(action.clusters, proxy);
    case 'passthrough': return 'where the client dialed';
    default: return 'nothing: the code of the redirect is unknown to Istio';
  }
}

/** Clusters with their shares of the requests. A cluster that the proxy lacks is marked: requests to it get 503. */
export function sharesOf(clusters: readonly WeightedCluster[], proxy: Proxy): string {
  const weights = clusters.map(({ weight }) => weight);
  const share = (weight: number) => (clusters.length === 1 ? '' : `${showShare(weight, weights)} `);
  return clusters.length === 0 ? 'nowhere' : clusters.map(({ cluster, weight }) => share(weight) + clusterOf(cluster, proxy)).join(', ');
}

function clusterOf(name: ClusterName, proxy: Proxy): string {
  const cluster = proxy.cluster(name);
  return 'missing' in cluster ? `${showCluster(name)} (${MISSING[cluster.missing]})` : showCluster(name);
}

function faultsOf(fault: Fault | undefined): string[] {
  const { abort, delay } = fault ?? {};
  return [
    ...delay === undefined ? [] : [`delays ${delay.percent} % by ${delay.fixed}`],
    ...abort === undefined ? [] : [`aborts ${abort.percent} % with ${abort.grpcStatus ?? abort.status ?? 'nothing'}`],
  ];
}

function changesOf({ rewrite, authority, mirrors, timeout, retries, clusters }: ForwardAction, proxy: Proxy): string[] {
  const { uri = '', regex } = rewrite ?? {};
  return [
    ...uri === '' ? [] : [`rewrites the matched path to ${uri}`],
    ...regex === undefined ? [] : [`rewrites ${regex.match} in the path to ${regex.rewrite}`],
    ...authority ? [`rewrites the host to ${authority}`] : [],
    ...mirrors.map(({ cluster, percent }) => `mirrors ${percent} % to ${clusterOf(cluster, proxy)}`),
    ...timeout === undefined ? [] : [`timeout ${timeout}`],
    ...retries === undefined ? [] : [
      `${retries.attempts} retries${retries.retryOn === '' ? '' : ` on ${retries.retryOn}`}${retries.perTryTimeout ? `, ${retries.perTryTimeout} each` : ''}`],
    ...clusters.flatMap(({ cluster, headers }) => headersOf(headers).map(change => `${change}, for ${showCluster(cluster)}`)),
  ];
}

function headersOf(headers: HeaderOperations | undefined): string[] {
  return headers === undefined ? [] : [...headerLinesOf('request', headers.request), ...headerLinesOf('response', headers.response)];
}

function headerLinesOf(side: string, { set, add, remove }: HeaderChanges): string[] {
  return [
    ...set.map(([name, value]) => `sets ${side} header ${name}: ${value}`), ...add.map(([name, value]) => `adds ${side} header ${name}: ${value}`),
    ...remove.map(name => `removes ${side} header ${name}`),
  ];
}

function corsOf(cors: CorsPolicy | undefined): string[] {
  if (cors === undefined) {
    return [];
  }
  const { origins, methods, credentials } = cors;
  return [`CORS for origins ${origins.map(origin => textOf(origin).trim()).join(', ') || 'none'}`
    + `${methods.length > 0 ? `, methods ${methods.join(', ')}` : ''}${credentials ? ', with credentials' : ''}`];
}
