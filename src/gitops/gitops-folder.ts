// The folder of a GitOpsApp on disk: what may be in its place, which files in it are not ours, and how a new version replaces it.
import {
  accessSync, chmodSync, constants, cpSync, existsSync, lstatSync, mkdirSync, readFileSync,
  readdirSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EdgeError } from '../base/errors';
import { KUSTOMIZATION, KUSTOMIZATION_FILES, resourcesIn } from '../manifests/kustomization';

/** A temporary file or folder beside the folder. */
export function sibling(folder: string, suffix: 'next' | 'previous' | 'lock'): string {
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

/** @throws EdgeError for a folder that exists and is not writable */
export function requireWritable(folder: string): void {
  if (existsSync(folder)) {
    try {
      accessSync(folder, constants.W_OK);
    } catch {
      throw new EdgeError(`${folder} is not writable. Change its permissions`);
    }
  }
}

/**
 * The files and folders that are in the folder, but are not listed in its Kustomization as manifests of ours. They are kept.
 *
 * @param extension the extension of the files that the app writes
 * @throws EdgeError for a folder that a GitOpsApp did not write, or that kustomize would reject
 */
export function foreignEntries(folder: string, extension: string): string[] {
  const entries = existsSync(folder) ? readdirSync(folder) : [];
  if (entries.length === 0) {
    return [];
  }
  if (!entries.includes(KUSTOMIZATION)) {
    throw new EdgeError(`${folder} was not written by a GitOpsApp: it has no ${KUSTOMIZATION}. Use an empty folder, or delete this one`);
  }
  const second = entries.find(entry => entry !== KUSTOMIZATION && KUSTOMIZATION_FILES.includes(entry));
  if (second !== undefined) {
    throw new EdgeError(`${join(folder, second)} was not written by this app, and kustomize rejects a folder that contains both it and ${KUSTOMIZATION}. `
      + 'Delete it');
  }
  const file = join(folder, KUSTOMIZATION);
  const own = new Set(resourcesIn(readFileSync(file, 'utf8'), file).filter(name => name.endsWith(extension)));
  return entries.filter(entry => entry !== KUSTOMIZATION && !own.has(entry));
}

/**
 * Copies entries of the folder into its new version.
 *
 * @throws EdgeError if the new version contains a file of the same name
 */
export function keepEntries(entries: readonly string[], folder: string, next: string): void {
  for (const entry of entries) {
    if (existsSync(join(next, entry))) {
      throw new EdgeError(`${join(folder, entry)} was not written by this app, but a chart has the same file name. Rename one of them`);
    }
    cpSync(join(folder, entry), join(next, entry), { recursive: true, verbatimSymlinks: true });
  }
}

/** Cleans up after a synth that was killed: a folder that it had moved away is moved back, and what else it left is deleted. */
export function recoverFolder(folder: string): void {
  const previous = sibling(folder, 'previous');
  if (!existsSync(folder) && existsSync(previous)) {
    renameSync(previous, folder);
  }
  rmSync(previous, { recursive: true, force: true });
  rmSync(sibling(folder, 'next'), { recursive: true, force: true });
}

/**
 * Replaces the folder by its new version, which is the sibling `next`, with two renames. A folder that would not change is not touched.
 *
 * If the process is killed between the renames, the complete old folder is the sibling `previous`, Git reports the folder as deleted, and
 * {@link recoverFolder} moves it back at the next synth.
 */
export function replaceFolder(folder: string): void {
  const [next, previous] = [sibling(folder, 'next'), sibling(folder, 'previous')];
  mkdirSync(dirname(folder), { recursive: true });
  if (!existsSync(folder)) {
    renameSync(next, folder);
    return;
  }
  if (isSame(next, folder)) {
    rmSync(next, { recursive: true });
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
  rmSync(previous, { recursive: true });
}

/** Whether two folders contain the same files, folders and links. */
function isSame(one: string, other: string): boolean {
  const [own, others] = [one, other].map(folder => readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)));
  return own.length === others.length && own.every((entry, index) => {
    const [a, b] = [join(one, entry.name), join(other, others[index].name)];
    return entry.name !== others[index].name ? false
      : entry.isDirectory() && others[index].isDirectory() ? isSame(a, b)
        : entry.isSymbolicLink() && others[index].isSymbolicLink() ? readlinkSync(a) === readlinkSync(b)
          : entry.isFile() && others[index].isFile() && readFileSync(a).equals(readFileSync(b));
  });
}

/** Writes a file, and the folders above it. A reader sees the old file or the new one, never a part. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.next`, text);
  renameSync(`${file}.next`, file);
}
