// Reads the two sides of a comparison, and finds out which of their folders belong together.
import { relative, resolve, sep } from 'node:path';
import { UsageError } from '../base/errors';
import type { NamedUnit } from '../diff/differences';
import { appliedTogether } from '../manifests/units';
import type { FoundConfig } from '../settings/config-files';
import type { Options, Terminal } from './command';
import { type ReadFile, isFolder, readManifestFiles } from './paths';

interface Side {
  /** The folder that is compared; absent for a single file, and for several paths. */
  readonly root?: string;
  readonly files: readonly ReadFile[];
}

/** A unit of one side with its settings. */
export interface SideUnit extends NamedUnit {
  readonly config: FoundConfig;
}

/**
 * The units of both sides. Those at the same path below the folder of their side have the same name.
 *
 * @param sides the paths of each side
 * @param twice what to say if both sides are standard input
 * @throws UsageError for a path that cannot be read
 */
export function unitsOfSides(
  sides: readonly [readonly string[], readonly string[]], twice: string, options: Pick<Options, 'config' | 'ignore'>, terminal: Terminal,
): [before: SideUnit[], after: SideUnit[]] {
  if (sides.every(paths => paths.includes('-'))) {
    throw new UsageError(twice);
  }
  const read = sides.map((paths): Side => ({
    root: paths.length === 1 && isFolder(paths[0]) ? resolve(paths[0]) : undefined, files: readManifestFiles(paths, options, terminal),
  }));
  const isByFolder = read.some(({ files }) => appliedTogether(files.filter(file => file.kustomizedFolder === undefined)).length > 1);
  const [before, after] = read.map(side => unitsOf(side, isByFolder));
  return [before, after];
}

/** @param isByFolder whether folders without a kustomization file are units of their own, on both sides alike */
function unitsOf({ root, files }: Side, isByFolder: boolean): SideUnit[] {
  return files.map(({ folder, kustomizedFolder, manifests, config }) => (
    { name: pathBelow(root, kustomizedFolder ?? (isByFolder ? folder : undefined)), manifests, config }));
}

/** The path of a folder below the root; empty for the root itself and for folders that are not below it. */
function pathBelow(root: string | undefined, folder: string | undefined): string {
  const path = root === undefined || folder === undefined ? '' : relative(root, folder).split(sep).join('/');
  return path.startsWith('../') || path === '..' ? '' : path;
}
