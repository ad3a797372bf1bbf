// Matches in the order in which a proxy compares them, found by the path that they need.
import { type RequestMatch, coversMatch, pathStart } from './match-cover';
import { addTo } from './multimap';

interface Entry<T> {
  readonly rank: number;
  readonly match: RequestMatch;
  readonly item: T;
}

/** Fewer matches are compared one by one, which is as fast. */
const FEW = 8;

/** What was added is searched without comparing all pairs: a match covers another one only if the start of its paths starts the other's. */
export class EarlierMatches<T> {
  private readonly all: Entry<T>[] = [];
  private readonly exact = new Map<string, Entry<T>[]>();
  /** Prefixes and regular expressions, by the text that all of their paths start with. */
  private readonly starts = new Map<string, Entry<T>[]>();
  private readonly lengths = new Set<number>();
  /** How many are in the maps. */
  private indexed = 0;

  /** Adds a match behind all others. */
  public add(match: RequestMatch, item: T): void {
    this.all.push({ rank: this.all.length, match, item });
  }

  /** The first match that matches every request of this one and passes the test. */
  public covering(match: RequestMatch, test: (item: T) => boolean): { readonly match: RequestMatch; readonly item: T } | undefined {
    if (this.all.length < FEW) {
      return this.all.find(entry => test(entry.item) && coversMatch(entry.match, match));
    }
    this.index();
    const start = pathStart(match);
    let found = this.first(this.exact.get(start), match, test);
    for (const length of this.lengths) {
      if (length <= start.length) {
        found = this.first(this.starts.get(start.slice(0, length)), match, test, found);
      }
    }
    // Every path starts with a slash, so the prefix "/" covers a regular expression of which nothing else is known.
    return start === '' ? this.first(this.starts.get('/'), match, test, found) : found;
  }

  /** The first of a list that covers the match, unless what was found before is in front of it. */
  private first(list: readonly Entry<T>[] | undefined, match: RequestMatch, test: (item: T) => boolean, before?: Entry<T>): Entry<T> | undefined {
    for (const entry of list ?? []) {
      if (before !== undefined && entry.rank > before.rank) {
        break;
      }
      if (test(entry.item) && coversMatch(entry.match, match)) {
        return entry;
      }
    }
    return before;
  }

  private index(): void {
    for (; this.indexed < this.all.length; this.indexed++) {
      const entry = this.all[this.indexed];
      const start = pathStart(entry.match);
      if (entry.match.path.is === 'exact') {
        addTo(this.exact, start, entry);
      } else {
        addTo(this.starts, start, entry);
        this.lengths.add(start.length);
      }
    }
  }
}
