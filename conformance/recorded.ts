// What became of recorded cases when an oracle answered them again.
import { isDeepStrictEqual } from 'node:util';

/** Counts of a file. */
export interface Recorded {
  readonly cases: number;
  /** Cases without an answer so far. */
  readonly added: number;
  /** Cases that have another answer now. `git diff` shows them. */
  readonly changed: number;
  /** Cases whose answer is from another version, which answered differently. */
  readonly kept: number;
  /** Cases that the oracle did not answer. */
  readonly missing: number;
}

/** A case, as far as recording needs to know. */
export interface Answered {
  readonly result?: unknown;
  /** The version that gave the answer, where the version that `oracles/` builds gives another one. */
  readonly answeredBy?: string;
}

/** The cases with what an oracle says now. The answer is the old one, byte for byte, if the new one says the same. */
export function updated<T extends Answered>(cases: readonly T[], answers: readonly (T | undefined)[], meaning: (one: T) => unknown): [T[], Recorded] {
  const counts = { cases: cases.length, added: 0, changed: 0, kept: 0, missing: 0 };
  const result = cases.map((one, index) => {
    const now = answers[index];
    if (one.answeredBy !== undefined) {
      counts.kept++;
      return one;
    }
    if (now?.result === undefined) {
      counts.missing++;
      return one;
    }
    const isNew = one.result === undefined;
    if (!isNew && isDeepStrictEqual(meaning(one), meaning(now))) {
      return one;
    }
    counts[isNew ? 'added' : 'changed']++;
    return now;
  });
  return [result, counts];
}
