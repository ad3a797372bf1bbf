// Patches: changes to fields that remove a fault and change nothing else, for `check --fix`.
import type { Manifest, ObjectName, Origin } from '../manifests/manifest';

/**
 * `set`: gives a field a text, and makes the objects around it. `quote`: puts quotes around a value, which is a text from then on. `rename`: gives a field
 * another key.
 */
export type PatchOperation = 'set' | 'quote' | 'rename';

/** One change of one field. */
export interface Patch {
  readonly manifest: Manifest;
  readonly op: PatchOperation;
  readonly pointer: string;
  /** Of `set` the text of the field, of `rename` its new key. */
  readonly text?: string;
}

/** A patch in a report. */
export interface ReportedPatch extends Omit<Patch, 'manifest'> {
  readonly object: ObjectName;
  readonly origin: Origin;
}
