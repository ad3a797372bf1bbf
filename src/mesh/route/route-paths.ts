// The routes of a virtual host by their paths: only routes whose path may match are compared with a request.
import type { Route, RouteMatch } from './routes';

/** Fewer routes are compared one by one, which is as fast. */
const FEW = 6;

/** Whether a request meets the conditions of a route: all, or those besides the path. */
export interface Test<Request> {
  all(match: RouteMatch, request: Request): boolean;
  rest(match: RouteMatch, request: Request): boolean;
}

/** A route among those with the same path. */
interface Candidate {
  readonly position: number;
  readonly match: RouteMatch;
  /** The next one with the same path. */
  readonly next: Candidates | undefined;
}

/** The position alone if the path is its only condition: among thousands of routes a search waits for memory more than for anything else. */
type Candidates = Candidate | number;

/** Finds the first route for a path. */
export class RoutePaths {
  private readonly exact?: Map<string, Candidates>;
  private readonly prefixes = new Map<string, Candidates>();
  /** Of the prefixes. */
  private readonly lengths: readonly number[];
  /** Those with the prefix `/`, which most virtual hosts have and nearly every path has. */
  private readonly anywhere: Candidates | undefined;
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
        const known = path.is === 'exact' ? this.exact ??= new Map<string, Candidates>() : this.prefixes;
        // Behind a route without other conditions no route with the same path is reached.
        known.set(path.value, hasOthers(match) ? { position, match, next: known.get(path.value) } : position);
      }
    }
    this.others.reverse();
    this.firstOther = this.others[0] ?? routes.length;
    this.anywhere = this.prefixes.get('/');
    this.prefixes.delete('/');
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
    if (path.startsWith('/')) {
      found = firstOf(this.anywhere, request, test, found);
    }
    // Last, because regular expressions take the most time.
    const other = this.firstOther < found ? this.others.find(position => position < found && test.all(routes[position].match, request)) : undefined;
    return other ?? (found === routes.length ? -1 : found);
  }

  /** The positions of the routes before one that {@link find} has found that fit the path, and not the rest of the request. */
  public passedOver(path: string, limit: number, fits: (match: RouteMatch) => boolean): number[] {
    const found: number[] = [];
    addPositions(this.exact?.get(path), limit, found);
    for (const length of this.lengths) {
      if (length <= path.length) {
        addPositions(this.prefixes.get(path.slice(0, length)), limit, found);
      }
    }
    if (path.startsWith('/')) {
      addPositions(this.anywhere, limit, found);
    }
    return [...found, ...this.others.filter(position => position < limit && fits(this.routes[position].match))];
  }
}

/** Adds the positions of those with one path that are before the limit. */
function addPositions(first: Candidates | undefined, limit: number, found: number[]): void {
  let own = first;
  for (; typeof own === 'object' && own.position < limit; own = own.next) {
    found.push(own.position);
  }
  if (typeof own === 'number' && own < limit) {
    found.push(own);
  }
}

/** The first position of those with one path that matches, or the limit if none is before that. */
function firstOf<Request>(first: Candidates | undefined, request: Request, test: Test<Request>, limit: number): number {
  let own = first;
  for (; typeof own === 'object' && own.position < limit; own = own.next) {
    if (test.rest(own.match, request)) {
      return own.position;
    }
  }
  return typeof own === 'number' && own < limit ? own : limit;
}

/** Whether there are conditions besides the path. */
function hasOthers({ headers, withoutHeaders, queryParams, claims }: RouteMatch): boolean {
  return headers.length + withoutHeaders.length + queryParams.length + claims.length > 0;
}
