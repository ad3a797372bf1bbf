// The folder of a GitOpsApp on the disk: what may stand in its place, what in it is not ours, and how a new one takes its place.
import {
  accessSync, constants, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EdgeError } from '../base/errors';
import { KUSTOMIZATION, KUSTOMIZATION_FILES } from '../base/kustomization';
import { swapFolders } from './folder-swap';
import { filesListedIn } from './kustomization';

/** A folder beside the one named, for the time of a write. */
export function sibling(folder: string, suffix: string): string {
  return join(dirname(folder), `.${basename(folder)}.${suffix}`);
}

/**
 * @param folder an absolute path; what does not exist yet is in nobody's way
 * @throws EdgeError where something else than a folder is in its place or above it
 */
export function requireFolder(folder: string): void {
  if (dirname(folder) !== folder) {
    requireFolder(dirname(folder));
  }
  if (lstatSync(folder, { throwIfNoEntry: false }) && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new EdgeError(`${folder} is not a folder: name another one, or remove it`);
  }
}

/**
 * The same for a folder that is replaced as a whole: that would put a folder in the place of a link, and leave what it leads to.
 *
 * @throws EdgeError for a symbolic link, too
 */
export function requireReplaceable(folder: string): void {
  requireFolder(dirname(folder));
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new EdgeError(`${folder} is a symbolic link: name the folder that it leads to`);
  }
  requireFolder(folder);
}

/** @throws EdgeError for a folder that is there and may not be written into */
export function requireWritable(folder: string): void {
  if (existsSync(folder)) {
    try {
      accessSync(folder, constants.W_OK);
    } catch {
      throw new EdgeError(`${folder} may not be written into: change its permissions`);
    }
  }
}

/**
 * What is in the folder without being listed in its Kustomization as a manifest: it was not written by us, so it is not ours to remove.
 *
 * @param extension how the files of a chart end
 * @throws EdgeError for a folder of somebody else, or one that kustomize would not take
 */
export function foreignEntries(folder: string, extension: string): string[] {
  const entries = existsSync(folder) ? readdirSync(folder) : [];
  if (entries.length === 0) {
    return [];
  }
  if (!entries.includes(KUSTOMIZATION)) {
    throw new EdgeError(`${folder} was not written by a GitOpsApp: it has no file named ${KUSTOMIZATION}; name an empty folder, or remove it`);
  }
  const second = entries.find(entry => entry !== KUSTOMIZATION && KUSTOMIZATION_FILES.includes(entry));
  if (second !== undefined) {
    throw new EdgeError(`${join(folder, second)} was not written by this app, and kustomize takes no folder that has it beside ${KUSTOMIZATION}: remove it`);
  }
  const own = new Set(filesListedIn(readFileSync(join(folder, KUSTOMIZATION), 'utf8')).filter(file => file.endsWith(extension)));
  return entries.filter(entry => entry !== KUSTOMIZATION && !own.has(entry));
}

/**
 * Copies entries of a folder into the one that will take its place.
 *
 * @throws EdgeError where that one has a file of the same name
 */
export function keepEntries(entries: readonly string[], folder: string, next: string): void {
  for (const entry of entries) {
    if (existsSync(join(next, entry))) {
      throw new EdgeError(`${join(folder, entry)} was not written by this app, but a chart would take its place: rename one of them`);
    }
    cpSync(join(folder, entry), join(next, entry), { recursive: true, verbatimSymlinks: true });
  }
}

/**
 * Puts `next`, a folder of the same file system, in the place of `folder`. When nothing differs, nothing in `folder` is touched; when
 * the bytes of one file differ, that file alone is.
 *
 * Killed at any moment, this process leaves the whole old folder in its place or the whole new one, or will have when the shell that
 * swaps them is done, in milliseconds. That is not promised where there is no `sh`, as on Windows, nor for a stop of the machine or of
 * the whole container between the two steps of the shell: then the old folder is at `previous`, for the next synth to put back. What
 * reads the folder in those milliseconds may find none.
 *
 * @param previous where the old folder waits until the new one is there; what is left there from a kill is removed
 */
export function replaceFolder(next: string, folder: string, previous: string): void {
  rmSync(previous, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  if (isFree(folder)) {
    renameSync(next, folder);
    return;
  }
  const changed = changedFiles(next, folder);
  if (changed === undefined || changed.length > 1) {
    swapFolders(next, folder, previous);
  } else {
    changed.forEach(file => renameSync(join(next, file), join(folder, file)));
  }
  rmSync(next, { recursive: true, force: true });
  rmSync(previous, { recursive: true, force: true });
}

/** Whether one rename puts a folder there: rename(2) of POSIX replaces an empty folder, the one of Windows does not. */
function isFree(folder: string): boolean {
  return !existsSync(folder) || (process.platform !== 'win32' && readdirSync(folder).length === 0);
}

/** The files whose bytes differ; `undefined` where the folders differ in more than that. */
function changedFiles(next: string, folder: string): string[] | undefined {
  const entries = entriesBelow(next);
  const before = entriesBelow(folder);
  if (entries.size !== before.size || [...entries].some(([path, what]) => before.get(path) !== what)) {
    return undefined;
  }
  const isChanged = (file: string) => !readFileSync(join(next, file)).equals(readFileSync(join(folder, file)));
  return [...entries.keys()].filter(path => entries.get(path) === 'file' && isChanged(path));
}

/** What is in a folder, and in those in it: a folder, a file, or a link to somewhere. */
function entriesBelow(folder: string, below = ''): Map<string, string> {
  return new Map(readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry): [string, string][] => {
    const path = join(below, entry.name);
    if (entry.isDirectory()) {
      return [[path, 'folder'], ...entriesBelow(folder, path)];
    }
    return [[path, entry.isSymbolicLink() ? `link to ${readlinkSync(join(folder, path))}` : 'file']];
  }));
}

/** Writes a file, and the folders above it, so that nobody ever reads half of it. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.next`, text);
  renameSync(`${file}.next`, file);
}
