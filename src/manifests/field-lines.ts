// The lines of the fields of manifests: each document finds its own when the line of one of its fields is needed.
import type { FileOrigin, Manifest, Origin } from './manifest';
import type { PlainObject } from './plain-json';

/** The lines of a document. */
interface DocumentLines {
  /** Finds the line of each value by JSON pointer, from 1 for the line at which the document begins. */
  readonly find: () => ReadonlyMap<string, number>;
  found?: ReadonlyMap<string, number>;
}

const DOCUMENTS = new WeakMap<Origin, DocumentLines>();

/** The pointers of objects within the list that they were read from. */
const LIST_ITEMS = new WeakMap<PlainObject, string>();

/** Remembers how to find the lines of a document. */
export function rememberLines(origin: FileOrigin, find: () => ReadonlyMap<string, number>): void {
  DOCUMENTS.set(origin, { find });
}

/** Remembers where an object is in the list that its document consists of. */
export function rememberListItem(object: PlainObject, pointer: string): void {
  LIST_ITEMS.set(object, pointer);
}

/**
 * The line of a field of a manifest in its file. A field that the file does not have is at the line of the nearest field above it.
 *
 * @returns undefined for a manifest that was not read from a file
 */
export function lineOf({ object, origin }: Manifest, field: string): number | undefined {
  if (!('line' in origin)) {
    return undefined;
  }
  const document = DOCUMENTS.get(origin);
  if (document === undefined) {
    return origin.line;
  }
  document.found ??= document.find();
  let place = `${LIST_ITEMS.get(object) ?? ''}${field}`;
  while (place !== '' && !document.found.has(place)) {
    place = place.slice(0, place.lastIndexOf('/'));
  }
  return origin.line - 1 + (document.found.get(place) ?? 1);
}
