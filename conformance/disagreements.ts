// Disagreements between a model and a real system about random configurations: which kinds there are, and the smallest case of each.
import { dump } from 'js-yaml';
import { addTo } from '../src/base/multimap';
import type { Difference } from './difference';
import { smaller } from './shrinking';

/** A difference, and the configuration that shows it. */
export interface Disagreement extends Difference {
  readonly objects: readonly object[];
}

/** The YAML of a configuration. */
export function yamlOf(objects: readonly object[]): string {
  return objects.map(object => dump(object, { noRefs: true, lineWidth: 160 })).join('---\n');
}

/** Parts of a list, of at most this size. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** What gives an object its identity, and what the API server demands of a Service. */
const NEEDED = /\/(apiVersion|kind|metadata|name|namespace|spec|spec\/ports\/\d+\/port)$/;

/** How disagreements are sorted, shrunk and shown. */
export interface Reporting<T extends Disagreement> {
  readonly kindOf: (one: T) => string;
  /** The disagreements of each of several smaller configurations. */
  readonly judge: (candidates: readonly object[][], found: T) => T[][];
  /** Smaller configurations that are tried, and how many at once. */
  readonly attempts: number;
  readonly together: number;
  /** What to print besides the configuration and the difference. */
  readonly details: (one: T) => string;
}

/** Prints the kinds of disagreements, the most frequent first, and of some kinds the smallest case. */
export function report<T extends Disagreement>(found: readonly T[], reporting: Reporting<T>, { show, raw }: { readonly show: number; readonly raw: boolean }): void {
  const kinds = new Map<string, T[]>();
  found.forEach(one => addTo(kinds, reporting.kindOf(one), one));
  const sorted = [...kinds].sort(([, a], [, b]) => b.length - a.length);
  sorted.slice(0, show).forEach(([kind, list]) => {
    const first = list.reduce((best, one) => (JSON.stringify(one.objects).length < JSON.stringify(best.objects).length ? one : best));
    const least = raw ? first : shrunk(first, reporting);
    console.log(`--- ${list.length} × ${kind}\n${yamlOf(least.objects)}\n${least.place}\nmodel: ${JSON.stringify(least.ours)}\nreal:  ${JSON.stringify(least.theirs)}\n`
      + `${reporting.details(least)}\n`);
  });
  sorted.forEach(([kind, list]) => console.log(`${list.length} × ${kind}`));
}

/** Leaves out as much as keeps the kind of the disagreement. */
function shrunk<T extends Disagreement>(found: T, { kindOf, judge, attempts, together }: Reporting<T>): T {
  for (let best = found; ;) {
    const parts = chunks(smaller(best.objects, part => NEEDED.test(part)).slice(0, attempts), together);
    const next = parts.reduce<T | undefined>((known, part) => known ?? judge(part, best).flat().find(one => kindOf(one) === kindOf(found)), undefined);
    if (next === undefined) {
      return best;
    }
    best = next;
  }
}
