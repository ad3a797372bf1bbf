// Forwarding: what a route changes of a request before it is sent, and what redirects and CORS answer.
import { millisecondsOf } from '../base/go-duration';
import { HeaderChanges, HeaderOperations, Rewrite } from '../mesh/route/http-routes';
import { ForwardAction, RedirectAction, WeightedCluster } from '../mesh/route/route-actions';
import { Route } from '../mesh/route/routes';
import { findRegex } from '../base/re2';
import { matchesText } from '../mesh/route/string-match';
import { NO_HEADERS } from './policies/seen-header';
import { type HeaderSource, SeenRequest, Token } from './request';

/** The request as the destination sees it. */
export class ForwardedRequest {
  private known: ReadonlyMap<string, string> | undefined;

  /**
   * @param target path with query
   * @param source read once, where a policy of the destination reads a header
   * @param token absent if a gateway validated and removed it
   * @param isNormal whether normalizing the target again leaves it as it is
   */
  public constructor(public readonly method: string, public readonly authority: string, public readonly target: string,
    private readonly source: HeaderSource, public readonly token?: Token, public readonly isNormal = false) {}

  /** By name in lowercase. */
  public get headers(): ReadonlyMap<string, string> {
    this.known ??= this.source.headers;
    return this.known;
  }
}

/** The headers of a request after the changes of its route. */
class ChangedHeaders implements HeaderSource {
  public constructor(private readonly request: SeenRequest, private readonly route: Route, private readonly action: ForwardAction,
    private readonly share: WeightedCluster) {}

  public get headers(): ReadonlyMap<string, string> {
    return forwardedHeaders(this.request, this.route, this.action, this.share);
  }
}

/** Applies header operations, then the authority, then the path (Envoy 1.40, RouteEntryImplBase::finalizeRequestHeaders). */
export function forwarded(request: SeenRequest, route: Route, action: ForwardAction, share: WeightedCluster): ForwardedRequest {
  const authority = action.authority ?? share.authority ?? request.authority;
  const { method, token } = request;
  if (action.rewrite === undefined) {
    const source = route.headers === undefined && share.headers === undefined ? request : new ChangedHeaders(request, route, action, share);
    return new ForwardedRequest(method, authority, request.target, source, token, request.isWritten);
  }
  return new ForwardedRequest(method, authority, rewritten(request, route, action.rewrite), new ChangedHeaders(request, route, action, share), token);
}

function forwardedHeaders(request: SeenRequest, route: Route, { rewrite, isSplit }: ForwardAction, share: WeightedCluster): ReadonlyMap<string, string> {
  const changed = route.headers === undefined && share.headers === undefined ? request.headers
    : changeHeaders(request.headers, orderOf(route.headers, share.headers, isSplit).map(({ request: changes }) => changes));
  // Also where the new path is the old one.
  const isRewritten = rewrite?.regex !== undefined || (rewrite?.uri ?? '') !== '';
  return isRewritten ? new Map([...changed, ['x-envoy-original-path', request.path + request.query]]) : changed;
}

/** The changed response headers of a route and of its destination. @param isSplit whether it is one of several */
export function responseHeaders(route: Route, share: WeightedCluster | undefined, isSplit = false): ReadonlyMap<string, string> {
  return route.headers === undefined && share?.headers === undefined ? NO_HEADERS
    : changeHeaders(new Map(), orderOf(route.headers, share?.headers, isSplit).map(({ response }) => response));
}

/** With several destinations Envoy applies the destination's changes first; a single one's are appended to the route's. */
function orderOf(route: HeaderOperations | undefined, share: HeaderOperations | undefined, isSplit: boolean): HeaderOperations[] {
  return (isSplit ? [share, route] : [route, share]).filter((one): one is HeaderOperations => one !== undefined);
}

function changeHeaders(headers: ReadonlyMap<string, string>, changes: readonly HeaderChanges[]): Map<string, string> {
  const changed = new Map(headers);
  const isPseudo = (name: string) => name.startsWith(':') || name.toLowerCase() === 'host';
  changes.forEach(({ remove }) => remove.forEach(name => changed.delete(name.toLowerCase())));
  for (const { set, add } of changes) {
    set.filter(([name]) => !isPseudo(name)).forEach(([name, value]) => changed.set(name.toLowerCase(), value));
    add.filter(([name]) => !isPseudo(name)).forEach(([name, value]) => {
      const known = changed.get(name.toLowerCase());
      changed.set(name.toLowerCase(), known === undefined ? value : `${known},${value}`);
    });
  }
  return changed;
}

/** A prefix is replaced, whatever follows; any other match is replaced as a whole. The query survives. */
function rewritten({ path, query, target }: SeenRequest, { match }: Route, rewrite: Rewrite): string {
  if (rewrite.regex) {
    return (findRegex(rewrite.regex.match)?.replaceAll(path, rewrite.regex.rewrite) ?? path) + query;
  }
  if (rewrite.uri === '') {
    return target;
  }
  return (match.path.is === 'prefix' ? rewrite.uri + path.slice(match.path.value.length) : rewrite.uri) + query;
}

/** The location of a redirect (Envoy 1.40, RouteEntryImplBase::newUri). */
export function locationOf(request: SeenRequest, action: RedirectAction): string {
  const scheme = action.scheme || request.scheme;
  const port = action.port === 0 ? '' : `:${action.port}`;
  const ownPort = /:\d+$/.exec(request.authority)?.[0] ?? '';
  const isDefault = scheme !== request.scheme && ownPort === (request.scheme === 'https' ? ':443' : ':80');
  const host = action.authority || (port !== '' || isDefault ? request.authority.slice(0, request.authority.length - ownPort.length) : request.authority);
  const written = action.path || request.path;
  const path = written.startsWith('/') ? written : `/${written}`;
  return `${scheme}://${host}${port}${path}${action.path.includes('?') ? '' : request.query}`;
}

/** What CORS makes of a request: response headers, and whether the proxy itself answers. */
export interface CorsOutcome {
  readonly headers: ReadonlyMap<string, string>;
  readonly answers: boolean;
}

const NO_CORS: CorsOutcome = { headers: new Map(), answers: false };

/** A preflight with a known origin is answered, whatever it asks for; other requests only get headers (Envoy 1.40, cors_filter.cc). */
export function corsOutcome(request: SeenRequest, route: Route): CorsOutcome {
  const cors = route.cors;
  const origin = cors && request.headers.get('origin');
  if (cors === undefined || origin === undefined) {
    return NO_CORS;
  }
  const isPreflight = request.method === 'OPTIONS' && (request.headers.get('access-control-request-method') ?? '') !== '';
  // A condition that `*` meets is met by any origin (Envoy 1.40, cors_filter.cc isOriginAllowed).
  const isAllowed = cors.origins.some(match => matchesText(match, '*') || matchesText(match, origin));
  const answers = isPreflight && (isAllowed || !cors.forwardsUnmatchedPreflights);
  if (!isAllowed && !answers) {
    return NO_CORS;
  }
  const headers = new Map<string, string>(isAllowed ? [['access-control-allow-origin', origin]] : []);
  if (cors.credentials === true) {
    headers.set('access-control-allow-credentials', 'true');
  }
  // A preflight of an unknown origin gets all but the origin and the exposed headers.
  const lists = [
    ...answers ? [['allow-methods', cors.methods], ['allow-headers', cors.headers]] as const : [],
    ...isAllowed ? [['expose-headers', cors.exposed]] as const : [],
  ];
  lists.filter(([, list]) => list.length > 0).forEach(([name, list]) => headers.set(`access-control-${name}`, list.join()));
  if (answers && cors.maxAge !== undefined) {
    headers.set('access-control-max-age', String(Math.trunc(millisecondsOf(cors.maxAge) / 1000)));
  }
  return { headers, answers };
}
