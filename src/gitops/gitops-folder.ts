// The folder of a GitOpsApp on disk: what may be in its place, how a new version replaces it, and what happens after a synth was killed.
import { randomUUID } from 'node:crypto';
import {
  accessSync, chmodSync, constants, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync,
  renameSync, rmSync, rmdirSync, statSync, writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EdgeError } from '../base/errors';
import { KUSTOMIZATION } from '../manifests/kustomization';
import { foreignIn } from './foreign-entries';

/** A temporary file or folder beside the folder. */
export function sibling(folder: string, suffix: 'next' | 'previous' | 'obsolete' | 'lock'): string {
  return join(dirname(folder), `.${basename(folder)}.${suffix}`);
}

/**
 * @param folder an absolute path, which need not exist
 * @throws EdgeError if the path, or a path above it, is something else than a folder
 */
export function requireFolder(folder: string): void {
  if (dirname(folder) !== folder) {
    requireFolder(dirname(folder));
  }
  if (lstatSync(folder, { throwIfNoEntry: false }) && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new EdgeError(`${folder} is not a folder. Use another path, or delete it`);
  }
}

/**
 * The same for a folder that is replaced as a whole, which would replace a symbolic link by a folder.
 *
 * @throws EdgeError for a symbolic link, too
 */
export function requireReplaceable(folder: string): void {
  requireFolder(dirname(folder));
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new EdgeError(`${folder} is a symbolic link. Use the path that it points to`);
  }
  requireFolder(folder);
}

/** @throws EdgeError for a folder that is not writable, or that cannot be created because the one above it is not */
export function requireWritable(folder: string): void {
  if (!existsSync(folder) && dirname(folder) !== folder) {
    requireWritable(dirname(folder));
    return;
  }
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    throw new EdgeError(`${folder} is not writable. Change its permissions`);
  }
}

/**
 * Cleans up after a synth that was killed. A folder that it had moved away is moved back. If there is one in its place, such as that of a
 * `git checkout`, what an app did not write is moved there, and the rest is deleted.
 *
 * @param extension the extension of the files that the app writes
 * @throws EdgeError for a file that would be lost, because another one has its name
 */
export function recoverFolder(folder: string, extension: string): void {
  const previous = sibling(folder, 'previous');
  if (existsSync(previous)) {
    if (existsSync(folder) && readdirSync(folder).length === 0) {
      rmdirSync(folder);
    }
    if (existsSync(folder)) {
      // Without a Kustomization, the folder is not that of a synth or of a commit, so that also our own files may be missing in it.
      moveMissing(existsSync(join(folder, KUSTOMIZATION)) ? foreignIn(previous, extension) : readdirSync(previous), previous, folder);
      retire(folder);
    } else {
      renameSync(previous, folder);
    }
  }
  removeTree(sibling(folder, 'next'));
  const obsolete = `${basename(sibling(folder, 'obsolete'))}.`;
  const left = existsSync(dirname(folder)) ? readdirSync(dirname(folder)).filter(name => name.startsWith(obsolete)) : [];
  left.forEach(name => discardTree(join(dirname(folder), name)));
}

/**
 * Replaces the folder by its new version, which is the sibling `next`, with two renames. A folder that would not change is not touched.
 *
 * If the process is killed between the renames, the complete old folder is the sibling `previous`, Git reports the folder as deleted, and
 * {@link recoverFolder} moves it back at the next synth. After the second rename nothing can fail: what cannot be cleaned up is left for the
 * next synth.
 *
 * @param extension the extension of the files that the app writes
 */
export function replaceFolder(folder: string, extension: string): void {
  const [next, previous] = [sibling(folder, 'next'), sibling(folder, 'previous')];
  mkdirSync(dirname(folder), { recursive: true });
  if (!existsSync(folder)) {
    renameSync(next, folder);
    return;
  }
  if (isSame(next, folder)) {
    discardTree(next);
    return;
  }
  chmodSync(next, statSync(folder).mode & 0o7777);
  renameSync(folder, previous);
  try {
    renameSync(next, folder);
  } catch (error) {
    renameSync(previous, folder);
    throw error;
  }
  try {
    // What somebody has put into the folder, or changed there, since its entries were copied.
    moveMissing(foreignIn(previous, extension), previous, folder);
    retire(folder);
  } catch {
    // The next synth tries again, and reports what is wrong.
  }
}

/** Moves entries that the other folder does not have. A file that it has must be the same. */
function moveMissing(entries: readonly string[], from: string, to: string): void {
  for (const [entry, kept] of entries.map(name => [join(from, name), join(to, name)])) {
    const [own, other] = [entry, kept].map(path => lstatSync(path, { throwIfNoEntry: false }));
    if (other === undefined) {
      move(entry, kept);
    } else if (own?.isDirectory() && other.isDirectory()) {
      moveMissing(readdirSync(entry), entry, kept);
    } else if (!isSameEntry(entry, kept)) {
      throw new EdgeError(`${kept} and ${entry} are different versions of one file, and a synth that was interrupted left the second one. `
        + 'Delete the one that you do not need');
    }
  }
}

/** Moving a folder elsewhere changes an entry in it, its parent, so a read-only one is made writable for a moment. */
function move(from: string, to: string): void {
  const entry = lstatSync(from);
  const isReadOnly = entry.isDirectory() && (entry.mode & 0o200) === 0;
  if (isReadOnly) {
    chmodSync(from, 0o700);
  }
  renameSync(from, to);
  if (isReadOnly) {
    chmodSync(to, entry.mode & 0o7777);
  }
}

/** Deletes the sibling `previous`. It gets another name first: a part of it is never mistaken for the folder of a synth that was killed. */
function retire(folder: string): void {
  const obsolete = `${sibling(folder, 'obsolete')}.${randomUUID()}`;
  renameSync(sibling(folder, 'previous'), obsolete);
  discardTree(obsolete);
}

/** Deletes a file or folder, if it exists. Folders in it may be read-only. */
function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    makeRemovable(path);
    rmSync(path, { recursive: true, force: true });
  }
}

/** The same, unless it is not possible. */
export function discardTree(path: string): void {
  try {
    removeTree(path);
  } catch {
    // For example, a folder of another user.
  }
}

function makeRemovable(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    chmodSync(path, 0o700);
    readdirSync(path).forEach(entry => makeRemovable(join(path, entry)));
  }
}

/** Whether two folders contain the same files, folders and links. */
function isSame(one: string, other: string): boolean {
  const [own, others] = [one, other].map(folder => readdirSync(folder).sort());
  return own.length === others.length && own.every((name, index) => name === others[index] && isSameEntry(join(one, name), join(other, name)));
}

/** Whether two paths are the same file, folder or link. */
function isSameEntry(one: string, other: string): boolean {
  const [own, others] = [one, other].map(path => lstatSync(path));
  return own.isDirectory() && others.isDirectory() ? isSame(one, other)
    : own.isSymbolicLink() && others.isSymbolicLink() ? readlinkSync(one) === readlinkSync(other)
      : own.isFile() && others.isFile() && readFileSync(one).equals(readFileSync(other));
}

/** Writes a file, and the folders above it. A reader sees the old file or the new one, never a part. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.next`, text);
  renameSync(`${file}.next`, file);
}
