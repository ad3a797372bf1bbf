// Matches in the order in which a proxy compares them, found by the path that they need.
import { addTo } from '../base/multimap';
import { type RequestMatch, coversMatch, pathStart } from '../base/match-cover';

interface Entry<T> {
  readonly rank: number;
  readonly match: RequestMatch;
  readonly item: T;
}

/** What was added is searched without comparing all pairs: a match covers another one only if its path starts the other's. */
export class EarlierMatches<T> {
  private readonly exact = new Map<string, Entry<T>[]>();
  private readonly prefixes = new Map<string, Entry<T>[]>();
  private readonly lengths = new Set<number>();
  private readonly others: Entry<T>[] = [];
  private count = 0;

  /** Adds a match behind all others. */
  public add(match: RequestMatch, item: T): void {
    const entry = { rank: this.count++, match, item };
    const { path } = match;
    if (path.is === 'regex' || path.is === 'present') {
      this.others.push(entry);
    } else if (path.is === 'exact') {
      addTo(this.exact, pathStart(match), entry);
    } else {
      addTo(this.prefixes, pathStart(match), entry);
      this.lengths.add(path.value.length);
    }
  }

  /** The first match that matches every request of this one and passes the test. */
  public covering(match: RequestMatch, test: (item: T) => boolean): { readonly match: RequestMatch; readonly item: T } | undefined {
    let found: Entry<T> | undefined;
    for (const list of this.candidates(match)) {
      for (const entry of list) {
        if (found !== undefined && entry.rank > found.rank) {
          break;
        }
        if (test(entry.item) && coversMatch(entry.match, match)) {
          found = entry;
        }
      }
    }
    return found;
  }

  private candidates(match: RequestMatch): (readonly Entry<T>[])[] {
    const start = pathStart(match);
    const prefixes = [...this.lengths].filter(length => length <= start.length).map(length => this.prefixes.get(start.slice(0, length)) ?? []);
    // Every path starts with a slash, so the prefix "/" covers a regular expression of which nothing else is known.
    const any = start === '' ? [this.prefixes.get('/') ?? []] : [];
    return [...prefixes, ...any, this.exact.get(start) ?? [], this.others];
  }
}
