// Which requests a rate limit counts, as header matchers of Envoy: the parts of a request are headers there, and all matchers must match.
// Facts: Envoy 1.38, api/envoy/config/route/v3/route_components.proto, HeaderMatcher.
import { InvalidProps } from '../../base/errors';
import { ANY_HOST, requireHosts } from '../../base/host';
import type { HeaderMatch } from '../match/header-match';
import { renderMethods, type RouteConditions } from '../match/match';
import { type PathMatch, renderPaths } from '../match/path-match';
import type { StringMatch } from '../match/string-match';

/** Which requests a rate limit counts: those that meet all conditions. */
export interface CountedRequests extends Pick<RouteConditions, 'paths' | 'methods' | 'headers'> {
  readonly hosts?: readonly string[];
}

/** A condition on one header. */
interface HeaderMatcher {
  readonly name: string;
  readonly string_match?: object;
  readonly present_match?: boolean;
  readonly invert_match?: boolean;
  readonly treat_missing_header_as_empty?: boolean;
}

/** Renders the conditions; an empty list for all requests. @throws InvalidProps for a condition that Envoy cannot evaluate here */
export function renderCounted({ hosts, paths, methods, headers }: CountedRequests): HeaderMatcher[] {
  return [
    ...hosts === undefined ? [] : [matching(':authority', { regex: `(?i:${requireHosts('hosts', hosts).map(hostPattern).join('|')})(?::[0-9]+)?` })],
    ...paths === undefined ? [] : [matching(':path', { regex: pathPattern(paths) })],
    ...methods === undefined ? [] : [matching(':method', renderMethods(methods))],
    ...(headers ?? []).map(headerMatcher),
  ];
}

/** Requests without a header. */
export function lacking(name: string): HeaderMatcher {
  return { name, present_match: true, invert_match: true };
}

function matching(name: string, { exact, prefix, regex }: StringMatch): HeaderMatcher {
  return { name, string_match: exact !== undefined ? { exact } : prefix !== undefined ? { prefix } : { safe_regex: { regex } } };
}

function hostPattern(host: string): string {
  return host === ANY_HOST ? '[^:]*' : escaped(host).replace(/^\\\*/, '[^:]+');
}

/** The path of Envoy's header includes the query. */
function pathPattern(paths: readonly PathMatch[]): string {
  if (paths.length === 0) {
    throw InvalidProps.value('paths', paths, 'must have at least one path; leave it unset to count any path');
  }
  renderPaths(paths);
  return paths.map(({ _kind: kind, _text: text, _ignoresCase: ignoresCase }, index) => {
    if (kind === 'regex') {
      throw InvalidProps.value(`paths[${index}]`, text,
        'must be an exact path, a prefix or a pathPrefix: Envoy compares the query as well here, so that a regular expression would match other requests');
    }
    const pattern = escaped(text) + { exact: '(?:\\?.*)?', prefix: '.*', pathPrefix: '(?:[/?].*)?' }[kind];
    return ignoresCase ? `(?i:${pattern})` : pattern;
  }).join('|');
}

/** Istio renders the conditions of routes in the same way (Istio 1.30, pilot/pkg/networking/core/route/route.go, translateHeaderMatch). */
function headerMatcher(header: HeaderMatch): HeaderMatcher {
  const { name, _isNegative: isNegative } = header;
  const match = header._render();
  if (Object.keys(match).length === 0) {
    return { name, present_match: true, ...isNegative ? { invert_match: true } : {} };
  }
  return { ...matching(name, match), ...isNegative ? { invert_match: true, treat_missing_header_as_empty: true } : {} };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
