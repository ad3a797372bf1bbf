// Routes of a gateway that redirect a request to the URL that the client used.
import { matchesText } from '../../mesh/route/string-match';
import type { NamedMatch } from '../../mesh/route/http-routes';
import type { Route } from '../../mesh/route/routes';
import { type Link, schemeTo } from './links';

/** What tells the scheme of the client to a route. */
const SCHEMES = ['x-forwarded-proto', ':scheme'];

/** The routes that redirect to https what clients of a load balancer already sent by https. */
export function redirectingRoutes(link: Link): Route[] {
  const { listener, proxy, group, loadBalancer: { listeners } } = link;
  const isForwarded = listeners.some(({ protocol, rules, defaultActions }) => protocol === 'HTTPS' && [...defaultActions, ...rules.flatMap(own => own.actions)]
    .some(({ forwardConfig }) => forwardConfig?.targetGroups.some(own => own.targetGroup === group.id)));
  const table = schemeTo(link) === 'http' && isForwarded ? listener?.filterChains.select({ tls: false })?.routeConfig : undefined;
  // A gateway that trusts no proxy takes the scheme from the connection, which is plaintext.
  const seen = proxy.numTrustedProxies === 0 ? 'http' : 'https';
  const hosts = table === undefined ? [] : proxy.routeConfig(table)?.virtualHosts ?? [];
  return hosts.flatMap(({ routes }) => routes.filter((route, index) => (
    isToSelf(route) && admits(route, seen) && !routes.slice(0, index).some(own => tellsScheme(own) && admits(own, seen)))));
}

/** Whether it changes nothing but the scheme. */
function isToSelf({ action }: Route): boolean {
  return action.is === 'redirect' && action.scheme === 'https' && action.authority === '' && action.path === '' && action.port === 0;
}

function isOfScheme([name]: NamedMatch): boolean {
  return SCHEMES.includes(name);
}

function tellsScheme({ match: { headers, withoutHeaders } }: Route): boolean {
  return [...headers, ...withoutHeaders].some(isOfScheme);
}

function admits({ match: { headers, withoutHeaders } }: Route, scheme: string): boolean {
  const holds = ([, own]: NamedMatch) => matchesText(own, scheme);
  return headers.filter(isOfScheme).every(holds) && !withoutHeaders.filter(isOfScheme).some(holds);
}
