// How often a law is tried: up to 500 times in `npm test`, as often as it asks for in `npm run laws`.

/** Options for `fc.assert`. @param full number of runs in `npm run laws` */
export function runs(full: number): { readonly numRuns: number } {
  return { numRuns: process.env.LAWS === 'full' ? full : Math.min(full, 500) };
}
