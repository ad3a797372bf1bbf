// Route tests as text for people: what each miss expected and got, the hop that decided, and a summary.
import type { Coverage } from '../../trace/route-tests/coverage';
import type { NotApplied } from '../../trace/not-applied';
import { type RouteTestResult, decidingHop } from '../../trace/route-tests/route-test';
import { formatRequest } from '../../trace/client-request';
import { safe } from '../changed-value';
import { coverageLines } from './coverage-text';
import { hopLines, notAppliedLines } from './trace-text';

/** The report on a file of route tests. Ends with a line break. */
export function renderRouteTestsText(file: string, results: readonly RouteTestResult[], coverage: Coverage, notApplied: readonly NotApplied[] = []): string {
  const missed = results.filter(({ isMet }) => !isMet);
  const summary = [...coverageLines(coverage), summaryOf(results.length, missed.length)];
  const paragraphs = [notAppliedLines(notApplied), ...missed.map(result => missLines(file, result)), summary];
  return `${paragraphs.filter(({ length }) => length > 0).map(lines => lines.map(safe).join('\n')).join('\n\n')}\n`;
}

function missLines(file: string, { test: { line, request, expected }, trace, got }: RouteTestResult): string[] {
  const deciding = decidingHop(trace);
  const fixes = [...new Set(trace.ends.flatMap(({ kind, fix }) => (fix === undefined ? [] : [`${kind === 'unsupported' ? 'why' : 'fix'}: ${fix}`])))];
  return [
    `${file}:${line}: ${formatRequest(request)}`,
    `  expected  ${expected?.text ?? 'nothing: the line has no ->; --write records the end'}`,
    `  got       ${got}`,
    ...deciding === undefined ? [] : hopLines(deciding),
    ...fixes.map(fix => `  ${fix}`),
  ];
}

function summaryOf(total: number, missed: number): string {
  return missed === 0 ? `${countOf(total)} as expected` : `${missed} of ${countOf(total)} not as expected`;
}

function countOf(total: number): string {
  return `${total} request${total === 1 ? '' : 's'}`;
}
