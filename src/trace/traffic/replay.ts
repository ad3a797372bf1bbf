// Traffic replayed: where the requests of a log end, which end elsewhere than before, and which the log saw end in another way.
import { groupBy } from '../../base/multimap';
import { compareText } from '../../base/order';
import { describeEnds } from '../expectation';
import { type TraceEnd, isByDesign } from '../hops/trace-end';
import type { CountedRequest, Observed } from './traffic';

/** Traces a request. */
export type EndsOf = (request: CountedRequest['request']) => readonly TraceEnd[];

/** Requests with the same ends. */
export interface Destination {
  /** The ends, as an expectation writes them. */
  readonly to: string;
  readonly ends: readonly TraceEnd[];
  readonly isByDesign: boolean;
  readonly count: number;
  readonly requests: readonly CountedRequest[];
}

/** A part of an end that its text does not have: path and host as the workload sees them, and the body that the client gets. */
export interface Difference {
  readonly what: 'path' | 'host' | 'body';
  readonly before: string;
  readonly after: string;
}

/** Requests that end elsewhere than before, or otherwise. */
export interface Move {
  readonly before: string;
  readonly after: string;
  /** If both are the same: in what they differ for the most frequent one of the requests. */
  readonly differences: readonly Difference[];
  readonly count: number;
  readonly requests: readonly CountedRequest[];
}

/** Requests whose response in the log does not fit their traced end. */
export interface Contradiction {
  /** Status in the log. */
  readonly status: number;
  readonly to: string;
  /** Whether the workload may have given the response itself. */
  readonly isPossible: boolean;
  readonly count: number;
  readonly requests: readonly CountedRequest[];
}

/** Where the requests end, most requests first. */
export function destinationsOf(requests: readonly CountedRequest[], endsOf: EndsOf): Destination[] {
  const traced = requests.map(one => ({ one, ends: endsOf(one.request) }));
  return grouped(traced, ({ ends }) => describeEnds(ends), ({ one }) => one.count).map(([to, own, count]) => (
    { to, ends: own[0].ends, isByDesign: own[0].ends.every(isByDesign), count, requests: mostFirst(own.map(({ one }) => one)) }));
}

/** The requests that end elsewhere than before, or otherwise, most requests first. */
export function movesOf(requests: readonly CountedRequest[], before: EndsOf, after: EndsOf): Move[] {
  const moved = mostFirst(requests).flatMap(one => {
    const ends = changeOf(before(one.request), after(one.request));
    return ends === undefined ? [] : [{ one, ends }];
  });
  const keyOf = ({ before: old, after: now, differences }: Change) => JSON.stringify([old, now, differences.map(({ what }) => what)]);
  return grouped(moved, ({ ends }) => keyOf(ends), ({ one }) => one.count)
    .map(([, own, count]) => ({ ...own[0].ends, count, requests: own.map(({ one }) => one) }));
}

type Change = Pick<Move, 'before' | 'after' | 'differences'>;

const PARTS: readonly (readonly [Difference['what'], (end: TraceEnd) => string | undefined])[] = [
  ['path', ({ path }) => path], ['host', ({ authority }) => authority], ['body', ({ body }) => body],
];

function changeOf(before: readonly TraceEnd[], after: readonly TraceEnd[]): Change | undefined {
  const text = { before: describeEnds(before), after: describeEnds(after) };
  if (inOrder(before) !== inOrder(after)) {
    return { ...text, differences: [] };
  }
  const differences = PARTS.filter(([, read]) => inOrder(before, read) !== inOrder(after, read))
    .map(([what, read]) => ({ what, before: valuesOf(before, read), after: valuesOf(after, read) }));
  return differences.length === 0 ? undefined : { ...text, differences };
}

/** Ends with a part of each, for a comparison: the order in which a route has its destinations says nothing. */
function inOrder(ends: readonly TraceEnd[], read: (end: TraceEnd) => string | undefined = () => undefined): string {
  const named = ends.map(end => ({ ...end, to: JSON.stringify([end.to, ...(end.candidates ?? [end]).map(read)]) }));
  return describeEnds(named.sort((one, other) => compareText(one.to, other.to)));
}

/** The values of a part, with their shares if there are several. */
function valuesOf(ends: readonly TraceEnd[], read: (end: TraceEnd) => string | undefined): string {
  return describeEnds(ends.map(end => ({ ...end, to: [...new Set((end.candidates ?? [end]).map(own => read(own) ?? ''))].join(' or ') })));
}

/** The requests whose response in the log does not fit their end, those that are certain first. */
export function contradictionsOf(destinations: readonly Destination[]): Contradiction[] {
  const found = destinations.flatMap(({ to, ends, requests }) => requests.flatMap(one => one.observed.flatMap(observed => {
    const fits = ends.map(end => (isProofUnlogged(end, one) ? 'fits' : fit(end, observed)));
    return fits.includes('fits') ? [] : [{ one, to, status: observed.status, isPossible: fits.includes('possible'), count: observed.count }];
  })));
  return grouped(found, ({ to, status, isPossible }) => JSON.stringify([to, status, isPossible]), ({ count }) => count)
    .map(([, own, count]) => ({ status: own[0].status, to: own[0].to, isPossible: own[0].isPossible, count, requests: mostFirst(own.map(({ one }) => one)) }))
    .sort((a, b) => Number(a.isPossible) - Number(b.isPossible));
}

/** Who got a response from behind the load balancer had a certificate or a token that the log does not have. */
function isProofUnlogged({ reason }: TraceEnd, { request: { headers } }: CountedRequest): boolean {
  return reason === 'no-client-certificate' || (reason === 'invalid-token' && headers.authorization === undefined);
}

/** A workload responds as it likes, but it must have got the request. An end that is not certain fits everything. */
function fit({ kind, status }: TraceEnd, observed: Observed): 'fits' | 'possible' | 'contradicts' {
  switch (kind) {
    case 'workload':
      return observed.isForwarded === false ? 'contradicts' : observed.status >= 400 ? 'possible' : 'fits';
    case 'undefined':
    case 'unsupported':
      return 'fits';
    default:
      return observed.status === status ? 'fits' : 'contradicts';
  }
}

/** Groups with their counts, the highest first. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string, countOf: (item: T) => number): [key: string, items: T[], count: number][] {
  return [...groupBy(items, keyOf)].map(([key, own]): [string, T[], number] => [key, own, own.reduce((sum, item) => sum + countOf(item), 0)])
    .sort((a, b) => b[2] - a[2]);
}

function mostFirst(requests: readonly CountedRequest[]): CountedRequest[] {
  return [...requests].sort((a, b) => b.count - a.count);
}
