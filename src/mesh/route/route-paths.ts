// The routes of a virtual host by their paths: only routes whose path may match are compared with a request.
import type { Route } from './routes';

/** Fewer routes are compared one by one, which is as fast. */
const FEW = 6;

/** Finds the first route for a path. */
export class RoutePaths {
  /** The first position for the text of an exact path or a prefix. */
  private readonly first = new Map<string, number>();
  /** For each position the next one of the same text. */
  private readonly next: number[] = [];
  /** Of the prefixes. */
  private readonly lengths: readonly number[];
  /** Routes that any path may match: those with regular expressions, or that ignore case. */
  private readonly others: number[] = [];

  public constructor(private readonly routes: readonly Route[]) {
    const lengths = new Set<number>();
    // Backwards, so that each text ends with its first position.
    for (let position = routes.length - 1; position >= 0; position--) {
      const { match: { path, ignoresCase } } = routes[position];
      if (ignoresCase || path.is === 'regex' || path.is === 'present') {
        this.others.push(position);
      } else {
        this.next[position] = this.first.get(path.value) ?? routes.length;
        this.first.set(path.value, position);
        if (path.is === 'prefix') {
          lengths.add(path.value.length);
        }
      }
    }
    this.others.reverse();
    this.lengths = [...lengths];
  }

  /** The position of the first route that matches; -1 for none. @param matches asked only about routes whose path may match */
  public find(path: string, matches: (route: Route) => boolean): number {
    const { routes, first, lengths } = this;
    if (routes.length < FEW) {
      return routes.findIndex(matches);
    }
    let found = this.firstOf(first.get(path), matches, routes.length);
    for (const length of lengths) {
      if (length < path.length) {
        found = this.firstOf(first.get(path.slice(0, length)), matches, found);
      }
    }
    // Last, because regular expressions take the most time.
    const other = this.others.find(position => position < found && matches(routes[position]));
    return other ?? (found === routes.length ? -1 : found);
  }

  /** The first position of those with one text that matches, or the limit if none is before that. */
  private firstOf(start: number | undefined, matches: (route: Route) => boolean, limit: number): number {
    for (let position = start ?? limit; position < limit; position = this.next[position]) {
      if (matches(this.routes[position])) {
        return position;
      }
    }
    return limit;
  }
}
