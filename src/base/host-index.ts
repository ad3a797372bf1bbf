// Host names and patterns as Istio compares them, and an index that finds what overlaps without comparing all pairs.
import { addTo } from './multimap';
import { compareText } from './order';

/** Whether the host is a pattern. Istio also knows `*-api.example.com`: a leading `*` is any text, not a label. */
export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** Whether the second host covers the first (Istio 1.30, pkg/config/host/name.go SubsetOf). Case-sensitive. */
export function isSubsetHost(host: string, of: string): boolean {
  return isWildcard(of) ? host.length >= of.length - (isWildcard(host) ? 0 : 1) && host.endsWith(of.slice(1)) : host === of;
}

/** Whether one of the hosts covers the other. */
export function hostsOverlap(a: string, b: string): boolean {
  return isSubsetHost(a, b) || isSubsetHost(b, a);
}

/** Sorts the most specific host first: names before wildcards, longer before shorter (Istio 1.30, pkg/config/host/names.go:39). */
export function compareSpecificity(a: string, b: string): number {
  return Number(isWildcard(a)) - Number(isWildcard(b)) || b.length - a.length || compareText(a, b);
}

interface Entry<T> {
  readonly host: string;
  readonly item: T;
  /** The host backwards, without `*`, so that hosts with one ending are neighbors. Undefined until something asks for neighbors. */
  backwards?: string;
}

/** Items under hosts and patterns. */
export class HostIndex<T> {
  private readonly names = new Map<string, T[]>();
  private readonly wildcards = new Map<string, T[]>();
  private readonly entries: Entry<T>[] = [];
  private isSorted = true;
  /** Lengths of the endings of the wildcards, longest first. */
  private lengths: readonly number[] | undefined;

  /** Adds an item under a host. Items under one host keep their order. */
  public add(host: string, item: T): void {
    const wild = isWildcard(host);
    const ending = wild ? host.slice(1) : host;
    addTo(wild ? this.wildcards : this.names, ending, item);
    this.entries.push({ host, item });
    this.isSorted = false;
    this.lengths = undefined;
  }

  /** All hosts and patterns. */
  public hosts(): string[] {
    return [...this.names.keys(), ...[...this.wildcards.keys()].map(ending => `*${ending}`)];
  }

  /** The items under exactly this host or pattern. */
  public at(host: string): readonly T[] {
    return (isWildcard(host) ? this.wildcards.get(host.slice(1)) : this.names.get(host)) ?? [];
  }

  /** The items under the most specific host that covers this one (Istio 1.30, pilot/pkg/model/config.go MostSpecificHostMatch). */
  public mostSpecific(host: string): readonly T[] {
    const [best] = this.covering(host);
    return best === undefined ? [] : this.at(best);
  }

  /** The hosts of the index that cover this one, the most specific first. */
  public covering(host: string): string[] {
    const wild = isWildcard(host);
    const ending = wild ? host.slice(1) : host;
    const found = !wild && this.names.has(host) ? [host] : [];
    this.lengths ??= [...new Set([...this.wildcards.keys()].map(({ length }) => length))].sort((a, b) => b - a);
    for (const length of this.lengths) {
      const suffix = length <= ending.length ? ending.slice(ending.length - length) : undefined;
      if (suffix !== undefined && this.wildcards.has(suffix)) {
        found.push(`*${suffix}`);
      }
    }
    return found;
  }

  /** For each item whose host overlaps with this one: the narrower of both hosts (Istio 1.30, pkg/config/host/names.go Intersection). */
  public overlapping(host: string): [narrower: string, item: T][] {
    const above = this.covering(host).flatMap(wider => this.at(wider).map((item): [string, T] => [host, item]));
    return isWildcard(host) ? [...above, ...this.below(host)] : above;
  }

  /** The entries that the pattern covers, itself excepted. */
  private below(pattern: string): [string, T][] {
    if (!this.isSorted) {
      this.entries.forEach(entry => { entry.backwards ??= backwards(isWildcard(entry.host) ? entry.host.slice(1) : entry.host); });
      this.entries.sort((a, b) => (a.backwards === b.backwards ? 0 : a.backwards! < b.backwards! ? -1 : 1));
      this.isSorted = true;
    }
    const prefix = backwards(pattern.slice(1));
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      [low, high] = this.entries[middle].backwards! < prefix ? [middle + 1, high] : [low, middle];
    }
    const found: [string, T][] = [];
    for (let i = low; i < this.entries.length && this.entries[i].backwards!.startsWith(prefix); i++) {
      if (this.entries[i].host !== pattern) {
        found.push([this.entries[i].host, this.entries[i].item]);
      }
    }
    return found;
  }
}

function backwards(text: string): string {
  let reversed = '';
  for (let i = text.length - 1; i >= 0; i--) {
    reversed += text[i];
  }
  return reversed;
}
