// Reproducible chance: a stream of numbers that a seed determines, fast enough for a hundred thousand cases.

/** A source of chance. */
export class Chance {
  private state: number;

  public constructor(...seeds: readonly number[]) {
    this.state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) + 0x7f4a7c15, 0x2545f491);
  }

  /** A number from 0 up to 1, by mulberry32. */
  public next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer from 0 up to the bound. */
  public below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  public isTrue(probability: number): boolean {
    return this.next() < probability;
  }

  /** @param items at least one */
  public of<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Up to so many items, small numbers more often. */
  public list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: Math.floor(this.next() ** 2 * (most + 1)) }, make);
  }
}
