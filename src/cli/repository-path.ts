// Paths in reports: CI systems expect them relative to the root of the repository, in whichever folder the command runs.
import { isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * The path of a file relative to the repository that GitHub Actions (`GITHUB_WORKSPACE`) or GitLab CI (`CI_PROJECT_DIR`) checked out; elsewhere relative to
 * the working directory. A file outside of it has an absolute path.
 */
export function pathFromRepository(file: string): string {
  const { GITHUB_WORKSPACE, CI_PROJECT_DIR } = process.env;
  const checkouts = [GITHUB_WORKSPACE, CI_PROJECT_DIR].filter(folder => folder !== undefined && folder !== '' && isBelow(resolve(file), resolve(folder)));
  const path = relative(checkouts[0] ?? '', file);
  return (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path) ? resolve(file) : path).split(sep).join('/');
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
