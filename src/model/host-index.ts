// An index by host pattern, searched as Istio does: the exact host first, then the longest wildcard.
import { addTo } from '../base/multimap';

/** An index from host patterns (`a.b`, `*.b`, `*`) to items. */
export class HostIndex<T> {
  private readonly exact = new Map<string, T[]>();
  private readonly wildcards = new Map<string, T[]>();

  public add(pattern: string, item: T): void {
    addTo(pattern.startsWith('*') ? this.wildcards : this.exact, pattern, item);
  }

  /** The items under exactly this pattern. */
  public get(host: string): readonly T[] {
    return this.exact.get(host) ?? this.wildcards.get(host) ?? [];
  }

  /** The items under the most specific pattern that matches the host (Istio 1.30 pilot/pkg/model/config.go MostSpecificHostMatch). */
  public best(host: string): readonly T[] {
    return this.matches(host).next().value ?? [];
  }

  /** The items under all patterns that match the host, most specific first. */
  public all(host: string): T[] {
    return [...this.matches(host)].flat();
  }

  private *matches(host: string): Generator<readonly T[], undefined> {
    const exact = this.exact.get(host);
    if (exact) {
      yield exact;
    }
    if (this.wildcards.size === 0) {
      return;
    }
    const rest = host.startsWith('*') ? host.slice(1) : host;
    for (let cut = 0; cut <= rest.length; cut++) {
      const items = this.wildcards.get(`*${rest.slice(cut)}`);
      if (items) {
        yield items;
      }
    }
  }
}
