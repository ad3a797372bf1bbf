// Durations on the wire: whole seconds for AWS, whole milliseconds for Istio.
import type { Duration } from 'cdk8s';
import { InvalidProps } from '../../base/errors';
import { instanceOf, requireProps } from '../../base/prop-types';

/** A duration. Recognized by its methods, because an app can have a second copy of cdk8s. */
export const DURATION = instanceOf<Duration>('Duration');

/**
 * Returns the duration in seconds. @throws InvalidProps unless it is a whole number of seconds within the bounds (inclusive)
 *
 * @param why the origin of the upper bound, if it does not come from AWS
 */
export function wholeSeconds(prop: string, duration: Duration, min: number, max: number, why = ''): number {
  const milliseconds = requireProps(DURATION, duration, '', prop).toMilliseconds({ integral: false });
  if (milliseconds % 1000 !== 0 || milliseconds < min * 1000 || milliseconds > max * 1000) {
    throw InvalidProps.value(prop, `${milliseconds} ms`, `must be whole seconds, from ${min} to ${max}${why}`);
  }
  return milliseconds / 1000;
}

/** Renders a duration for Istio. @throws InvalidProps unless it is a whole number of milliseconds, at least 1 */
export function renderDuration(prop: string, duration: Duration): string {
  const milliseconds = requireProps(DURATION, duration, '', prop).toMilliseconds({ integral: false });
  if (!Number.isInteger(milliseconds) || milliseconds < 1) {
    throw InvalidProps.value(prop, `${milliseconds} ms`, 'must be whole milliseconds, at least 1');
  }
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

/** Renders a duration that may be 0. */
export function renderDurationOrZero(prop: string, duration: Duration): string {
  return duration.toMilliseconds({ integral: false }) === 0 ? '0s' : renderDuration(prop, duration);
}
