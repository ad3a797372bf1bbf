// Coverage as part of a JSON document.
import { type Coverable, type Coverage, shareOf } from '../../trace/route-tests/coverage';
import { placeOf } from '../json';

/** What was reached, what was not, and the share. */
export function coverageObject(coverage: Coverage): object {
  const { reached, missed } = coverage;
  return { share: shareOf(coverage), reached: reached.map(coverableOf), missed: missed.map(coverableOf) };
}

function coverableOf({ part, what, place }: Coverable): object {
  return { part, what, ...placeOf(place) };
}
