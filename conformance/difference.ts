// Where two JSON values differ.
import { isDeepStrictEqual } from 'node:util';

/** A place, as a JSON pointer, and both values there. */
export interface Difference {
  readonly place: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** The first place where two values differ; the root if they do not. */
export function firstDifference(ours: unknown, theirs: unknown, place = ''): Difference {
  const isContainer = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!isContainer(ours) || !isContainer(theirs)) {
    return { place, ours, theirs };
  }
  const key = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort().find(one => !isDeepStrictEqual(ours[one], theirs[one]));
  return key === undefined ? { place, ours, theirs } : firstDifference(ours[key], theirs[key], `${place}/${key}`);
}
