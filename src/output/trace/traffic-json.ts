// Replayed traffic as JSON for programs. docs/json.md describes the format.
import type { NotApplied } from '../../trace/not-applied';
import type { Contradiction, Destination, Move } from '../../trace/traffic/replay';
import type { CountedRequest, Traffic } from '../../trace/traffic/traffic';
import type { Coverage } from '../../trace/route-tests/coverage';
import { coverageObject } from './coverage-json';
import { documentOf } from '../json';
import { endOf, notAppliedOf } from './trace-json';

/** Where the requests of a log end, as one JSON object with a line break at the end. */
export function renderTrafficJson(
  traffic: Traffic, destinations: readonly Destination[], contradictions: readonly Contradiction[], coverage: Coverage,
  notApplied: readonly NotApplied[] = [],
): string {
  return documentOf({
    ...countsOf(traffic),
    destinations: destinations.map(({ ends, requests, ...own }) => ({ ...own, ends: ends.map(endOf), requests: requests.map(requestOf) })),
    contradictions: contradictions.map(withRequests),
    coverage: coverageObject(coverage),
    notApplied: notApplied.map(notAppliedOf),
  });
}

/** Which requests of a log would end elsewhere, as one JSON object with a line break at the end. */
export function renderMovesJson(traffic: Traffic, moves: readonly Move[], notApplied: readonly NotApplied[] = []): string {
  return documentOf({ ...countsOf(traffic), moves: moves.map(withRequests), notApplied: notApplied.map(notAppliedOf) });
}

function countsOf({ count, requests, unreadable }: Traffic): object {
  return { count, different: requests.length, unreadable };
}

function withRequests<T extends { readonly requests: readonly CountedRequest[] }>({ requests, ...own }: T): object {
  return { ...own, requests: requests.map(requestOf) };
}

function requestOf({ line, count }: CountedRequest): object {
  return { request: line, count };
}
