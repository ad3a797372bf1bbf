// How the package refuses a value: the `InvalidProps` that a call throws, as a plain object.
import { InvalidProps } from '../src/base/errors';

/** The parts of an `InvalidProps`. */
export interface Refusal {
  readonly prop: string;
  readonly value: unknown;
  readonly reason: string;
  readonly path: string;
}

/** Runs a call that has to be refused. Any other error, and none, fail the test. */
export function refusal(call: () => unknown): Refusal {
  try {
    call();
  } catch (error) {
    if (error instanceof InvalidProps) {
      return { prop: error.prop, value: error.value, reason: error.reason, path: error.path };
    }
    throw error;
  }
  throw new Error('nothing was refused');
}
