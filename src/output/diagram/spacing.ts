// Positions along one line: as near as possible to where each item wants to be, in the given order and without overlap.

/** An item, and the room that it needs on both sides of its position. */
export interface Spaced {
  readonly wanted: number;
  readonly before: number;
  readonly after: number;
}

/** The positions with the least squared distance from the wanted ones (isotonic regression by pooling adjacent violators). */
export function spaced(items: readonly Spaced[]): number[] {
  const offsets: number[] = [];
  items.forEach(({ before }, index) => offsets.push(index === 0 ? 0 : offsets[index - 1] + items[index - 1].after + before));
  const pools: { sum: number; count: number }[] = [];
  items.forEach(({ wanted }, index) => {
    pools.push({ sum: wanted - offsets[index], count: 1 });
    for (let last = pools.length - 1; last > 0 && mean(pools[last - 1]) > mean(pools[last]); last--) {
      const { sum, count } = pools.pop()!;
      pools[last - 1].sum += sum;
      pools[last - 1].count += count;
    }
  });
  const shifts = pools.flatMap(pool => Array.from({ length: pool.count }, () => mean(pool)));
  return offsets.map((offset, index) => offset + shifts[index]);
}

function mean({ sum, count }: { readonly sum: number; readonly count: number }): number {
  return sum / count;
}
