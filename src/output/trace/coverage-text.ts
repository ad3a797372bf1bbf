// Coverage as text for people: what the requests reached, part by part, and what they never did.
import { type Coverage, type CoveredPart, shareOf } from '../../trace/route-tests/coverage';
import { safe } from '../changed-value';
import { showShare } from '../../base/share-text';
import { placeText } from './trace-text';

/** How much of what was never reached is named. */
const MAX_MISSED = 20;

const PARTS: readonly CoveredPart[] = ['ALB rules', 'routes', 'policies'];

/** A line for each part, and one for everything that was never reached. */
export function coverageLines(coverage: Coverage): string[] {
  const { reached, missed } = coverage;
  const parts = PARTS.flatMap(part => {
    const count = reached.filter(own => own.part === part).length;
    const total = count + missed.filter(own => own.part === part).length;
    return total === 0 ? [] : [`${count} of ${total} ${part}`];
  });
  return [
    `Coverage ${showShare(shareOf(coverage), [1])}: ${parts.join(', ') || 'nothing to reach'}`,
    ...missed.slice(0, MAX_MISSED).map(({ what, place }) => `  never reached: ${what}, ${placeText(place)}`),
    ...missed.length > MAX_MISSED ? [`  … ${missed.length - MAX_MISSED} more`] : [],
  ].map(safe);
}
