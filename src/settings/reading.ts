// System calls whose errors say what cannot be read or written.
import { readFileSync, statSync, type Stats } from 'node:fs';
import { UsageError } from '../base/errors';

/** Runs a system call that reads. @throws UsageError that says what cannot be read, and why */
export function reading<T>(place: string, read: () => T): T {
  return attempting('read', place, read);
}

/** Runs system calls that write. @throws UsageError that says what cannot be written, and why */
export function writing(place: string, write: () => void): void {
  attempting('write', place, write);
}

function attempting<T>(verb: string, place: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new UsageError(`cannot ${verb} ${place}: ${isTooLong(error) ? TOO_LONG : error instanceof Error ? error.message : String(error)}`);
  }
}

const TOO_LONG = 'its text is longer than 512 MB, the most that can be read at once; split it into several files';

/** Of a text that does not fit into a string, and of a file that does not fit into a buffer. */
const TOO_LONG_CODES: readonly unknown[] = ['ERR_STRING_TOO_LONG', 'ERR_BUFFER_TOO_LARGE', 'ERR_FS_FILE_TOO_LARGE'];

function isTooLong(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && TOO_LONG_CODES.includes(error.code);
}

/** What is at a path; undefined where nothing is. */
export function statOf(place: string): Stats | undefined {
  return reading(place, () => statSync(place, { throwIfNoEntry: false }));
}

/** The text of a file. */
export function readFile(file: string): string {
  return reading(file, () => readFileSync(file, 'utf8'));
}
