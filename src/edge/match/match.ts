// Which requests a route matches: its conditions, and the Istio match blocks rendered from them.
import type { VirtualServiceSpecHttpMatch } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requirePort } from '../../base/number';
import { requireRegex } from '../../base/re2';
import { AuthorityMatch } from './authority';
import { ClaimMatch } from './claim-match';
import { HeaderMatch } from './header-match';
import { byName, requirePossible } from './keyed-match';
import type { CallerMatch } from './mesh-caller';
import { PathMatch, renderPaths } from './path-match';
import { QueryMatch } from './query-match';
import { ANY_STRING } from './string-match';

export { HeaderMatch } from './header-match';
export { PathMatch } from './path-match';

/** Scheme of a request. */
export enum HttpScheme {
  HTTP = 'http',
  HTTPS = 'https',
}

/** Which requests a route matches: those that meet all conditions. Without conditions, every request. */
export interface RouteConditions {
  /**
   * Conditions on the path. At least one must match.
   *
   * @default - any path
   */
  readonly paths?: PathMatch[];

  /**
   * Methods in upper case, such as GET. The request must use one of them.
   *
   * @default - any method
   */
  readonly methods?: string[];

  /**
   * Conditions on headers. All must match.
   *
   * @default - any headers
   */
  readonly headers?: HeaderMatch[];

  /**
   * Conditions on the claims of a validated token. All must match. Only for routes at a gateway.
   *
   * @default - any token, or no token
   */
  readonly claims?: ClaimMatch[];

  /**
   * Conditions on query parameters. All must match.
   *
   * @default - any query
   */
  readonly queryParams?: QueryMatch[];

  /**
   * Condition on the authority: the host, and the port if the client sent one.
   *
   * @default - any authority that the hosts of the route allow
   */
  readonly authority?: AuthorityMatch;

  /**
   * Scheme of the request. A gateway that trusts the load balancer reads it from X-Forwarded-Proto; other proxies use the connection's.
   *
   * @default - any scheme
   */
  readonly scheme?: HttpScheme;

  /**
   * Port that received the request: of the Gateway's server, or of the Service of a mesh route.
   *
   * @default - any port
   */
  readonly port?: number;
}

/**
 * Renders the match blocks of a route: one for each combination of path and caller, each with all other conditions.
 *
 * @param admitsPreflights whether preflight requests for the methods match as well
 * @returns undefined for a route that matches every request
 */
export function renderMatches(
  conditions: RouteConditions, callers: readonly CallerMatch[] = [], statPrefix?: string, admitsPreflights = false,
): readonly VirtualServiceSpecHttpMatch[] | undefined {
  const { paths } = conditions;
  if (paths?.length === 0) {
    throw InvalidProps.value('paths', paths, 'must have at least one path; leave it unset to match any path');
  }
  const common = renderCommon(conditions, statPrefix);
  const all = common && (admitsPreflights && conditions.methods?.includes(PREFLIGHT) === false ? [common, preflightOf(common, conditions.methods)] : [common]);
  const uris = paths && renderPaths(paths);
  const blocks = uris && all ? uris.flatMap(uri => all.map(own => ({ ...uri, ...own }))) : uris ?? all;
  return callers.length === 0 ? blocks : (blocks ?? [{}]).flatMap(block => callers.map(caller => ({ ...block, ...caller })));
}

/** The method of preflight requests. */
const PREFLIGHT = 'OPTIONS';

/** The header in which preflight requests say the method of the request that they are for. */
const REQUESTED_METHOD = 'access-control-request-method';

/** Whether a block matches preflight requests only, as those that `renderMatches` adds. */
export function isPreflight({ method, headers = {} }: VirtualServiceSpecHttpMatch): boolean {
  return method?.exact === PREFLIGHT && REQUESTED_METHOD in headers;
}

/** A match block under construction. */
type Filling<T> = { -readonly [P in keyof T]: T[P] };

/** The conditions that all blocks of a route share. Unset conditions get no key, because synth copies every key. */
function renderCommon(conditions: RouteConditions, statPrefix: string | undefined): VirtualServiceSpecHttpMatch | undefined {
  const { methods, headers, claims, queryParams, authority, scheme, port } = conditions;
  const common: Filling<VirtualServiceSpecHttpMatch> = {};
  if (methods !== undefined) {
    common.method = renderMethods(methods);
  }
  if (headers !== undefined || claims !== undefined) {
    fillHeaders(common, headers ?? [], claims ?? []);
  }
  const parameters = queryParams && byName('queryParams', queryParams, false);
  if (parameters !== undefined) {
    common.queryParams = parameters;
  }
  if (authority !== undefined) {
    common.authority = authority._render();
  }
  if (scheme !== undefined) {
    common.scheme = { exact: scheme };
  }
  if (port !== undefined) {
    common.port = requirePort('port', port);
  }
  if (statPrefix !== undefined) {
    common.statPrefix = statPrefix;
  }
  return Object.keys(common).length > 0 ? common : undefined;
}

/**
 * The preflight requests for a block with methods. Envoy calls a request with these headers a preflight
 * (Envoy 1.38, source/extensions/filters/http/cors/cors_filter.cc).
 */
function preflightOf(common: VirtualServiceSpecHttpMatch, methods: readonly string[]): VirtualServiceSpecHttpMatch {
  const headers = { [REQUESTED_METHOD]: renderMethods(methods), 'origin': ANY_STRING, ...common.headers };
  return { ...common, method: { exact: PREFLIGHT }, headers };
}

/** Istio matches claims as headers with reserved names. */
function fillHeaders(common: Filling<VirtualServiceSpecHttpMatch>, headers: readonly HeaderMatch[], claims: readonly ClaimMatch[]): void {
  for (const negative of [false, true]) {
    const [named, claimed] = [byName('headers', headers, negative), byName('claims', claims, negative)];
    const all = named && claimed ? { ...named, ...claimed } : named ?? claimed;
    if (all !== undefined) {
      common[negative ? 'withoutHeaders' : 'headers'] = all;
    }
  }
  requirePossible(common);
}

/** Renders a condition on the method. Methods contain no characters that are special in a regular expression. */
export function renderMethods(methods: readonly string[]): { exact: string } | { regex: string } {
  if (methods.length === 0) {
    throw InvalidProps.value('methods', methods, 'must have at least one method; leave it unset to match any method');
  }
  methods.forEach((method, index) => {
    if (!/^[A-Z]+(-[A-Z]+)*$/.test(method)) {
      throw InvalidProps.value(`methods[${index}]`, method, 'must be a method in upper case, such as GET');
    }
    if (methods.indexOf(method) !== index) {
      throw InvalidProps.duplicate(`methods[${index}]`, method, 'in methods');
    }
  });
  const regex = methods.join('|');
  if (methods.length === 1) {
    return { exact: regex };
  }
  requireRegex('methods', regex);
  return { regex };
}
