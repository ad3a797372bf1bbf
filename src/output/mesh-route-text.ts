// The routes of a virtual host, as text for people: what matches, where it goes, and what changes on the way.
import { type ClusterName, showCluster } from '../mesh/cluster-names';
import type { GatewayProxy, SidecarProxy } from '../mesh/proxies';
import type { WeightedCluster } from '../mesh/route/route-actions';
import type { Route } from '../mesh/route/routes';
import type { VirtualHost } from '../mesh/route/virtual-hosts';
import { actionText, changesText, matchText } from '../trace/hops/route-text';
import { MISSING, nameOf } from './mesh-policy-text';
import { showShare } from '../base/share-text';

/** The proxy whose routes are shown: it knows which clusters it lacks. */
type Proxy = GatewayProxy | SidecarProxy;

/** A virtual host with its routes, a line each, and below it a line for each change. */
export function virtualHostLines({ domains, requiresTls, routes }: VirtualHost, proxy: Proxy): string[] {
  const first = `      ${domains.filter(domain => !domain.endsWith(':*')).join(', ')}`;
  const none = routes.length === 0 && !requiresTls ? ['        no routes: 404'] : [];
  return [first, ...requiresTls ? ['        plaintext → redirect to https (301)'] : [], ...routes.flatMap(route => routeLines(route, proxy)), ...none];
}

function routeLines(route: Route, proxy: Proxy): string[] {
  const { match, action, name, virtualService } = route;
  const from = virtualService ? `  [${nameOf(virtualService.config)}${name ? `, ${name}` : ''}]` : '';
  const toText = action.is === 'forward' ? sharesOf(action.clusters, proxy) : actionText(action);
  return [`        ${matchText(match)} → ${toText}${from}`, ...changesText(route, name => clusterOf(name, proxy)).map(change => `          ${change}`)];
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
