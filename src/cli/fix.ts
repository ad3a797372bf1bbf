// What `check --fix` needs besides the checks: a bundle of its own, which is loaded when something can be fixed.
import { FILE_HEADERS_ONLY, createTwoFilesPatch } from 'diff';

export { edited } from '../manifests/yaml-edit';

/** The difference between two texts of one file, as `diff -u` prints it. */
export function unifiedDiff(file: string, before: string, after: string): string {
  return createTwoFilesPatch(file, file, before, after, '', '', { context: 2, headerOptions: FILE_HEADERS_ONLY });
}
