// Globs, as shells and .gitignore files have them. The only file that imports the library for them.
import { UsageError } from '../base/errors';

type Matcher = (path: string) => boolean;

type Library = (glob: string, options: { readonly dot: boolean; readonly nonegate: boolean }) => Matcher;

/**
 * Whether a path, or a folder above it, matches the glob. A glob without a slash matches names at any depth, as in .gitignore.
 *
 * @returns a function of a path with slashes, relative to the folder of the glob
 * @throws UsageError for an empty glob
 */
export function globMatcher(written: string): Matcher {
  const glob = written.replace(/^\.?\//, '').replace(/\/$/, '');
  if (glob === '') {
    throw new UsageError(`a glob must not be empty; got ${JSON.stringify(written)}`);
  }
  const isName = !/^\.?\//.test(written) && !glob.includes('/');
  const matches = compile(glob, written);
  return path => {
    const steps = path.split('/');
    return steps.some((step, index) => (isName ? matches(step) : matches(steps.slice(0, index + 1).join('/'))));
  };
}

/** The library is loaded for the first glob. */
function compile(glob: string, written: string): Matcher {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const picomatch = require('picomatch') as Library;
  try {
    return picomatch(glob, { dot: true, nonegate: true });
  } catch (error) {
    throw new UsageError(`the glob ${JSON.stringify(written)} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
