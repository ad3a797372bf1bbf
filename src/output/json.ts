// Reports as JSON for programs. The shape is a contract: docs/json.md describes it, and a change of it raises the version.
import { Report } from '../checks/finding';

/** The version of the JSON that this package prints. */
export const SCHEMA_VERSION = 1;

/** The report of `check` as JSON text, ending with a line break. */
export function renderJson({ findings, ran, skipped }: Report): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, findings, ran, skipped }, null, 2)}\n`;
}
