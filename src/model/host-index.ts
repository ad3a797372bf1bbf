// Things filed under host patterns, found again by host as Istio does: the exact host first, then the longest wildcard.

/** An index from host patterns (`a.b`, `*.b`, `*`) to what was filed under them. */
export class HostIndex<T> {
  private readonly exact = new Map<string, T[]>();
  private readonly wildcards = new Map<string, T[]>();

  public add(pattern: string, item: T): void {
    const place = pattern.startsWith('*') ? this.wildcards : this.exact;
    const filed = place.get(pattern);
    if (filed) {
      filed.push(item);
    } else {
      place.set(pattern, [item]);
    }
  }

  /** Everything filed under exactly this text. */
  public get(host: string): readonly T[] {
    return this.exact.get(host) ?? this.wildcards.get(host) ?? [];
  }

  /** Everything filed under the most specific pattern that covers the host (Istio 1.30 pilot/pkg/model/config.go MostSpecificHostMatch). */
  public best(host: string): readonly T[] {
    return this.matches(host).next().value ?? [];
  }

  /** Everything filed under any pattern that covers the host, most specific first. */
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
      const filed = this.wildcards.get(`*${rest.slice(cut)}`);
      if (filed) {
        yield filed;
      }
    }
  }
}
