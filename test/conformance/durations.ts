// Durations as Go writes them and as protobuf's JSON does, in one form.

const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12 };

/** The nanoseconds of `1h0m1.5s`. */
export function nanoseconds(text: string): string {
  const parts = [...text.matchAll(/([0-9.]+)(ns|us|ms|s|m|h)/g)];
  return String(Math.round(parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0)));
}
