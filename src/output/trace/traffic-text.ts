// Replayed traffic as text for people: where requests end, or which end elsewhere; what could not be read; and what contradicts the log.
import { groupBy } from '../../base/multimap';
import { urlOf } from '../../trace/client-request';
import type { NotApplied } from '../../trace/not-applied';
import type { Contradiction, Destination, Move } from '../../trace/traffic/replay';
import type { CountedRequest, Traffic, UnreadableEntry } from '../../trace/traffic/traffic';
import type { Coverage } from '../../trace/route-tests/coverage';
import { safe } from '../changed-value';
import { coverageLines } from './coverage-text';
import { notAppliedLines } from './trace-text';

/** How many requests of a group, and how many entries that cannot be read, are named. */
const MAX_NAMED = 5;

/** Where the requests of a log end. Ends with a line break. */
export function renderTrafficText(
  traffic: Traffic, destinations: readonly Destination[], contradictions: readonly Contradiction[], coverage: Coverage,
  notApplied: readonly NotApplied[] = [],
): string {
  return textOf([
    notAppliedLines(notApplied), [countsOf(traffic), ...destinations.flatMap(destinationLines)], contradictionLines(contradictions),
    unreadableLines(traffic.unreadable), coverageLines(coverage),
  ]);
}

/** Which requests of a log would end elsewhere. Ends with a line break. */
export function renderMovesText(traffic: Traffic, moves: readonly Move[], notApplied: readonly NotApplied[] = []): string {
  const moved = moves.reduce((sum, { count }) => sum + count, 0);
  const isElsewhere = moves.every(({ differences }) => differences.length === 0);
  return textOf([
    notAppliedLines(notApplied),
    ...moves.map(moveLines), unreadableLines(traffic.unreadable),
    [`${countsOf(traffic)}: ${moved === 0 ? 'all end where they ended before' : `${moved} would ${isElsewhere ? 'end elsewhere' : 'not end as before'}`}`],
  ]);
}

/** Bodies may be long, so they are not shown. */
function moveLines({ before, after, differences, count, requests }: Move): string[] {
  const names = differences.map(({ what }) => what).join(' and ');
  const seen = differences.filter(({ what }) => what !== 'body').map(({ what, before: old, after: now }) => `${what} ${old} → ${now}`);
  return [
    `${count} × ${before} → ${after}${names === '' ? '' : ` with another ${names}`}`, ...requestLines(requests, '  '),
    ...seen.length === 0 ? [] : [`  such as ${seen.join(', ')}`],
  ];
}

function textOf(paragraphs: readonly (readonly string[])[]): string {
  return `${paragraphs.filter(({ length }) => length > 0).map(lines => lines.map(safe).join('\n')).join('\n\n')}\n`;
}

function countsOf({ count, requests }: Traffic): string {
  return `${count} request${count === 1 ? '' : 's'}, ${requests.length} different`;
}

/** Of requests that do not end by design, the most frequent ones are named. */
function destinationLines({ to, ends, isByDesign, count, requests }: Destination): string[] {
  const first = `  ${String(count).padStart(8)}  ${to}`;
  const indent = ' '.repeat(12);
  const fixes = [...new Set(ends.flatMap(({ kind, fix }) => (fix === undefined ? [] : [`${kind === 'unsupported' ? 'why' : 'fix'}: ${fix}`])))];
  return isByDesign ? [first] : [first, ...requestLines(requests, indent), ...fixes.map(fix => `${indent}${fix}`)];
}

/** Requests that differ in client and headers alone are one line. */
function requestLines(requests: readonly CountedRequest[], indent: string): string[] {
  const alike = [...groupBy(requests, ({ request }) => `${request.method} ${urlOf(request)}`)].map(([name, own]) => (
    { name: own.length === 1 ? own[0].line : `${name}, in ${own.length} variants`, count: own.reduce((sum, { count }) => sum + count, 0) }));
  const more = alike.length - MAX_NAMED;
  return [
    ...alike.sort((a, b) => b.count - a.count).slice(0, MAX_NAMED).map(({ name, count }) => `${indent}${count === 1 ? '' : `${count} × `}${name}`),
    ...more > 0 ? [`${indent}… ${more} more`] : [],
  ];
}

function contradictionLines(contradictions: readonly Contradiction[]): string[] {
  const total = contradictions.reduce((sum, { count }) => sum + count, 0);
  return total === 0 ? [] : [
    `${total} response${total === 1 ? '' : 's'} in the log do${total === 1 ? 'es' : ''} not fit the traced end:`,
    ...contradictions.flatMap(({ status, to, isPossible, count, requests }) => [
      `  ${String(count).padStart(8)}  ${status} in the log, traced to ${to}${isPossible ? ' (which may itself have responded so)' : ''}`,
      ...requestLines(requests, ' '.repeat(12)).slice(0, 1),
    ]),
  ];
}

function unreadableLines(entries: readonly UnreadableEntry[]): string[] {
  const more = entries.length - MAX_NAMED;
  return entries.length === 0 ? [] : [
    `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'} of the log without a request that can be traced:`,
    ...entries.slice(0, MAX_NAMED).map(({ file, entry, reason }) => `  ${file}:${entry}: ${reason}`),
    ...more > 0 ? [`  … ${more} more`] : [],
  ];
}
