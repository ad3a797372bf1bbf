// Which folders an app may write: one for what is applied, and beside it others for what is not.
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { InvalidProps } from '../base/errors';

/** Returns the absolute path of a folder that an app may take for its own. @param example one that would do */
export function requireOwnFolder(prop: string, value: unknown, example: string): string {
  const folder = typeof value === 'string' && value.trim() !== '' ? resolve(value) : undefined;
  if (folder === undefined || folder === dirname(folder) || isInOrAt(process.cwd(), folder)) {
    throw InvalidProps.value(prop, value, `must be a folder of its own, such as ${example}`);
  }
  return folder;
}

/**
 * Returns the absolute path of a folder for files that are not applied.
 *
 * @param prop what the folder is called
 * @param value what the user says about it
 * @param kinds names of the default one: for `install`, `install/production` goes with `dist/production`. The second is for a folder that
 * stands in one of the first name itself
 * @param folder the folder that is applied, as an absolute path
 */
export function requireFolderBeside(prop: string, value: unknown, kinds: readonly [string, string], folder: string): string {
  const asked = value === undefined ? defaultFolder(kinds, folder) : value;
  const beside = requireOwnFolder(prop, asked, `${kinds[0]}/production`);
  if (isInOrAt(beside, folder) || isInOrAt(folder, beside)) {
    throw InvalidProps.value(prop, asked, `must be a folder neither inside nor above ${folder}, all of which is applied`);
  }
  return beside;
}

/** Whether an absolute path is a folder, or something in it. */
export function isInOrAt(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** What tells a folder that is applied from the others: its path below `dist`, or below the first folder of the working directory. */
export function partsOf(folder: string): string[] {
  if (!isInOrAt(folder, process.cwd())) {
    return [basename(folder)];
  }
  const parts = relative(process.cwd(), folder).split(sep);
  const below = parts.slice(placeOfDist(parts) + 1);
  return below.length > 0 ? below : parts.slice(-1);
}

/**
 * In the place of the folder named `dist`, or of the first one below the working directory: `install/fleet/production` for
 * `dist/fleet/production`. Outside of the working directory, beside the folder that holds the applied one.
 */
function defaultFolder([first, second]: readonly [string, string], folder: string): string {
  if (!isInOrAt(folder, process.cwd())) {
    const kind = basename(dirname(folder)) === first ? second : first;
    return join(dirname(dirname(folder)), kind, basename(folder));
  }
  const parts = relative(process.cwd(), folder).split(sep);
  const place = placeOfDist(parts);
  return join(process.cwd(), ...parts.slice(0, place), parts[place] === first ? second : first, ...partsOf(folder));
}

function placeOfDist(parts: readonly string[]): number {
  return Math.max(0, parts.indexOf('dist'));
}
