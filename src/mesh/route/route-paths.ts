// The routes of a virtual host by their paths: only routes whose path may match are compared with a request.
import type { Route, RouteMatch } from './routes';

/** Fewer routes are compared one by one, which is as fast. */
const FEW = 6;

/** Whether a request meets the conditions of a route: all, or those besides the path. */
export interface Test {
  all(match: RouteMatch): boolean;
  rest(match: RouteMatch): boolean;
}

/** Finds the first route for a path. */
export class RoutePaths {
  private readonly exact = new Map<string, number>();
  private readonly prefixes = new Map<string, number>();
  /** For each position the next one with the same path. */
  private readonly next: number[] = [];
  /** Of the prefixes. */
  private readonly lengths: readonly number[];
  /** Routes that any path may match: those with regular expressions, or that ignore case. */
  private readonly others: number[] = [];

  public constructor(private readonly routes: readonly Route[]) {
    // Backwards, so that each path ends with its first position.
    for (let position = routes.length - 1; position >= 0; position--) {
      const { match: { path, ignoresCase } } = routes[position];
      if (ignoresCase || path.is === 'regex' || path.is === 'present') {
        this.others.push(position);
      } else {
        const known = path.is === 'exact' ? this.exact : this.prefixes;
        this.next[position] = known.get(path.value) ?? routes.length;
        known.set(path.value, position);
      }
    }
    this.others.reverse();
    this.lengths = [...new Set([...this.prefixes.keys()].map(({ length }) => length))];
  }

  /** The position of the first route that matches; -1 for none. */
  public find(path: string, test: Test): number {
    const { routes, lengths } = this;
    if (routes.length < FEW) {
      return routes.findIndex(({ match }) => test.all(match));
    }
    let found = this.exact.size === 0 ? routes.length : this.firstOf(this.exact.get(path), test, routes.length);
    for (const length of lengths) {
      if (length <= path.length) {
        found = this.firstOf(this.prefixes.get(path.slice(0, length)), test, found);
      }
    }
    // Last, because regular expressions take the most time.
    const other = this.others.find(position => position < found && test.all(routes[position].match));
    return other ?? (found === routes.length ? -1 : found);
  }

  /** The first position of those with one path that matches, or the limit if none is before that. */
  private firstOf(start: number | undefined, test: Test, limit: number): number {
    for (let position = start ?? limit; position < limit; position = this.next[position]) {
      if (test.rest(this.routes[position].match)) {
        return position;
      }
    }
    return limit;
  }
}
