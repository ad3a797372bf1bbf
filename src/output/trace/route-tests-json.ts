// Route tests as JSON for programs. docs/json.md describes the format.
import { formatRequest } from '../../trace/client-request';
import type { Coverage } from '../../trace/route-tests/coverage';
import type { NotApplied } from '../../trace/not-applied';
import { type RouteTestResult, decidingHop } from '../../trace/route-tests/route-test';
import { coverageObject } from './coverage-json';
import { documentOf } from '../json';
import { endOf, hopOf, notAppliedOf } from './trace-json';

/** The report on a file of route tests as one JSON object, with a line break at the end. */
export function renderRouteTestsJson(file: string, results: readonly RouteTestResult[], coverage: Coverage, notApplied: readonly NotApplied[] = []): string {
  return documentOf({ file, tests: results.map(testOf), coverage: coverageObject(coverage), notApplied: notApplied.map(notAppliedOf) });
}

function testOf({ test: { line, request, expected }, trace, got, isMet }: RouteTestResult): object {
  const deciding = isMet ? undefined : decidingHop(trace);
  return {
    line, request: formatRequest(request), ...(expected === undefined ? {} : { expected: expected.text }), got, isMet, ends: trace.ends.map(endOf),
    ...(deciding === undefined ? {} : { decidedBy: hopOf(deciding) }),
  };
}
