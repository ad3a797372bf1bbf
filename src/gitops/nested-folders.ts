// Folders of GitOpsApps inside each other: replacing the outer one as a whole would undo what is written into the inner one at the same time.
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EdgeError } from '../base/errors';
import { requireUnlocked } from './folder-lock';
import { isGitOpsFolder } from './foreign-entries';
import { isGone, readOwner } from './lock-owner';

/**
 * Rejects a folder that is inside the folder of another `GitOpsApp`, whether or not that app still exists.
 *
 * @param extension the extension of the files that apps write
 * @throws EdgeError that names both folders
 */
export function requireOutsideOfApps(folder: string, extension: string): void {
  const outer = ancestorsOf(folder).find(ancestor => isGitOpsFolder(ancestor, extension));
  if (outer !== undefined) {
    throw new EdgeError(`${folder} is inside ${outer}, which another GitOpsApp replaces as a whole. Use a folder outside of it`);
  }
}

/**
 * Rejects a folder while a folder above or inside of it belongs to another app, or is locked. Call it with the lock held: of two apps that
 * lock their folders at the same time, the second one sees the lock of the first.
 *
 * @throws EdgeError that names both folders
 */
export function requireUnnested(folder: string, extension: string): void {
  requireOutsideOfApps(folder, extension);
  ancestorsOf(folder).forEach(requireUnlocked);
  if (existsSync(folder)) {
    requireNothingInside(folder, folder, extension);
  }
}

function requireNothingInside(folder: string, outer: string, extension: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isGitOpsFolder(path, extension)) {
        throw new EdgeError(`${outer} contains ${path}, which another GitOpsApp writes. Use folders that are not inside each other`);
      }
      requireNothingInside(path, outer, extension);
    } else if (entry.isFile() && /^\..+\.lock$/.test(entry.name)) {
      const owner = readOwner(path);
      if (owner !== undefined && !isGone(owner)) {
        throw new EdgeError(`${outer} contains ${path}, the lock of another synth (pid ${owner.pid}). Use folders that are not inside each other`);
      }
    }
  }
}

/** All folders above, by their real paths: another app may reach them without the symbolic links in this path. */
function ancestorsOf(folder: string): string[] {
  const parent = dirname(realPathOf(folder));
  return dirname(parent) === parent ? [parent] : [parent, ...ancestorsOf(parent)];
}

/** The real path of a folder that need not exist. */
function realPathOf(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? realpathSync(folder) : join(realPathOf(dirname(folder)), basename(folder));
}
