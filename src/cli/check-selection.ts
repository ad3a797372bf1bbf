// The checks that a run is about: `--only` and `--skip`.
import { UsageError } from '../base/errors';
import { similarTo } from '../base/spelling';
import type { Check } from '../checks/check';
import { SHELF } from '../checks/shelf';
import type { Options } from './command';

/**
 * The checks that the options leave, in the order of the shelf.
 *
 * @throws UsageError for a check that does not exist, and if none is left
 */
export function selectedChecks({ only, skip = [] }: Pick<Options, 'only' | 'skip'>): Check[] {
  const chosen = only === undefined ? undefined : idsIn('--only', only);
  const skipped = idsIn('--skip', skip);
  const left = SHELF.filter(({ id }) => (chosen?.includes(id) ?? true) && !skipped.includes(id));
  if (left.length === 0) {
    throw new UsageError('--only and --skip leave no check to run');
  }
  return left;
}

/** @throws UsageError if there is no check with the id */
export function checkNamed(id: string): Check {
  const found = SHELF.find(one => one.id === id);
  if (found === undefined) {
    const meant = similarTo(id, SHELF.map(one => one.id));
    throw new UsageError(`there is no check "${id}"; ${meant === undefined ? '`alb-istio explain` lists the checks' : `did you mean ${meant}?`}`);
  }
  return found;
}

function idsIn(option: string, values: readonly string[]): string[] {
  const ids = values.flatMap(value => value.split(',')).map(id => id.trim());
  if (ids.includes('')) {
    throw new UsageError(`${option} needs ids of checks, with commas in between; got "${values.join(' ')}"`);
  }
  return ids.map(id => checkNamed(id).id);
}
