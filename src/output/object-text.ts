// Objects as text for people: their names, and where they come from.
import { type Manifest, type ObjectName, type Origin } from '../manifests/manifest';

/** `Kind namespace/name`. */
export function showName({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name || '(unnamed)'}`;
}

/** `file:line: `, or the path of the construct; empty if neither is known. */
export function showOrigin(origin: Origin): string {
  const place = 'file' in origin ? `${origin.file}:${origin.line}` : origin.construct;
  return place ? `${place}: ` : '';
}

/** ` (file:line)` of the first object, which distinguishes folders with the same names; empty if it is not from a file. */
export function showFile([first]: readonly Manifest[]): string {
  return first !== undefined && 'file' in first.origin ? ` (${first.origin.file}:${first.origin.line})` : '';
}
