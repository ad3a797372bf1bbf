// Times as Flux reads them.
import type { Duration } from 'cdk8s';
import { wholeSeconds } from '../../edge/wire/duration';

const DAY = 86_400;

/** A time as Flux reads it, from a second to thirty days. @param otherwise what stands there where the user says nothing */
export function fluxDuration(prop: string, duration: Duration | undefined, otherwise: string): string {
  if (duration === undefined) {
    return otherwise;
  }
  const seconds = wholeSeconds(prop, duration, 1, 30 * DAY);
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
