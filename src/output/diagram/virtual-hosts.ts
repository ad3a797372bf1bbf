// The routes of a virtual host, as arrows to the clusters that they share: one arrow for each cluster, whatever the number of routes.
import type { Mesh } from '../../mesh/mesh';
import type { GatewayProxy, SidecarProxy } from '../../mesh/proxies';
import type { Route } from '../../mesh/route/routes';
import type { VirtualHost } from '../../mesh/route/virtual-hosts';
import { actionText, matchText } from '../../trace/hops/route-text';
import { shortHost } from '../../trace/hops/trace-end';
import { addClusters, clusterNode } from './destinations';
import type { Draft, DraftNode, Label } from './draft';
import { MAX_LENGTH, listed } from './short-text';

/** Draws a virtual host and what its routes lead to. Routes that answer themselves are lines in its box. */
export function addVirtualHost(draft: Draft, mesh: Mesh, proxy: GatewayProxy | SidecarProxy, host: VirtualHost, group: string): DraftNode {
  const known = draft.find(host);
  if (known !== undefined) {
    return known;
  }
  const domains = shownDomains(host, mesh.settings.clusterDomain);
  const entries = entriesOf(host.routes);
  const answers = entries.filter(([{ action }]) => action.is !== 'forward').map(answerLine);
  const node = draft.node(host, () => ({
    station: 'host', group, title: domains[0] ?? host.name,
    lines: [
      ...domains.length > 1 ? [listed(domains.slice(1))] : [], ...host.requiresTls ? ['plaintext → 301 to https'] : [], ...answers,
    ],
    ...host.routes.length === 0 && !host.requiresTls ? { fault: 'no routes: 404' } : {},
  }));
  for (const entry of entries) {
    const [{ action }] = entry;
    if (action.is === 'forward') {
      const label: Label = { text: matchesOf(entry), of: entry, about: route => matchesOf([route as Route]) };
      addClusters(draft, mesh, proxy, node, action.clusters, label);
      action.mirrors.forEach(({ cluster, percent }) => (
        draft.edge(node, clusterNode(draft, mesh, proxy, cluster), [{ text: `mirror ${percent} %` }], { isMirror: true })));
    }
  }
  return node;
}

/** The domains without those that differ in a port. The sidecars of a Service know it by shorter names, too, which say nothing more. */
function shownDomains({ domains }: VirtualHost, clusterDomain: string): string[] {
  const written = domains.filter(domain => !/(:(\d+|\*)|\.|\.svc)$/.test(domain)).map(domain => shortHost(domain, clusterDomain));
  return [...new Set(written)].filter(domain => !written.some(other => other.startsWith(`${domain}.`)));
}

/** Routes of one entry of a VirtualService, one for each match, are one. */
function entriesOf(routes: readonly Route[]): Route[][] {
  const entries: Route[][] = [];
  for (const route of routes) {
    const last = entries.at(-1);
    if (last !== undefined && route.http !== undefined && last[0].http === route.http) {
      last.push(route);
    } else {
      entries.push([route]);
    }
  }
  return entries;
}

/** The paths of an entry, and on a line of their own the other conditions if all its matches share them. */
function matchesOf(entry: readonly Route[], length = MAX_LENGTH): string {
  const texts = entry.map(({ match }) => matchText(match).replace(/^path ?/, '').split(', '));
  const [[, ...others]] = texts;
  const isShared = texts.every(([, ...own]) => own.join() === others.join());
  const paths = texts.map(([path, ...own]) => [path || 'any path', ...isShared ? [] : own].join(', '));
  return [listed(paths, length), ...isShared && others.length > 0 ? [others.join(', ')] : []].join('\n');
}

function answerLine(entry: readonly Route[]): string {
  const answer = ` → ${actionText(entry[0].action).replace(/^redirect to (.*) \((\d+)\)$/, '$2 $1').replace(/^(\d+) path /, '$1 ')}`;
  return matchesOf(entry, Math.max(MAX_LENGTH - answer.length, MAX_LENGTH / 2)).replace('\n', '; ') + answer;
}
