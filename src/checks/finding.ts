// Findings: what checks report, in the shape that `--format json` prints.
import { Kind } from '../model/kind';
import { Manifest, ObjectName, Origin } from '../model/manifest';

/** `error`: traffic fails or is exposed. `warning`: it works, but not as one would think. */
export type Severity = 'error' | 'warning';

/** A spot where a check found its fault. */
export interface Spot {
  readonly manifest: Manifest;
  /** JSON pointer to the field at fault. */
  readonly pointer: string;
  /** What is wrong, the value found, and what is known or allowed. No full stop. */
  readonly message: string;
  /** What to write instead, when it can be said more exactly than in the check. */
  readonly fix?: string;
}

/** One fault in one place. */
export interface Finding {
  /** The check's id. */
  readonly id: string;
  readonly severity: Severity;
  readonly message: string;
  readonly why: string;
  readonly fix: string;
  readonly related: readonly string[];
  readonly object: ObjectName;
  /** JSON pointer into the object; empty for the whole object. */
  readonly pointer: string;
  readonly origin: Origin;
  /** The reason, when an annotation on the object accepts the fault. */
  readonly acknowledged?: string;
}

/** A finding together with the manifest it is about, for what looks at findings before they are reported. */
export interface LocatedFinding {
  readonly finding: Finding;
  readonly manifest: Manifest;
  /** The check failed itself, so nothing is known about what it looks for. */
  readonly crashed?: true;
}

/** A check that did not run, and the kinds of which the input holds none. */
export interface Skipped {
  readonly id: string;
  readonly missing: readonly Kind[];
}

/** Everything that one run says. */
export interface Report {
  /** One unit after the other, each in the order of the input, then by place, then by id. */
  readonly findings: readonly Finding[];
  /** Ids of the checks that ran, for any unit. */
  readonly ran: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** Whether the finding makes a run fail: an error that nobody acknowledged. */
export function isFailing(finding: Finding): boolean {
  return finding.severity === 'error' && finding.acknowledged === undefined;
}
