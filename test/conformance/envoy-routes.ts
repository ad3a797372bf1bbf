// Route tables in Envoy's own shape: those of the model as istiod would write them, and those of the oracle without what is not compared.
import { showCluster } from '../../src/mesh/cluster-names';
import { type ForwardAction, type RouteAction } from '../../src/mesh/route/route-actions';
import { type HeaderChanges, type HeaderOperations, type HttpRoute, type NamedMatch } from '../../src/mesh/route/http-routes';
import { type Route, type RouteMatch } from '../../src/mesh/route/routes';
import { type StringMatch } from '../../src/mesh/route/string-match';
import { GRPC_STATUSES } from '../../src/base/grpc-statuses';
import { type RouteConfig } from '../../src/mesh/route/virtual-hosts';
import { nanoseconds } from './durations';
import { compact } from './plain';

type Json = Record<string, any>;

/** The model's table. */
export function envoyRouteConfig({ name, virtualHosts }: RouteConfig): Json {
  return sortedHosts({
    name,
    virtualHosts: virtualHosts.map(host => ({
      name: host.name, domains: [...host.domains], ...(host.requiresTls ? { requireTls: 'ALL' } : {}), routes: host.routes.map(envoyRoute),
    })),
  });
}

/** The oracle's table. */
export function dumpedRouteConfig({ name, virtualHosts = [] }: Json, addresses: Readonly<Record<string, string>>): Json {
  return sortedHosts({ name, virtualHosts: virtualHosts.map((host: Json) => ({
    ...host, domains: host.domains.filter((domain: string) => !(domain in addresses)), routes: (host.routes ?? []).map(dumpedRoute),
  })) });
}

/** Envoy finds a virtual host by its domains, so the order of hosts means nothing. */
function sortedHosts({ name, virtualHosts }: Json): Json {
  const hosts = virtualHosts.map((host: Json) => ({ ...host, domains: [...host.domains].sort() }));
  return { name, virtualHosts: hosts.sort((a: Json, b: Json) => (JSON.stringify([a.name, a.domains]) < JSON.stringify([b.name, b.domains]) ? -1 : 1)) };
}

function envoyRoute({ name, match, action, headers, http }: Route): Json {
  const own = action.is === 'forward' && !action.isSplit ? action.clusters[0]?.headers : undefined;
  const withHeaders = http === undefined ? undefined : [headers, own];
  return compact({
    name: name || undefined,
    match: envoyMatch(match),
    ...actionOf(action),
    ...headerFields(withHeaders ?? []),
    typedPerFilterConfig: compact({ 'envoy.filters.http.fault': faultOf(http?.fault), 'envoy.filters.http.cors': corsOf(http?.cors) }, true),
  });
}

function envoyMatch({ path, ignoresCase, headers, withoutHeaders, queryParams, claims }: RouteMatch): Json {
  const named = ([name, match]: NamedMatch) => ({ name, ...(match.is === 'present' ? { presentMatch: true } : { stringMatch: stringOf(match) }) });
  return compact({
    ...(path.is === 'exact' ? { path: path.value } : path.is === 'prefix' ? { prefix: path.value } : path.is === 'regex' ? { safeRegex: { regex: path.value } } : {}),
    caseSensitive: ignoresCase ? false : undefined,
    headers: sorted([...headers.map(named),
      ...withoutHeaders.map(one => ({ ...named(one), invertMatch: true, ...(one[1].is === 'present' ? {} : { treatMissingHeaderAsEmpty: true }) }))]),
    queryParameters: sorted(queryParams.map(named)),
    dynamicMetadata: sorted(claims.map(([key, match, invert]) => ({ key, match: stringOf(match), ...(invert ? { invert } : {}) }))),
  });
}

function stringOf(match: StringMatch): Json {
  return match.is === 'exact' ? { exact: match.value } : match.is === 'prefix' ? { prefix: match.value } : match.is === 'regex' ? { safeRegex: { regex: match.value } } : {};
}

const CODES: Readonly<Record<number, string | undefined>> = { 301: undefined, 302: 'FOUND', 303: 'SEE_OTHER', 307: 'TEMPORARY_REDIRECT', 308: 'PERMANENT_REDIRECT' };

function actionOf(action: RouteAction): Json {
  switch (action.is) {
    case 'redirect':
      return {
        redirect: compact({
          hostRedirect: action.authority || undefined, pathRedirect: action.path || undefined,
          schemeRedirect: action.scheme || undefined, portRedirect: action.port || undefined, responseCode: CODES[action.status],
        }),
      };
    case 'response':
      return { directResponse: compact({ status: action.status, body: action.body === '' ? undefined : action.body }) };
    case 'passthrough':
      return { route: { cluster: 'PassthroughCluster', timeout: '0' } };
    case 'none':
      return {};
    case 'forward':
      return { route: forwardOf(action) };
  }
}

function forwardOf({ clusters, isSplit, rewrite, authority, mirrors, timeout, retries }: ForwardAction): Json {
  return compact({
    ...(!isSplit ? { cluster: showCluster(clusters[0].cluster) } : {
      weightedClusters: clusters.map(({ cluster, weight, headers, authority: own }) => compact({
        name: showCluster(cluster), weight, hostRewriteLiteral: own, ...headerFields([headers]),
      })),
    }),
    ...(rewrite?.regex ? { regexRewrite: compact({ pattern: { regex: rewrite.regex.match }, substitution: rewrite.regex.rewrite || undefined }) }
      : rewrite?.uri ? { prefixRewrite: rewrite.uri } : {}),
    hostRewriteLiteral: authority,
    requestMirrorPolicies: list(mirrors.map(({ cluster, percent }) => ({ cluster: showCluster(cluster), millionths: Math.floor(percent * 10000) }))),
    timeout: nanoseconds(timeout ?? '0s'),
    retryPolicy: retriesOf(retries),
  });
}

const RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';

function retriesOf(retries: HttpRoute['retries']): Json | undefined {
  if (retries === undefined) {
    return { numRetries: 2, retryOn: RETRY_ON };
  }
  return retries.attempts <= 0 ? undefined : compact({
    numRetries: retries.attempts, ...(retries.retryOn === '' ? { retryOn: RETRY_ON } : retryOn(retries.retryOn)),
    perTryTimeout: retries.perTryTimeout === undefined ? undefined : nanoseconds(retries.perTryTimeout),
  });
}

/** Numbers are status codes, if Go knows them (Istio 1.30, pilot/pkg/networking/core/route/retry/retry.go parseRetryOn). */
function retryOn(text: string): Json {
  const parts = text.split(',').map(part => part.trim()).filter(part => part !== '');
  const codes = parts.filter(part => /^\d+$/.test(part) && part !== '999').map(Number);
  const words = parts.filter(part => !/^\d+$/.test(part) || part === '999');
  const isListed = codes.length === 0 || words.join(',').includes('retriable-status-codes');
  return compact({ retryOn: isListed ? words.join(',') : `${words.join(',')},retriable-status-codes`, retriableStatusCodes: list(codes) });
}

function headerFields(operations: readonly (HeaderOperations | undefined)[]): Json {
  const isInternal = (name: string) => name.startsWith(':') || name.toLowerCase() === 'host';
  const of = (changes: readonly HeaderChanges[]) => {
    const add = changes.flatMap(({ set, add: added }) => [
      ...set.map(([key, value]) => ({ key, value, set: true })), ...added.map(([key, value]) => ({ key, value, set: false })),
    ]).filter(({ key }) => !isInternal(key));
    return [list(add), list(changes.flatMap(({ remove }) => remove).filter(name => !isInternal(name)))];
  };
  const present = operations.filter(one => one !== undefined);
  const [[requestHeadersToAdd, requestHeadersToRemove], [responseHeadersToAdd, responseHeadersToRemove]] = [
    of(present.map(({ request }) => request)), of(present.map(({ response }) => response))];
  return compact({ requestHeadersToAdd, requestHeadersToRemove, responseHeadersToAdd, responseHeadersToRemove });
}

function faultOf(fault: HttpRoute['fault']): Json | undefined {
  if (fault === undefined) {
    return undefined;
  }
  const { abort, delay } = fault;
  return compact({
    abort: abort && compact({ httpStatus: abort.status, grpcStatus: abort.grpcStatus && GRPC_STATUSES.indexOf(abort.grpcStatus), millionths: Math.floor(abort.percent * 10000) || undefined }),
    delay: delay && compact({ fixedDelay: nanoseconds(delay.fixed), millionths: Math.floor(delay.percent * 10000) || undefined }),
  });
}

function corsOf(cors: HttpRoute['cors']): Json | undefined {
  return cors && compact({
    allowOriginStringMatch: list(cors.origins.filter(({ is }) => is !== 'present').map(stringOf)), allowMethods: cors.methods.join(',') || undefined,
    allowHeaders: cors.headers.join(',') || undefined, exposeHeaders: cors.exposed.join(',') || undefined,
    maxAge: cors.maxAge === undefined ? undefined : String(Math.trunc(Number(nanoseconds(cors.maxAge)) / 1e9)), allowCredentials: cors.credentials,
    forwardNotMatchingPreflights: cors.forwardsUnmatchedPreflights,
  });
}

/** Left out: what only gRPC and telemetry read, how hosts are picked again, and the constants that all routes share. */
function dumpedRoute(route: Json): Json {
  const { match, route: forward, directResponse, typedPerFilterConfig = {} } = route;
  const cors = { ...typedPerFilterConfig['envoy.filters.http.cors'], '@type': undefined, filterEnabled: undefined };
  return compact({
    ...dumpedHeaders(route),
    name: route.name,
    match: compact({
      ...match, caseSensitive: match.caseSensitive === false ? false : undefined, headers: sorted(match.headers ?? []), queryParameters: sorted(match.queryParameters ?? []),
      dynamicMetadata: sorted((match.dynamicMetadata ?? []).map(dumpedClaim)),
    }),
    redirect: route.redirect && compact({ ...route.redirect, pathRedirect: route.redirect.pathRedirect || undefined }),
    directResponse: directResponse && compact({ status: directResponse.status, body: directResponse.body?.inlineString ?? (directResponse.body?.inlineBytes && Buffer.from(directResponse.body.inlineBytes, 'base64').toString()) }),
    route: forward && dumpedForward(forward),
    typedPerFilterConfig: compact({
      'envoy.filters.http.fault': dumpedFault(typedPerFilterConfig['envoy.filters.http.fault']),
      'envoy.filters.http.cors': 'envoy.filters.http.cors' in typedPerFilterConfig ? compact(cors) : undefined,
    }, true),
  });
}

function dumpedForward(forward: Json): Json {
  const { cluster, weightedClusters, prefixRewrite, regexRewrite, hostRewriteLiteral, requestMirrorPolicies = [], timeout, retryPolicy } = forward;
  return compact({
    cluster, prefixRewrite, regexRewrite, hostRewriteLiteral,
    weightedClusters: weightedClusters && (weightedClusters.clusters ?? []).map((one: Json) => compact({
      ...dumpedHeaders(one), name: one.name, weight: one.weight, hostRewriteLiteral: one.hostRewriteLiteral,
    })),
    requestMirrorPolicies: list(requestMirrorPolicies.map((one: Json) => ({ cluster: one.cluster, millionths: millionths(one.runtimeFraction.defaultValue) ?? 0 }))),
    timeout: nanoseconds(timeout ?? '0s'),
    retryPolicy: retryPolicy && compact({
      numRetries: retryPolicy.numRetries, retryOn: retryPolicy.retryOn ?? '', retriableStatusCodes: retryPolicy.retriableStatusCodes,
      perTryTimeout: retryPolicy.perTryTimeout && nanoseconds(retryPolicy.perTryTimeout),
    }),
  });
}

function dumpedHeaders(from: Json): Json {
  const add = (values: readonly Json[] = []) => list(values.map(({ header, appendAction }) => (
    { key: header.key, value: header.value, set: appendAction === 'OVERWRITE_IF_EXISTS_OR_ADD' })));
  return compact({
    requestHeadersToAdd: add(from.requestHeadersToAdd), requestHeadersToRemove: from.requestHeadersToRemove,
    responseHeadersToAdd: add(from.responseHeadersToAdd), responseHeadersToRemove: from.responseHeadersToRemove,
  });
}

function dumpedFault(fault: Json | undefined): Json | undefined {
  return fault && compact({
    abort: fault.abort && compact({ httpStatus: fault.abort.httpStatus, grpcStatus: fault.abort.grpcStatus, millionths: millionths(fault.abort.percentage) }),
    delay: fault.delay && compact({ fixedDelay: nanoseconds(fault.delay.fixedDelay), millionths: millionths(fault.delay.percentage) }),
  });
}

function millionths(fraction: Json | undefined): number | undefined {
  return Math.floor((fraction?.numerator ?? 0) * (fraction?.denominator === 'MILLION' ? 1 : 10000)) || undefined;
}

/** A claim is a path in the metadata of the JWT filter; a value of a list may be the one. */
function dumpedClaim({ path = [], value, invert }: Json): Json {
  const find = (json: unknown): Json | undefined => {
    if (typeof json !== 'object' || json === null) {
      return undefined;
    }
    return 'stringMatch' in json ? (json as Json).stringMatch : Object.values(json).map(find).find(one => one !== undefined);
  };
  const keys = path.map(({ key }: Json) => key) as string[];
  return { key: keys[0] === 'payload' ? keys.slice(1) : keys, match: find(value), ...(invert ? { invert } : {}) };
}

function list<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

function sorted(items: readonly Json[]): readonly Json[] | undefined {
  return list([...items].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1)));
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_, own) => (typeof own === 'object' && own !== null && !Array.isArray(own) ? Object.fromEntries(Object.entries(own).sort()) : own));
}
