// Routes in declaration order, searched for one that matches all requests of a later one, so that nothing can reach the later one.
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpMatch } from '../../../imports/istio/networking.istio.io';
import { EarlierMatches } from '../../base/earlier-matches';
import { InvalidProps } from '../../base/errors';
import { areOnePath, coversMatch, type RequestMatch } from '../../base/match-cover';
import { isPreflight } from '../match/match';
import { isOfCaller, requestMatchOf } from '../match/request-match';

interface Hider {
  readonly match: RequestMatch;
  readonly item: VirtualServiceSpecHttp;
}

/** The routes of one list. Most lists have one route, which is compared with no other, so the first search prepares the comparison. */
export class EarlierRoutes {
  private matches?: EarlierMatches<VirtualServiceSpecHttp>;
  private prepared = 0;

  /** @param entries the list, which grows */
  public constructor(private readonly entries: readonly { readonly http: VirtualServiceSpecHttp }[]) {}

  /** The first route that matches every request of a match and does something else with it. */
  public covering(match: RequestMatch, own: VirtualServiceSpecHttp): Hider | undefined {
    const matches = this.matches ??= new EarlierMatches();
    for (; this.prepared < this.entries.length; this.prepared++) {
      const { http } = this.entries[this.prepared];
      // Requests that match no route of a delegate continue with the next route.
      if (http.delegate === undefined) {
        (http.match ?? [undefined]).forEach(block => matches.add(requestMatchOf(block), http));
      }
    }
    const found = matches.covering(match, () => true);
    return found !== undefined && actionOf(found.item) === actionOf(own) ? undefined : found;
  }
}

/**
 * Throws for a route with a path that no request can reach. An earlier route for a path alone is an exception to the path with everything below.
 *
 * @param places for each place where the route is evaluated, the lists of routes that precede it there
 * @param which requests the earlier routes match, such as "for these hosts"
 */
export function requireReached(http: VirtualServiceSpecHttp, places: readonly (readonly EarlierRoutes[])[], which: string): void {
  if (places.some(lists => lists.length === 0)) {
    return;
  }
  for (const { block, match, hider } of comparedBlocks(http, places)) {
    if (hider !== undefined) {
      const { item: { name: above }, match: wide } = hider;
      const path = block?.uri?.exact ?? block?.uri?.prefix ?? block?.uri?.regex;
      const fix = coversMatch(match, wide) ? 'keep one of the two' : `declare "${http.name}" before "${above}"`;
      if (http.corsPolicy !== undefined && block !== undefined && isPreflight(block)) {
        throw InvalidProps.conflict('cors', http.corsPolicy,
          `cannot respond to preflight requests${path === undefined ? '' : ` for ${path}`}: route "${above}" above matches all of them ${which}; ${fix}`);
      }
      throw InvalidProps.conflict('paths', path,
        `can never match${path === undefined ? '' : ` ${path}`}: route "${above}" above matches every such request ${which}; ${fix}`);
    }
  }
}

/**
 * Routes without what nothing can reach. A list of routes for several hosts can have parts that the routes of one of these hosts hide; they are
 * left out where they have no effect.
 */
export function reachedRoutes(
  entries: readonly { readonly http: VirtualServiceSpecHttp; readonly weightsElsewhere: boolean }[],
): VirtualServiceSpecHttp[] {
  const before: { readonly http: VirtualServiceSpecHttp }[] = [];
  const places = [[new EarlierRoutes(before)]];
  return entries.flatMap(entry => {
    const { http, weightsElsewhere } = entry;
    const compared = comparedBlocks(http, places);
    before.push(entry);
    const match = compared.filter(({ hider }) => hider === undefined).flatMap(({ block }) => block ?? []);
    // An annotation lists the routes whose weights are managed elsewhere.
    return weightsElsewhere || compared.every(({ hider }) => hider === undefined) ? [http] : match.length === 0 ? [] : [{ ...http, match }];
  });
}

interface ComparedBlock {
  /** Absent for a route without conditions. */
  readonly block?: VirtualServiceSpecHttpMatch;
  readonly match: RequestMatch;
  /** The route that hides it, unless it belongs to a path that is reached otherwise. */
  readonly hider?: Hider;
}

function comparedBlocks(http: VirtualServiceSpecHttp, places: readonly (readonly EarlierRoutes[])[]): ComparedBlock[] {
  const found = (http.match ?? [undefined]).map((block): ComparedBlock => {
    const match = requestMatchOf(block);
    return { block, match, hider: hiderOf(match, http, places) };
  });
  const reached = found.filter(({ hider }) => hider === undefined);
  return reached.length === found.length ? found : found.map(own => (
    reached.some(({ match }) => areOnePath(own.match, match) || isSameForOthers(own.match, match)) ? { ...own, hider: undefined } : own));
}

function hiderOf(match: RequestMatch, http: VirtualServiceSpecHttp, places: readonly (readonly EarlierRoutes[])[]): Hider | undefined {
  let first: Hider | undefined;
  for (const lists of places) {
    let found: Hider | undefined;
    lists.some(list => (found = list.covering(match, http)) !== undefined);
    if (found === undefined) {
      return undefined;
    }
    first ??= found;
  }
  return first;
}

/** Whether two blocks of a route differ only in their callers. */
function isSameForOthers(one: RequestMatch, other: RequestMatch): boolean {
  const [own, others] = [one, other].map(({ path, ignoresCase, headers, withoutHeaders, queryParams, claims }): RequestMatch => (
    { path, ignoresCase, headers: headers.filter(([name]) => !isOfCaller(name)), withoutHeaders, queryParams, claims }));
  return coversMatch(own, others) && coversMatch(others, own);
}

/** What happens to the requests, as a string. */
function actionOf(http: VirtualServiceSpecHttp): string {
  return JSON.stringify({ ...http, match: undefined, name: undefined });
}
