// Times on the wire: whole seconds for AWS, whole milliseconds for Istio.
import type { Duration } from 'cdk8s';
import { InvalidProps } from '../../base/errors';
import { instanceOf, requireProps } from '../../base/prop-types';

/** A time. Told by what it can do, because an app may have a second copy of cdk8s. */
export const DURATION = instanceOf<Duration>('Duration');

/**
 * Returns the time in seconds, or throws when it is not a whole number of them between the bounds (both included).
 *
 * @param why what the upper bound is, where it is not a number of AWS
 */
export function wholeSeconds(prop: string, duration: Duration, min: number, max: number, why = ''): number {
  const milliseconds = requireProps(DURATION, duration, '', prop).toMilliseconds({ integral: false });
  if (milliseconds % 1000 !== 0 || milliseconds < min * 1000 || milliseconds > max * 1000) {
    throw InvalidProps.value(prop, `${milliseconds} ms`, `must be whole seconds, from ${min} to ${max}${why}`);
  }
  return milliseconds / 1000;
}

/** Writes a duration as Istio reads it: a whole number of milliseconds, at least one. */
export function renderDuration(prop: string, duration: Duration): string {
  const milliseconds = requireProps(DURATION, duration, '', prop).toMilliseconds({ integral: false });
  if (!Number.isInteger(milliseconds) || milliseconds < 1) {
    throw InvalidProps.value(prop, `${milliseconds} ms`, 'must be whole milliseconds, at least 1');
  }
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

/** Writes a time where none at all has a meaning too: whole milliseconds. */
export function renderDurationOrZero(prop: string, duration: Duration): string {
  return duration.toMilliseconds({ integral: false }) === 0 ? '0s' : renderDuration(prop, duration);
}
