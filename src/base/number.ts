// Whole numbers within bounds.
import { InvalidProps } from './errors';

/** Returns the number, or throws when it is not a whole number between the bounds (both included). */
export function requireInteger(prop: string, value: number, min: number, max: number, path = ''): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw InvalidProps.value(prop, value, `must be a whole number from ${min} to ${max}`, path);
  }
  return value;
}

/** Returns the port, or throws when it is not a TCP port. */
export function requirePort(prop: string, port: number, path = ''): number {
  return requireInteger(prop, port, 1, 65535, path);
}
