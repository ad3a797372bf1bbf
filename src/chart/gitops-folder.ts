// The folder of a GitOpsApp on the disk: what may stand in its place, what in it is not ours, and how a new one takes its place.
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EdgeError } from '../base/errors';
import { KUSTOMIZATION, KUSTOMIZATION_FILES } from '../base/kustomization';
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

/** Puts `next` in the place of `folder`, which waits at `previous` until that is done. */
export function replaceFolder(next: string, folder: string, previous: string): void {
  rmSync(previous, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  if (existsSync(folder)) {
    renameSync(folder, previous);
  }
  renameSync(next, folder);
  rmSync(previous, { recursive: true, force: true });
}

/** Writes a file, and the folders above it, so that nobody ever reads half of it. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.next`, text);
  renameSync(`${file}.next`, file);
}
