// The folders of what is applied together, which are the headings of the parts of one text.
import { relative } from 'node:path';
import type { ManifestFile } from '../manifests/units';

/** The text about one unit. */
export interface UnitText {
  readonly folder: string;
  readonly text: string;
}

/** The folder that names a unit, relative to the working directory. */
export function folderOf(files: readonly ManifestFile[]): string {
  return relative('', files[0]?.kustomizedFolder ?? files[0]?.folder ?? '') || '.';
}

/** The parts, one after the other. One part alone needs no heading. */
export function underHeadings(parts: readonly UnitText[]): string {
  return parts.length === 1 ? parts[0].text : parts.map(({ folder, text }) => `# ${folder}\n\n${text}`).join('\n');
}
