// Reports as JSON for programs. The format is a contract: docs/json.md describes it, and an incompatible change increments the version.
import { Report } from '../checks/finding';

/** The version of the JSON format. */
export const SCHEMA_VERSION = 1;

/** The report of `check` as JSON, with a line break at the end. */
export function renderJson({ findings, ran, skipped }: Report): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, findings, ran, skipped }, null, 2)}\n`;
}
