// Routes in words, for tables of routes and for traces: what matches, what the proxy does, and what changes on the way.
import { type ClusterName, showCluster } from '../../mesh/cluster-names';
import type { CorsPolicy, Fault, HeaderChanges, HeaderOperations, NamedMatch } from '../../mesh/route/http-routes';
import type { ForwardAction, RouteAction } from '../../mesh/route/route-actions';
import type { Route, RouteMatch } from '../../mesh/route/routes';
import type { StringMatch } from '../../mesh/route/string-match';

/** All conditions: `path /reviews*, header end-user jason`. */
export function matchText({ path, ignoresCase, headers, withoutHeaders, queryParams, claims }: RouteMatch): string {
  const named = (what: string, pairs: readonly NamedMatch[]) => pairs.map(pair => namedText(what, pair));
  return [
    pathText(path, ignoresCase), ...named('header', headers), ...named('without header', withoutHeaders), ...named('query', queryParams),
    ...claims.map(claimText),
  ].join(', ');
}

/** The condition on the path. */
export function pathText(path: StringMatch, ignoresCase: boolean): string {
  return `path${textOf(path)}${ignoresCase ? ' (any case)' : ''}`;
}

/** The condition on a header or a query parameter. */
export function namedText(what: string, [name, match]: NamedMatch): string {
  return `${what} ${name}${textOf(match)}`;
}

/** The condition on a claim of the token. */
export function claimText([claim, match, inverted]: RouteMatch['claims'][number]): string {
  return `${inverted ? 'without claim' : 'claim'} ${claim.join('.')}${textOf(match)}`;
}

/** A text as Istio compares it, after a blank; empty for any text. */
function textOf(match: StringMatch): string {
  switch (match.is) {
    case 'exact': return ` ${match.value}`;
    case 'prefix': return ` ${match.value}*`;
    case 'regex': return ` ~ ${match.value}`;
    default: return '';
  }
}

/** What the proxy does; forwarding names the clusters. */
export function actionText(action: RouteAction): string {
  switch (action.is) {
    case 'redirect': {
      const { scheme, authority, port, path, status } = action;
      const parts = { scheme, host: authority, port: port || '', path };
      const changed = Object.entries(parts).filter(([, value]) => value !== '').map(([part, value]) => `${part} ${value}`);
      return `redirect to ${changed.join(', ') || 'the same URL'} (${status})`;
    }
    case 'response': return `${action.status}${action.body ? ` "${action.body}"` : ''}`;
    case 'forward': return action.clusters.map(({ cluster }) => showCluster(cluster)).join(', ') || 'nowhere';
    case 'passthrough': return 'where the client dialed';
    default: return 'nothing: the code of the redirect is unknown to Istio';
  }
}

/** Faults, rewrites, mirrors, timeouts, retries, headers and CORS, each in words. */
export function changesText({ action, headers, fault, cors }: Route, toText: (name: ClusterName) => string = showCluster): string[] {
  return [...faultsOf(fault), ...action.is === 'forward' ? forwardChanges(action, toText) : [], ...headersOf(headers), ...corsOf(cors)];
}

function faultsOf(fault: Fault | undefined): string[] {
  const { abort, delay } = fault ?? {};
  return [
    ...delay === undefined ? [] : [`delays ${delay.percent} % by ${delay.fixed}`],
    ...abort === undefined ? [] : [`aborts ${abort.percent} % with ${abort.grpcStatus ?? abort.status ?? 'nothing'}`],
  ];
}

function forwardChanges({ rewrite, authority, mirrors, timeout, retries, clusters }: ForwardAction, toText: (name: ClusterName) => string): string[] {
  const { uri = '', regex } = rewrite ?? {};
  return [
    ...uri === '' ? [] : [`rewrites the matched path to ${uri}`],
    ...regex === undefined ? [] : [`rewrites ${regex.match} in the path to ${regex.rewrite}`],
    ...authority ? [`rewrites the host to ${authority}`] : [],
    ...mirrors.map(({ cluster, percent }) => `mirrors ${percent} % to ${toText(cluster)}`),
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
