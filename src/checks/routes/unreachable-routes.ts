// Routes of a VirtualService that no request reaches, because an earlier route of the same VirtualService matches all of their requests.
import { EarlierMatches } from '../../base/earlier-matches';
import { areOnePath, type RequestMatch } from '../../base/match-cover';
import { once } from '../../base/once';
import { type Manifest, qualifiedNameOf } from '../../manifests/manifest';
import { valueAt } from '../../manifests/pointer';
import { asObject } from '../../manifests/plain-json';
import type { Place } from '../../mesh/objects/config';
import type { HttpMatch, HttpRoute } from '../../mesh/route/http-routes';
import { writtenRoutes } from '../../mesh/route/routes';
import type { VirtualService } from '../../mesh/virtual-services';

/** A match of a route that no request reaches. */
export interface UnreachableRoute extends Place {
  readonly match: RequestMatch;
  /** The entry of `http` that is in front of it, and what that matches. */
  readonly hider: HttpRoute;
  readonly hidingMatch: RequestMatch;
}

interface Written {
  readonly http: HttpRoute;
  /** Absent for an entry without matches. */
  readonly written?: HttpMatch;
}

/**
 * All such matches, except those whose requests get the same from the earlier route, and except the exact path of a pair with everything below
 * it: an earlier route for the path alone is an exception to such a pair.
 */
export function unreachableRoutes(virtualServices: readonly VirtualService[]): UnreachableRoute[] {
  const found = new Map<Manifest, Map<string, UnreachableRoute | undefined>>();
  for (const virtualService of virtualServices) {
    if (virtualService.http.length < 2 && virtualService.http[0]?.manifest === virtualService.config.manifest) {
      continue;
    }
    const earlier = new EarlierMatches<Written>();
    const entries = virtualService.http.flatMap(http => (http.matches.length === 0 ? [{ http }] : http.matches.map((written): Written => ({ http, written }))));
    const routes = writtenRoutes(virtualService);
    const covering = routes.map(({ match }, index) => {
      const first = earlier.covering(match, ({ written }) => appliesWherever(written, entries[index].written, virtualService));
      earlier.add(match, entries[index]);
      return first;
    });
    routes.forEach(({ manifest, pointer, match }, index) => {
      const own = entries[index];
      const first = covering[index];
      const hasRest = () => routes.some((below, other) => (
        entries[other].http === own.http && (covering[other]?.item.http ?? own.http) === own.http && areOnePath(match, below.match)));
      const hides = first !== undefined && first.item.http !== own.http && !doSame(first.item.http, own.http) && !hasRest();
      const places = once(found, manifest, () => new Map<string, UnreachableRoute | undefined>());
      // A route of a delegate is reached if it is in one of the VirtualServices that contain it.
      if (!places.has(pointer) || places.get(pointer) !== undefined) {
        places.set(pointer, hides ? { manifest, pointer, match, hider: first.item.http, hidingMatch: first.match } : undefined);
      }
    });
  }
  return [...found.values()].flatMap(places => [...places.values()].filter(own => own !== undefined));
}

/** The entry in front, as a message names it. */
export function hiderText({ manifest, hider }: UnreachableRoute): string {
  return hider.manifest === manifest ? hider.pointer : `${hider.pointer} of VirtualService ${qualifiedNameOf(hider.manifest)}`;
}

/** Whether the conditions that istiod itself evaluates hold for one match wherever they hold for another (Istio 1.30, route.go:452-463). */
function appliesWherever(wide: HttpMatch | undefined, narrow: HttpMatch | undefined, { gateways }: VirtualService): boolean {
  if (wide === undefined) {
    return true;
  }
  if (wide.port !== undefined && wide.port !== narrow?.port) {
    return false;
  }
  const named = narrow?.gateways ?? [];
  if (wide.gateways.length > 0) {
    return (named.length > 0 ? named : gateways).every(gateway => wide.gateways.includes(gateway));
  }
  const hasNone = wide.sourceLabels.size === 0 && wide.sourceNamespace === undefined;
  return hasNone || (narrow !== undefined && named.length === 0 && (wide.sourceNamespace === undefined || wide.sourceNamespace === narrow.sourceNamespace)
    && [...wide.sourceLabels].every(([key, value]) => narrow.sourceLabels.get(key) === value));
}

/** Whether two entries of `http` differ at most in what they match. */
export function doSame(one: HttpRoute, other: HttpRoute): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ manifest, pointer }: HttpRoute): string {
  return JSON.stringify({ ...asObject(valueAt(manifest.object, pointer)), match: undefined, name: undefined });
}
