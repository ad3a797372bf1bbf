// Reports as JSON for programs. The format is a contract: docs/json.md describes it, and an incompatible change increments the version.
import { Report } from '../checks/finding';
import { type Manifest, objectNameOf } from '../manifests/manifest';

/** The version of the JSON format. */
export const SCHEMA_VERSION = 1;

/** A document with the version of the format, and with a line break at the end. */
export function documentOf(content: object): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...content }, null, 2)}\n`;
}

/** A place in an object, with the name and the origin of the object. */
export function placeOf({ manifest, pointer }: { readonly manifest: Manifest; readonly pointer: string }): object {
  return { object: objectNameOf(manifest), pointer, origin: manifest.origin };
}

/** The report of `check` as JSON, with a line break at the end. */
export function renderJson({ findings, ran, skipped, unjudged }: Report): string {
  return documentOf({ findings, ran, skipped, unjudged: unjudged.map(one => ({ ...placeOf(one), value: one.value })) });
}
