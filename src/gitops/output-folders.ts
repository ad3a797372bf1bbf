// The folders that an app writes: one that is applied, and others beside it that are not.
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { InvalidProps } from '../base/errors';

/**
 * The absolute path of a folder whose files the app owns.
 *
 * @param example a valid folder, for the error
 * @throws InvalidProps for the working directory and folders above it
 */
export function requireOwnFolder(prop: string, value: unknown, example: string): string {
  const folder = typeof value === 'string' && value.trim() !== '' ? resolve(value) : undefined;
  if (folder === undefined || folder === dirname(folder) || isInOrAt(process.cwd(), folder)) {
    throw InvalidProps.value(prop, value, `must be a folder that only this app writes, such as ${example}`);
  }
  return folder;
}

/**
 * The absolute path of a folder for files that are not applied.
 *
 * @param value the value of the prop; the default applies when it is `undefined`
 * @param kinds first folder of the default: with `install`, it is `install/production` for `dist/production`. The second one is used when
 * the applied folder is itself in a folder of the first name
 * @param folder the applied folder, as an absolute path
 */
export function requireFolderBeside(prop: string, value: unknown, kinds: readonly [string, string], folder: string): string {
  const requested = value === undefined ? defaultFolder(kinds, folder) : value;
  const beside = requireOwnFolder(prop, requested, `${kinds[0]}/production`);
  if (isInOrAt(beside, folder) || isInOrAt(folder, beside)) {
    throw InvalidProps.value(prop, requested, `must be neither inside nor above ${folder}, whose files are all applied`);
  }
  return beside;
}

/** Whether an absolute path is the folder or is inside it. */
export function isInOrAt(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The part of the path that distinguishes applied folders: the path below `dist`, or below the first folder of the working directory. */
function partsOf(folder: string): string[] {
  if (!isInOrAt(folder, process.cwd())) {
    return [basename(folder)];
  }
  const parts = relative(process.cwd(), folder).split(sep);
  const below = parts.slice(indexOfDist(parts) + 1);
  return below.length > 0 ? below : parts.slice(-1);
}

/**
 * Replaces `dist`, or the first folder below the working directory: `install/fleet/production` for `dist/fleet/production`. Outside of the
 * working directory, the folder is beside the parent of the applied one.
 */
function defaultFolder([first, second]: readonly [string, string], folder: string): string {
  if (!isInOrAt(folder, process.cwd())) {
    const kind = basename(dirname(folder)) === first ? second : first;
    return join(dirname(dirname(folder)), kind, basename(folder));
  }
  const parts = relative(process.cwd(), folder).split(sep);
  const index = indexOfDist(parts);
  return join(process.cwd(), ...parts.slice(0, index), parts[index] === first ? second : first, ...partsOf(folder));
}

function indexOfDist(parts: readonly string[]): number {
  return Math.max(0, parts.indexOf('dist'));
}
