// Reads the two sides of a comparison, and finds out which of their folders belong together.
import { relative, resolve, sep } from 'node:path';
import { UsageError } from '../base/errors';
import type { NamedUnit } from '../diff/differences';
import { type ManifestFile, appliedTogether } from '../manifests/units';
import type { Terminal } from './command';
import { isFolder, readManifestFiles } from './paths';

interface Side {
  /** The folder that is compared; absent for a single file, and for several paths. */
  readonly root?: string;
  readonly files: readonly ManifestFile[];
}

/**
 * The units of both sides. Those at the same path below the folder of their side have the same name.
 *
 * @param sides the paths of each side
 * @param twice what to say if both sides are standard input
 * @throws UsageError for a path that cannot be read
 */
export function unitsOfSides(
  sides: readonly [readonly string[], readonly string[]], twice: string, terminal: Terminal,
): [before: NamedUnit[], after: NamedUnit[]] {
  if (sides.every(paths => paths.includes('-'))) {
    throw new UsageError(twice);
  }
  const read = sides.map((paths): Side => ({
    root: paths.length === 1 && isFolder(paths[0]) ? resolve(paths[0]) : undefined, files: readManifestFiles(paths, terminal),
  }));
  const isByFolder = read.some(({ files }) => appliedTogether(files.filter(file => file.kustomizedFolder === undefined)).length > 1);
  const [before, after] = read.map(side => unitsOf(side, isByFolder));
  return [before, after];
}

/** @param isByFolder whether folders without a kustomization file are units of their own, on both sides alike */
function unitsOf({ root, files }: Side, isByFolder: boolean): NamedUnit[] {
  return files.map(({ folder, kustomizedFolder, manifests }) => (
    { name: pathBelow(root, kustomizedFolder ?? (isByFolder ? folder : undefined)), manifests }));
}

/** The path of a folder below the root; empty for the root itself and for folders that are not below it. */
function pathBelow(root: string | undefined, folder: string | undefined): string {
  const path = root === undefined || folder === undefined ? '' : relative(root, folder).split(sep).join('/');
  return path.startsWith('../') || path === '..' ? '' : path;
}
