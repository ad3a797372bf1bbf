// Findings: what checks report, in the format of `--format json`.
import { Kind } from '../manifests/kind';
import { Manifest, ObjectName, Origin } from '../manifests/manifest';
import type { Unjudged } from '../unknown/placeholders';
import type { Patch, ReportedPatch } from './patch';

/** `error`: traffic fails or is exposed. `warning`: it works, but probably not as intended. */
export type Severity = 'error' | 'warning';

/** A field in which a check found its fault. */
export interface Spot {
  readonly manifest: Manifest;
  /** JSON pointer to the field at fault. */
  readonly pointer: string;
  /** What is wrong, the value found, and what is known or allowed. No period at the end. */
  readonly message: string;
  /** A more specific fix than that of the check. */
  readonly fix?: string;
  /** What `check --fix` changes, where that cannot change anything else. */
  readonly patches?: readonly Patch[];
}

/** One fault in one field. */
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
  /** The line of the field in its file, from 1; absent if the object was not read from a file. */
  readonly line?: number;
  /** What `check --fix` changes; absent if a person has to decide. */
  readonly patches?: readonly ReportedPatch[];
  /** The reason, if an annotation on the object or an entry of `acknowledgements` accepts the fault. */
  readonly acknowledged?: string;
  /** The entry that accepts the fault, as `file:line`; absent for an annotation. */
  readonly acknowledgedAt?: string;
}

/** A finding with its manifest, for checks of findings. */
export interface LocatedFinding {
  readonly finding: Finding;
  readonly manifest: Manifest;
  /** The check crashed, so its fault may be present or not. */
  readonly crashed?: true;
}

/** A check that did not run, and the kinds that the input lacks. */
export interface Skipped {
  readonly id: string;
  readonly missing: readonly Kind[];
}

/** The result of one run. */
export interface Report {
  /** One unit after the other; within each in the order of the input, then by line, pointer and id. */
  readonly findings: readonly Finding[];
  /** Ids of the checks that ran for at least one unit. */
  readonly ran: readonly string[];
  readonly skipped: readonly Skipped[];
  /** Fields with placeholders, about which and about what depends on them nothing is reported. */
  readonly unjudged: readonly Unjudged[];
}

/** Whether the finding fails a run: an error that is not acknowledged. */
export function isFailing(finding: Finding): boolean {
  return finding.severity === 'error' && finding.acknowledged === undefined;
}

/** Whether the finding fails a run in which warnings may fail, too: it is not acknowledged, and at least as severe. */
export function isFailingAt(failOn: Severity): (finding: Finding) => boolean {
  return finding => isFailing(finding) || (failOn === 'warning' && finding.acknowledged === undefined);
}
