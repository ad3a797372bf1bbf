// Patches: changes to fields of objects that remove a fault and change nothing else.
import type { Manifest } from '../manifests/manifest';

/** One change of one field. */
export type Patch =
  /** Sets a field to a text, and makes the objects around it. */
  | { readonly manifest: Manifest; readonly op: 'set'; readonly pointer: string; readonly value: string }
  /** Puts quotes around a value, which is a text from then on. */
  | { readonly manifest: Manifest; readonly op: 'quote'; readonly pointer: string }
  /** Gives a field another name. */
  | { readonly manifest: Manifest; readonly op: 'rename'; readonly pointer: string; readonly key: string };
