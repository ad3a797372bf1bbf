// Which requests a route takes: the conditions on them, and the match blocks that Istio has for it.
import type { VirtualServiceSpecHttpMatch } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requirePort } from '../../base/number';
import { requireRegex } from '../../base/re2';
import { AuthorityMatch } from './authority';
import { ClaimMatch } from './claim-match';
import { HeaderMatch } from './header-match';
import { HttpScheme } from './http-scheme';
import { byName, requirePossible } from './keyed-match';
import type { CallerMatch } from './mesh-caller';
import { PathMatch, renderPaths } from './path-match';
import { QueryMatch } from './query-match';

export { HeaderMatch } from './header-match';
export { PathMatch } from './path-match';

/** Which requests a route takes: those for which all conditions hold. Without any, every request. */
export interface RouteConditions {
  /**
   * Conditions on the path; one of them has to hold.
   *
   * @default - any path
   */
  readonly paths?: PathMatch[];

  /**
   * Methods in upper case, such as GET; the request has one of them.
   *
   * @default - any method
   */
  readonly methods?: string[];

  /**
   * Conditions on headers; all of them have to hold.
   *
   * @default - any headers
   */
  readonly headers?: HeaderMatch[];

  /**
   * Conditions on the claims of a validated token; all of them have to hold. For routes of a gateway only.
   *
   * @default - any token, or none
   */
  readonly claims?: ClaimMatch[];

  /**
   * Conditions on parameters of the query; all of them have to hold.
   *
   * @default - any query
   */
  readonly queryParams?: QueryMatch[];

  /**
   * Condition on the authority: the host and perhaps the port that the client wrote.
   *
   * @default - any authority that the hosts of the route allow
   */
  readonly authority?: AuthorityMatch;

  /**
   * Scheme of the request. A gateway takes it from X-Forwarded-Proto where it trusts the load balancer, and from the connection elsewhere.
   *
   * @default - any scheme
   */
  readonly scheme?: HttpScheme;

  /**
   * Port that the request came in by: of the Gateway's server, or of the Service that a mesh route is about.
   *
   * @default - any port
   */
  readonly port?: number;
}

/**
 * The match blocks of one route: for every path and every caller one, with all other conditions.
 *
 * @returns nothing for a route that takes every request
 */
export function renderMatches(
  conditions: RouteConditions, callers: readonly CallerMatch[] = [], statPrefix?: string,
): readonly VirtualServiceSpecHttpMatch[] | undefined {
  const { paths } = conditions;
  if (paths?.length === 0) {
    throw InvalidProps.value('paths', paths, 'must be at least one path, or nothing for any');
  }
  const common = renderCommon(conditions, statPrefix);
  const alone = common && [common];
  const uris = paths && renderPaths(paths);
  const blocks = uris && common ? uris.map(uri => ({ ...uri, ...common })) : uris ?? alone;
  return callers.length === 0 ? blocks : (blocks ?? [{}]).flatMap(block => callers.map(caller => ({ ...block, ...caller })));
}

/** A match block while it is filled. */
type Filling<T> = { -readonly [P in keyof T]: T[P] };

/** What all blocks of a route share. Only what is there gets a key: synth copies every one. */
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

/** Claims stand among the headers, under names that no header has. */
function fillHeaders(common: Filling<VirtualServiceSpecHttpMatch>, headers: readonly HeaderMatch[], claims: readonly ClaimMatch[]): void {
  for (const negative of [false, true]) {
    const [has, claimed] = [byName('headers', headers, negative), byName('claims', claims, negative)];
    const all = has && claimed ? { ...has, ...claimed } : has ?? claimed;
    if (all !== undefined) {
      common[negative ? 'withoutHeaders' : 'headers'] = all;
    }
  }
  requirePossible(common);
}

/** Methods have no characters that mean something in a regular expression. */
function renderMethods(methods: readonly string[]): { exact: string } | { regex: string } {
  if (methods.length === 0) {
    throw InvalidProps.value('methods', methods, 'must be at least one method, or nothing for any');
  }
  methods.forEach((method, index) => {
    if (!/^[A-Z]+(-[A-Z]+)*$/.test(method) || methods.indexOf(method) !== index) {
      throw InvalidProps.value(`methods[${index}]`, method, 'must be a method in upper case, such as GET, and every method once');
    }
  });
  const regex = methods.join('|');
  if (methods.length === 1) {
    return { exact: regex };
  }
  requireRegex('methods', regex);
  return { regex };
}
