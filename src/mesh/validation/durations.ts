// Durations that Istio's webhook refuses.

const UNITS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration is at least a millisecond, and a whole number of them (Istio 1.30, pkg/config/validation/agent/validation.go:139). */
export function faultOfDuration(value: unknown): string[] {
  if (typeof value !== 'string') {
    return [];
  }
  const milliseconds = millisecondsOf(value);
  const isWhole = Math.abs(milliseconds - Math.round(milliseconds)) < 1e-9;
  return milliseconds < 1 ? ['duration must be greater than 1ms'] : isWhole ? [] : ['only durations to ms precision are supported'];
}

/** The milliseconds of a duration as Go writes it, such as `1h0m1.5s`. */
export function millisecondsOf(duration: string): number {
  return [...duration.matchAll(/([0-9.]+)(ns|us|µs|ms|s|m|h)/g)].reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0);
}
