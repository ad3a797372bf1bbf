// Matching: whether a request meets the conditions of a route, as Envoy compares them.
import { NamedMatch } from '../mesh/route/http-routes';
import { Test } from '../mesh/route/route-paths';
import { RouteMatch } from '../mesh/route/routes';
import { StringMatch, matchesText } from '../mesh/route/string-match';
import { claimAt } from './policies/jwt';
import { seenHeader } from './policies/seen-header';
import { SeenRequest } from './request';
import { claimText, namedText, pathText } from './hops/route-text';

/** Whether the request meets all conditions. */
export function matchesRoute(match: RouteMatch, request: SeenRequest): boolean {
  return matchesPath(match, request.path) && matchesRest(match, request);
}

/** The conditions of routes, asked about a request. */
export const ROUTE_TEST: Test<SeenRequest> = { all: matchesRoute, rest: matchesRest };

function matchesRest(match: RouteMatch, request: SeenRequest): boolean {
  return (match.headers.length === 0 || match.headers.every(([name, condition]) => matchesHeader(condition, seenHeader(request, name))))
    && (match.withoutHeaders.length === 0 || match.withoutHeaders.every(([name, condition]) => isWithout(condition, seenHeader(request, name))))
    && (match.queryParams.length === 0 || matchesQuery(match.queryParams, request.query))
    && (match.claims.length === 0 || match.claims.every(([path, condition, inverted]) => matchesClaim(path, condition, request) !== inverted));
}

/** The first condition that the request does not meet, in words. */
export function unmetCondition(match: RouteMatch, request: SeenRequest): string | undefined {
  if (!matchesPath(match, request.path)) {
    return pathText(match.path, match.ignoresCase);
  }
  const header = match.headers.find(([name, condition]) => !matchesHeader(condition, seenHeader(request, name)));
  const unwanted = match.withoutHeaders.find(([name, condition]) => !isWithout(condition, seenHeader(request, name)));
  const query = match.queryParams.find(own => !matchesQuery([own], request.query));
  const claim = match.claims.find(([path, condition, inverted]) => matchesClaim(path, condition, request) === inverted);
  return header ? namedText('header', header)
    : unwanted ? namedText('without header', unwanted)
      : query ? namedText('query', query)
        : claim && claimText(claim);
}

/** `ignoreUriCase` does not apply to regular expressions. */
export function matchesPath({ path, ignoresCase }: RouteMatch, written: string): boolean {
  if (!ignoresCase || path.is === 'regex' || path.is === 'present') {
    return matchesText(path, written);
  }
  return matchesText({ is: path.is, value: path.value.toLowerCase() }, written.toLowerCase());
}

function matchesHeader(condition: StringMatch, value: string | undefined): boolean {
  return value !== undefined && matchesText(condition, value);
}

/** With a value in the condition, a missing header counts as empty (Istio 1.30, pilot/pkg/networking/core/route/route.go:1074-1087). */
function isWithout(condition: StringMatch, value: string | undefined): boolean {
  return condition.is === 'present' ? value === undefined : !matchesText(condition, value ?? '');
}

/** Names and values are compared as they are encoded. Of a repeated parameter the first counts. */
function matchesQuery(conditions: readonly NamedMatch[], query: string): boolean {
  const values = new Map<string, string>();
  for (const pair of query.slice(1).split('&')) {
    const equals = pair.indexOf('=');
    const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    if (pair !== '' && !values.has(name)) {
      values.set(name, value);
    }
  }
  return conditions.every(([name, condition]) => matchesHeader(condition, values.get(name)));
}

/** A text, or a list with one text that matches. */
function matchesClaim(path: readonly string[], condition: StringMatch, { claims }: SeenRequest): boolean {
  const value = claimAt(claims, path);
  const texts = Array.isArray(value) ? value : [value];
  return texts.some(text => typeof text === 'string' && matchesText(condition, text));
}
