// The order of strings.

/** Compares by code unit, as Go compares ASCII. */
export function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
