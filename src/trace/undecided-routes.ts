// Routes that are chosen by a header whose value is not known.
import { once } from '../base/once';
import type { NamedMatch } from '../mesh/route/http-routes';
import type { Route } from '../mesh/route/routes';
import type { VirtualHost } from '../mesh/route/virtual-hosts';
import type { Doubt } from './doubts';
import type { SeenRequest } from './request';
import { matchesRoute } from './route-match';
import { isUnknownValue } from './policies/unknown-values';

/** The first route up to the chosen one which only an unknown value keeps from being decided. @param chosen -1 for none */
export function undecidedRoute(host: VirtualHost, chosen: number, seen: SeenRequest): Doubt | undefined {
  // The search for the route reads the headers that a route for the path compares: nearly every request is for a path without such routes.
  return seen.hasReadHeaders ? undecidedAmong(host, chosen, seen) : undefined;
}

function undecidedAmong(host: VirtualHost, chosen: number, seen: SeenRequest): Doubt | undefined {
  const compared = once(NAMES, host, () => namesIn(host.routes));
  const names = compared.length === 0 ? compared : compared.filter(name => isUnknownValue(seen.headers.get(name)));
  if (names.length === 0) {
    return undefined;
  }
  const isKnown = (condition: NamedMatch) => !dependsOnValue(condition) || !names.includes(condition[0].toLowerCase());
  const routes = chosen === -1 ? host.routes : host.routes.slice(0, chosen + 1);
  for (const route of routes) {
    const { headers, withoutHeaders } = route.match;
    const unknown = [...headers, ...withoutHeaders].find(condition => !isKnown(condition));
    if (unknown !== undefined && matchesRoute({ ...route.match, headers: headers.filter(isKnown), withoutHeaders: withoutHeaders.filter(isKnown) }, seen)) {
      return { by: route, why: `A route decides by the value of header ${unknown[0]}, which is made on the way and not in the input.` };
    }
  }
  return undefined;
}

const NAMES = new WeakMap<VirtualHost, readonly string[]>();

/** The headers by whose values routes are chosen. */
function namesIn(routes: readonly Route[]): readonly string[] {
  const conditions = routes.flatMap(({ match }) => [...match.headers, ...match.withoutHeaders]);
  return [...new Set(conditions.filter(dependsOnValue).map(([name]) => name.toLowerCase()))];
}

function dependsOnValue([, match]: NamedMatch): boolean {
  return match.is !== 'present' && !(match.is === 'regex' && /^\.[*+]$/.test(match.value));
}
