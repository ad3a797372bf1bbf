// A race: several runners do the same work in turns, so that other load on the machine affects them equally.

/** The measures of one run. */
export type Measures = Readonly<Record<string, number>>;

/**
 * Runs every runner `rounds` times, in turns.
 *
 * @returns the minimum of each measure for each runner, because noise only adds
 */
export function race<Name extends string>(rounds: number, runners: Readonly<Record<Name, () => Measures>>): Record<Name, Measures> {
  const names = Object.keys(runners) as Name[];
  const best = {} as Record<Name, Measures>;
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      best[name] = smallest(best[name], runners[name]());
    }
  }
  return best;
}

function smallest(known: Measures | undefined, found: Measures): Measures {
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [key, Math.min(value, known?.[key] ?? Infinity)]));
}

/** Repeats a measurement, from three to seven times, until its median has moved by less than 3 % in the last two rounds. @returns the median */
export function settledMedian(measure: () => number): number {
  const values: number[] = [];
  const medians: number[] = [];
  do {
    values.push(measure());
    medians.push([...values].sort((a, b) => a - b)[values.length >> 1]);
  } while (values.length < 7 && !(values.length >= 3 && Math.max(...medians.slice(-3)) < 1.03 * Math.min(...medians.slice(-3))));
  return medians.at(-1)!;
}
