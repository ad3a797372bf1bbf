// Errors of the file system, such as missing permissions or a full disk, as errors of this package.
import { EdgeError } from '../base/errors';
import { isInOrAt } from './output-folders';

/**
 * Turns an error of the file system into a sentence.
 *
 * @param folder what was to be written
 * @param places the folders that this package writes: an error about another path comes from the user's own code, and is returned unchanged
 */
export function asDiskError(error: unknown, folder: string, places: readonly string[]): unknown {
  const { code, syscall, message, path, dest } = (error ?? {}) as Partial<NodeJS.ErrnoException> & { readonly dest?: string };
  if (code === undefined || syscall === undefined || message === undefined) {
    return error;
  }
  // A full disk is reported without a path; so is a connection that the user's code opens.
  const isOurs = (path === undefined && dest === undefined && ['read', 'write', 'close'].includes(syscall))
    || [path, dest].some(each => each !== undefined && places.some(place => isInOrAt(each, place) || isInOrAt(place, each)));
  // Node writes `EACCES: permission denied, open '/path'`.
  const reason = message.replace(/^[A-Z0-9]+: /, '').replace(/, \w+( '.*)?$/s, '');
  return !isOurs ? error : new EdgeError(`${folder} cannot be written: ${reason} (${code}, ${syscall})${path === undefined ? '' : `: ${path}`}`);
}
