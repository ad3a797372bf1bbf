// A race: the same work done by several runners, taking turns, so that whatever else the machine does hits them alike.

/** What one run took. */
export type Measures = Readonly<Record<string, number>>;

/**
 * Lets every runner run `rounds` times, in turns.
 *
 * @returns the smallest of each measure for each runner: noise only ever adds
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
