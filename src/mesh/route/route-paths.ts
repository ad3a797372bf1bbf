// The routes of a virtual host by their paths: only routes whose path may match are compared with a request.
import type { Route, RouteMatch } from './routes';

/** Fewer routes are compared one by one, which is as fast. */
const FEW = 6;

/** Whether a request meets the conditions of a route: all, or those besides the path. */
export interface Test<Request> {
  all(match: RouteMatch, request: Request): boolean;
  rest(match: RouteMatch, request: Request): boolean;
}

/** A route among those with the same path. What a search reads is here: among thousands of routes it waits for memory more than for anything else. */
interface Candidate {
  readonly position: number;
  /** Absent if the path is the only condition. */
  readonly match?: RouteMatch;
  /** The next one with the same path. */
  readonly next?: Candidate;
}

/** Finds the first route for a path. */
export class RoutePaths {
  private readonly exact?: Map<string, Candidate>;
  private readonly prefixes = new Map<string, Candidate>();
  /** Of the prefixes. */
  private readonly lengths: readonly number[];
  /** Routes that any path may match: those with regular expressions, or that ignore case. */
  private readonly others: number[] = [];
  private readonly firstOther: number;

  public constructor(private readonly routes: readonly Route[]) {
    // Backwards, so that each path ends with its first position.
    for (let position = routes.length - 1; position >= 0; position--) {
      const { match } = routes[position];
      const { path, ignoresCase } = match;
      if (ignoresCase || path.is === 'regex' || path.is === 'present') {
        this.others.push(position);
      } else {
        const known = path.is === 'exact' ? this.exact ??= new Map<string, Candidate>() : this.prefixes;
        known.set(path.value, { position, match: hasOthers(match) ? match : undefined, next: known.get(path.value) });
      }
    }
    this.others.reverse();
    this.firstOther = this.others[0] ?? routes.length;
    this.lengths = [...new Set([...this.prefixes.keys()].map(({ length }) => length))];
  }

  /** The position of the first route that matches; -1 for none. */
  public find<Request>(path: string, request: Request, test: Test<Request>): number {
    const { routes, lengths } = this;
    if (routes.length < FEW) {
      return routes.findIndex(({ match }) => test.all(match, request));
    }
    let found = this.exact === undefined ? routes.length : firstOf(this.exact.get(path), request, test, routes.length);
    for (const length of lengths) {
      if (length <= path.length) {
        found = firstOf(this.prefixes.get(path.slice(0, length)), request, test, found);
      }
    }
    // Last, because regular expressions take the most time.
    const other = this.firstOther < found ? this.others.find(position => position < found && test.all(routes[position].match, request)) : undefined;
    return other ?? (found === routes.length ? -1 : found);
  }
}

/** The first position of those with one path that matches, or the limit if none is before that. */
function firstOf<Request>(first: Candidate | undefined, request: Request, test: Test<Request>, limit: number): number {
  for (let own = first; own !== undefined && own.position < limit; own = own.next) {
    if (own.match === undefined || test.rest(own.match, request)) {
      return own.position;
    }
  }
  return limit;
}

/** Whether there are conditions besides the path. */
function hasOthers({ headers, withoutHeaders, queryParams, claims }: RouteMatch): boolean {
  return headers.length + withoutHeaders.length + queryParams.length + claims.length > 0;
}
