// Where a finding is, in the form of reports that other programs read.
import type { Finding } from '../../checks/finding';

/** How the path of a file is written in a report. */
export type PathInReport = (file: string) => string;

/** Paths as they were passed. */
export const AS_PASSED: PathInReport = file => file;

/** The file and line of a finding. */
export interface FindingPlace {
  readonly file: string;
  readonly line: number;
}

/** The file and line; undefined for objects that were not read from a file, and for standard input, which no other program can open. */
export function placeOf({ origin, line }: Finding, path: PathInReport): FindingPlace | undefined {
  return 'file' in origin && origin.file !== '-' ? { file: path(origin.file), line: line ?? origin.line } : undefined;
}
