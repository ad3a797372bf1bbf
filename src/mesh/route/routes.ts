// Routes: what istiod makes of the entries of a VirtualService for one proxy and port (Istio 1.30, pilot/pkg/networking/core/route/route.go).
import type { RequestMatch } from '../../base/match-cover';
import { Place, selects } from '../objects/config';
import { CLAIMS, CorsPolicy, Fault, HeaderOperations, HttpMatch, HttpRoute, NamedMatch, WeightedDestination, isClaim } from './http-routes';
import { RouteAction, RouteContext, actionOf } from './route-actions';
import { StringMatch } from './string-match';
import { VirtualService } from '../virtual-services';

/** What a request must be like for a route. */
export interface RouteMatch {
  /** Path without query. Without a condition of its own a route has the prefix `/`. */
  readonly path: StringMatch;
  readonly ignoresCase: boolean;
  readonly headers: readonly NamedMatch[];
  /** Must not match; with a value, a missing header counts as empty. */
  readonly withoutHeaders: readonly NamedMatch[];
  readonly queryParams: readonly NamedMatch[];
  /** By the path of the claim. */
  readonly claims: readonly (readonly [path: readonly string[], match: StringMatch, inverted: boolean])[];
}

/** One route of a virtual host. */
export interface Route extends Place {
  readonly name: string;
  /** The VirtualService that contributed it; absent for the routes that every host has without one. */
  readonly virtualService?: VirtualService;
  /** The entry of `http`, of the VirtualService or of its delegate. */
  readonly http?: HttpRoute;
  readonly match: RouteMatch;
  readonly action: RouteAction;
  readonly headers?: HeaderOperations;
  readonly fault?: Fault;
  readonly cors?: CorsPolicy;
  /** Whether it matches every request, so that it goes behind all others of its host. */
  readonly catchesAll: boolean;
}

const ANY_PATH: StringMatch = { is: 'prefix', value: '/' };
const ANYTHING: RouteMatch = { path: ANY_PATH, ignoresCase: false, headers: [], withoutHeaders: [], queryParams: [], claims: [] };

/** Whether the VirtualService has a route at all for the proxy and port: without one it adds no virtual host. */
export function hasRoutes({ http }: VirtualService, context: RouteContext): boolean {
  return http.some(({ matches }) => matches.length === 0 || matches.some(match => applies(match, context)));
}

/** The routes in order. Behind the first that catches everything nothing is built (Istio 1.30, route.go:414-437). */
export function routesOf(virtualService: VirtualService, context: RouteContext): Route[] {
  const routes: Route[] = [];
  for (const http of virtualService.http) {
    for (const match of http.matches.length === 0 ? [undefined] : http.matches) {
      if (match === undefined || applies(match, context)) {
        const route = routeOf(virtualService, http, match, context);
        routes.push(route);
        if (match === undefined || route.catchesAll) {
          return routes;
        }
      }
    }
  }
  return routes;
}

/** The routes that a VirtualService has for any proxy, wherever it is bound. */
export function writtenRoutes({ http }: VirtualService): Pick<Route, 'manifest' | 'pointer' | 'name' | 'match'>[] {
  return http.flatMap(entry => (entry.matches.length === 0 ? [writtenRoute(entry, undefined)] : entry.matches.map(match => writtenRoute(entry, match))));
}

/** Moves the routes that catch everything behind the others, on a gateway (Istio 1.30, route.go:1616). */
export function sortCatchAlls(routes: readonly Route[]): readonly Route[] {
  return routes.slice(0, -1).some(({ catchesAll }) => catchesAll)
    ? [...routes.filter(({ catchesAll }) => !catchesAll), ...routes.filter(({ catchesAll }) => catchesAll)] : routes;
}

/** The route of a Service without VirtualService. */
export function defaultRoute(place: Place, destination: WeightedDestination['destination'], context: RouteContext): Route {
  const http: HttpRoute = { ...place, name: 'default', matches: [], destinations: [{ ...place, destination, weight: 100 }] };
  return { ...place, name: 'default', match: ANYTHING, action: actionOf(http, '', context), catchesAll: true };
}

/** A route that matches everything, for the virtual host of unknown hosts. */
export function anyRoute(place: Place, name: string, action: RouteAction): Route {
  return { ...place, name, match: ANYTHING, action, catchesAll: true };
}

/** Whether the conditions hold that istiod itself evaluates. With `gateways` sources are not compared (Istio 1.30, route.go:452-463). */
function applies({ port, gateways, sourceLabels, sourceNamespace }: HttpMatch, context: RouteContext): boolean {
  if (port !== undefined && port !== context.port) {
    return false;
  }
  return gateways.length > 0 ? gateways.includes(context.gateway)
    : selects(sourceLabels, context.labels) && (sourceNamespace === undefined || sourceNamespace === context.namespace);
}

/** Why the conditions that istiod evaluates itself do not hold, in words; nothing if they do. */
export function whyNotBuilt(match: HttpMatch, context: RouteContext): string | undefined {
  const { port, gateways, sourceLabels, sourceNamespace } = match;
  const labels = [...sourceLabels].map(pair => pair.join('=')).join(', ');
  return applies(match, context) ? undefined
    : port !== undefined && port !== context.port ? `port ${port} of a match is not port ${context.port} of the server`
      : gateways.length > 0 ? `gateways of a match (${gateways.join(', ')}) do not include ${context.gateway}`
        : !selects(sourceLabels, context.labels) ? `the gateway's pods do not have the sourceLabels of a match (${labels})`
          : `sourceNamespace ${sourceNamespace} of a match is not namespace ${context.namespace} of the gateway's pods`;
}

/** Without a spread: V8 would put most fields into a second place of memory, for which a request to one of thousands of routes waits. */
function routeOf(virtualService: VirtualService, http: HttpRoute, match: HttpMatch | undefined, context: RouteContext): Route {
  const { manifest, pointer, name, match: own } = writtenRoute(http, match);
  return {
    manifest,
    pointer,
    name,
    match: own,
    virtualService,
    http,
    action: actionOf(http, virtualService.config.namespace, context),
    headers: http.headers,
    fault: http.fault,
    cors: http.cors,
    catchesAll: catchesAll(own),
  };
}

function writtenRoute(http: HttpRoute, match: HttpMatch | undefined): Pick<Route, 'manifest' | 'pointer' | 'name' | 'match'> {
  return {
    manifest: http.manifest,
    pointer: match?.manifest === http.manifest ? match.pointer : http.pointer,
    name: match !== undefined && match.name !== '' ? `${http.name}.${match.name}` : http.name,
    match: match === undefined ? ANYTHING : translate(match),
  };
}

/** Routes without a condition share the empty lists: a request reads those of every route that it is compared with. */
function translate(match: HttpMatch): RouteMatch {
  const pseudo = ([[':method', match.method], [':authority', match.authority], [':scheme', match.scheme]] as const)
    .flatMap(([name, condition]): NamedMatch[] => (condition === undefined ? [] : [[name, condition]]));
  const headers = withoutClaims(match.headers);
  return {
    path: match.uri === undefined || match.uri.is === 'present' ? ANY_PATH : match.uri,
    ignoresCase: match.ignoreUriCase,
    headers: pseudo.length === 0 ? headers : [...headers, ...pseudo],
    withoutHeaders: withoutClaims(match.withoutHeaders),
    queryParams: match.queryParams,
    claims: hasClaims(match) ? [...claimsIn(match.headers, false), ...claimsIn(match.withoutHeaders, true)] : ANYTHING.claims,
  };
}

/** Whether a match reads claims of a validated token. */
export function hasClaims({ headers, withoutHeaders }: HttpMatch): boolean {
  return headers.some(([name]) => isClaim(name)) || withoutHeaders.some(([name]) => isClaim(name));
}

function withoutClaims(matches: readonly NamedMatch[]): readonly NamedMatch[] {
  return matches.some(([name]) => isClaim(name)) ? matches.filter(([name]) => !isClaim(name)) : matches;
}

function claimsIn(matches: readonly NamedMatch[], inverted: boolean): RouteMatch['claims'] {
  return matches.filter(([name]) => isClaim(name)).map(([name, condition]) => [claimPath(name), condition, inverted] as const);
}

/** `@request.auth.claims.a.b` and `@request.auth.claims[a][b]` (Istio 1.30, pkg/jwt/routing.go:37). */
function claimPath(name: string): string[] {
  const rest = name.slice(CLAIMS.length);
  return rest.startsWith('[') ? rest.slice(1, -1).split('][') : rest.replace(/^\./, '').split('.');
}

/** Istio 1.30, route.go:1630-1644: prefix `/` or regular expression `.*`, and no other condition. */
export function catchesAll({ path, headers, withoutHeaders, queryParams, claims }: RequestMatch): boolean {
  return ((path.is === 'prefix' && path.value === '/') || (path.is === 'regex' && path.value === '.*'))
    && headers.length === 0 && withoutHeaders.length === 0 && queryParams.length === 0 && claims.length === 0;
}
