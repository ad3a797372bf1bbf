// Route tests: requests with the ends that they should come to, and what the trace found.
import { describeEnds, meetsExpectation } from '../expectation';
import type { Hop } from '../hops/hop';
import type { Trace } from '../trace';
import type { RouteTest } from './request-file';

/** What became of one request. */
export interface RouteTestResult {
  readonly test: RouteTest;
  readonly trace: Trace;
  /** The ends, as an expectation writes them. */
  readonly got: string;
  readonly isMet: boolean;
}

/** Compares the ends of a trace with those that are expected. A test that expects nothing is not met. */
export function judge(test: RouteTest, trace: Trace): RouteTestResult {
  return { test, trace, got: describeEnds(trace.ends), isMet: test.expected !== undefined && meetsExpectation(trace.ends, test.expected) };
}

/**
 * The hop that explains the ends: of a request that is refused, the one that found nothing, or the one whose object refuses; else the route or the rule that
 * chose where it goes.
 */
export function decidingHop({ hops, ends }: Trace): Hop | undefined {
  const backwards = [...hops].reverse();
  const [last] = backwards;
  const refused = ends.find(({ kind }) => kind === 'refused');
  if (refused !== undefined) {
    const { by } = refused;
    const refusing = backwards.find(({ place }) => by !== undefined && place?.manifest === by.manifest && place.pointer === by.pointer);
    return last?.place === undefined ? last : refusing ?? last;
  }
  return backwards.find(({ at }) => at === 'route') ?? backwards.find(({ at }) => at === 'alb-rule') ?? last;
}
