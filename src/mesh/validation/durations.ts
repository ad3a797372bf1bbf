// Durations that Istio's webhook refuses.

import { millisecondsOf } from '../../base/go-duration';

/** A duration is at least a millisecond, and a whole number of them (Istio 1.30, pkg/config/validation/agent/validation.go:139). */
export function faultOfDuration(value: unknown): string[] {
  if (typeof value !== 'string') {
    return [];
  }
  const milliseconds = millisecondsOf(value);
  const isWhole = Math.abs(milliseconds - Math.round(milliseconds)) < 1e-9;
  return milliseconds < 1 ? ['duration must be greater than 1ms'] : isWhole ? [] : ['only durations to ms precision are supported'];
}
