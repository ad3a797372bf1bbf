// Preflights: what browsers send before the requests that the CORS policies of a gateway's routes are for.
import type { GatewayProxy } from '../../mesh/proxies';
import type { CorsPolicy } from '../../mesh/route/http-routes';
import type { Route } from '../../mesh/route/routes';
import type { VirtualHost } from '../../mesh/route/virtual-hosts';
import type { AuthorizationStages, Condition, Rule } from '../../mesh/security/authorization';
import type { ConnectionFacts, Facts } from '../../trace/policies/authorization';
import { SeenRequest } from '../../trace/request';
import { ROUTE_TEST } from '../../trace/route-match';

/** A preflight that a route with a CORS policy matches. */
export interface Preflight {
  readonly route: Route;
  readonly facts: Facts;
  /** Methods of requests for which browsers send it. */
  readonly methods: readonly string[];
}

/** Methods for which browsers send no preflight on their own (https://fetch.spec.whatwg.org/#cors-safelisted-method). */
const SIMPLE: readonly string[] = ['GET', 'HEAD', 'POST'];

/** Of further headers a load balancer or a CDN may add some. */
const HEADERS: ReadonlyMap<string, string> = new Map([['origin', 'https://app.example'], ['access-control-request-method', 'POST']]);

/** Preflights never have these (https://fetch.spec.whatwg.org/#cors-preflight-fetch). */
const ABSENT: readonly string[] = ['authorization', 'cookie'];

/** The preflights that a gateway gets, for the paths of its routes and of the policies; none where what decides about them is unknown. */
export function preflightsOf(proxy: GatewayProxy, stages: AuthorizationStages, trustDomains: readonly string[]): Preflight[] {
  const conditions = [...stages.deny, ...stages.allow].flatMap(({ rules }) => rules).flatMap(conditionsOf);
  if (conditions.some(({ attribute, key }) => attribute === 'connection.sni' || (attribute === 'request.headers' && !ABSENT.includes(key[0].toLowerCase())))) {
    return [];
  }
  const paths = conditions.filter(({ attribute }) => attribute === 'request.path').flatMap(({ values }) => values)
    .filter(value => value.startsWith('/') && !value.includes('{')).map(value => value.replace(/\*$/, 'x'));
  const dependsOnHost = conditions.some(({ attribute }) => attribute === 'request.host');
  return proxy.allListeners().flatMap(({ port, filterChains }) => filterChains.all.flatMap(chain => {
    const connection: ConnectionFacts = { ...chain.clientCertificate === 'none' ? { peer: null } : {}, port, serverName: '', trustDomains };
    return proxy.virtualHosts(chain).filter(({ requiresTls, domains: [host] }) => !requiresTls && !(dependsOnHost && host.startsWith('*')))
      .flatMap(host => preflightsAt(host, paths, connection));
  }));
}

function preflightsAt({ domains: [authority], routes, paths: byPath }: VirtualHost, paths: readonly string[], connection: ConnectionFacts): Preflight[] {
  const withCors = routes.filter(({ cors }) => cors !== undefined);
  const written = withCors.flatMap(({ match: { path } }) => (path.is === 'exact' || path.is === 'prefix' ? [path.value] : []));
  return [...new Set(written.length === 0 ? [] : [...written, ...paths])].flatMap((path): Preflight[] => {
    const seen = new SeenRequest('OPTIONS', 'https', authority, path, '', { headers: HEADERS });
    const route = routes[byPath.find(path, seen, ROUTE_TEST)] as Route | undefined;
    const facts: Facts = { ...connection, isHttp: true, authority, method: 'OPTIONS', path, query: '', headers: HEADERS, claims: null };
    return route?.cors === undefined || dependsOnMore(route) ? [] : [{ route, facts, methods: methodsBehind(route.cors) }];
  });
}

function dependsOnMore({ match: { headers, withoutHeaders, queryParams } }: Route): boolean {
  return headers.some(([name]) => name !== ':method') || withoutHeaders.length + queryParams.length > 0;
}

/** Without headers of its own a request with a simple method needs no preflight. */
function methodsBehind({ methods, headers }: CorsPolicy): string[] {
  const named = methods.length === 0 ? SIMPLE : methods.flatMap(method => (method === '*' ? [...SIMPLE, 'PUT', 'PATCH', 'DELETE'] : [method]));
  return named.filter(method => method !== 'OPTIONS' && (headers.length > 0 || !SIMPLE.includes(method)));
}

/** The policies as the request behind a preflight meets them: with the token and the headers that they demand. */
export function withCredentials({ custom, deny, allow }: AuthorizationStages): AuthorizationStages {
  return {
    custom,
    deny: deny.map(policy => ({ ...policy, rules: policy.rules.filter(rule => !conditionsOf(rule).some(isMet)) })),
    allow: allow.map(policy => ({ ...policy, rules: policy.rules.map(withoutMet) })),
  };
}

function withoutMet(rule: Rule): Rule {
  const rest = (list: readonly Condition[]) => list.filter(one => !isMet(one));
  return { ...rule, from: rule.from.map(rest), to: rule.to.map(rest), when: rest(rule.when) };
}

function isMet({ attribute }: Condition): boolean {
  return attribute.startsWith('request.auth.') || attribute === 'request.headers';
}

function conditionsOf({ from, to, when }: Rule): Condition[] {
  return [...from.flat(), ...to.flat(), ...when];
}
