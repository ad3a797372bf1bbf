// Integers within bounds.
import { InvalidProps } from './errors';

/** Returns the number, or throws if it is not an integer between the bounds (inclusive). */
export function requireInteger(prop: string, value: number, min: number, max: number, path = ''): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw InvalidProps.value(prop, value, `must be an integer from ${min} to ${max}`, path);
  }
  return value;
}

/** Source of a regular expression for port numbers, 1 to 65535. */
export const PORT_NUMBER = '[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5]';

/** Returns the port, or throws if it is not a TCP port. */
export function requirePort(prop: string, port: number, path = ''): number {
  return requireInteger(prop, port, 1, 65535, path);
}
