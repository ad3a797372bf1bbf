// What is applied together, as parts of one text: several parts have a heading each, with their folder.
import { relative } from 'node:path';
import type { ManifestFile } from '../manifests/units';

/** The text about one unit. */
export interface UnitText {
  readonly folder: string;
  readonly text: string;
}

/** The folder that names a unit. */
export function folderOf(files: readonly ManifestFile[]): string {
  return files[0]?.kustomizedFolder ?? files[0]?.folder ?? '';
}

/** The parts, one after the other. One part alone needs no heading. */
export function underHeadings(parts: readonly UnitText[]): string {
  return parts.length === 1 ? parts[0].text : parts.map(({ folder, text }) => `# ${relative('', folder) || '.'}\n\n${text}`).join('\n');
}
