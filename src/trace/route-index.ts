// The routes of a virtual host by their paths: a request is compared only with routes whose path may match.
import { addTo } from '../base/multimap';
import { once } from '../base/once';
import type { Route } from '../mesh/route/routes';
import type { SeenRequest } from './request';
import { matchesRoute } from './route-match';

/** Fewer routes are compared one by one, which is as fast. */
const FEW = 6;

/** Finds the first route that a request matches. */
export class RouteIndex {
  /** Whether all routes are from one VirtualService, so that no age decides. */
  public readonly hasOneSource: boolean;
  private readonly exact = new Map<string, number[]>();
  /** By length, then by prefix. */
  private readonly prefixes = new Map<number, Map<string, number[]>>();
  /** Routes that any path may match: those with regular expressions, or that ignore case. */
  private readonly others: number[] = [];

  public constructor(private readonly routes: readonly Route[]) {
    this.hasOneSource = routes.every(({ virtualService }) => virtualService === routes[0].virtualService);
    routes.forEach(({ match: { path, ignoresCase } }, index) => {
      if (ignoresCase || path.is === 'regex' || path.is === 'present') {
        this.others.push(index);
      } else if (path.is === 'exact') {
        addTo(this.exact, path.value, index);
      } else {
        addTo(once(this.prefixes, path.value.length, () => new Map<string, number[]>()), path.value, index);
      }
    });
  }

  /** The position of the first route that the request matches; -1 for none. */
  public find(seen: SeenRequest): number {
    return this.routes.length < FEW ? this.routes.findIndex(({ match }) => matchesRoute(match, seen)) : this.findAmong(this.candidates(seen.path), seen);
  }

  /** Lists of positions, each in order. */
  private candidates(path: string): (readonly number[])[] {
    const found: (readonly number[])[] = this.others.length === 0 ? [] : [this.others];
    const exact = this.exact.get(path);
    if (exact !== undefined) {
      found.push(exact);
    }
    for (const [length, known] of this.prefixes) {
      const list = length > path.length ? undefined : known.get(length === path.length ? path : path.slice(0, length));
      if (list !== undefined) {
        found.push(list);
      }
    }
    return found;
  }

  /** Takes the positions of all lists in order. */
  private findAmong(lists: readonly (readonly number[])[], seen: SeenRequest): number {
    const heads = lists.map(() => 0);
    for (;;) {
      let next = -1;
      for (let list = 0; list < lists.length; list++) {
        if (heads[list] < lists[list].length && (next === -1 || lists[list][heads[list]] < lists[next][heads[next]])) {
          next = list;
        }
      }
      if (next === -1) {
        return -1;
      }
      const position = lists[next][heads[next]++];
      if (matchesRoute(this.routes[position].match, seen)) {
        return position;
      }
    }
  }
}
