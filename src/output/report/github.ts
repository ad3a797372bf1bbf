// Findings as workflow commands of GitHub Actions, which become annotations on the lines of a pull request.
import type { Finding, Report } from '../../checks/finding';
import { showName } from '../object-text';
import { renderCounts, renderUnjudged } from '../text';
import { AS_PASSED, type PathInReport, placeOf } from './finding-place';

/**
 * A command for each finding that is not acknowledged, a notice if something could not be judged, and a line with counts. GitHub shows 10 errors and 10
 * warnings of a step as annotations, and all of them in its log.
 *
 * @param path paths must be relative to the root of the repository
 */
export function renderGithub(report: Report, path: PathInReport = AS_PASSED): string {
  const open = report.findings.filter(({ acknowledged }) => acknowledged === undefined);
  const unjudged = renderUnjudged(report).trimEnd();
  const notices = unjudged === '' ? [] : [`::notice title=alb-istio::${escapeData(unjudged)}`];
  return [...open.map(finding => command(finding, path)), ...notices, renderCounts(report)].join('\n');
}

function command(finding: Finding, path: PathInReport): string {
  const { id, severity, message, fix, object, pointer } = finding;
  const place = placeOf(finding, path);
  const properties = { ...place, title: id };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',');
  return `::${severity} ${written}::${escapeData(`${showName(object)}${pointer && ` ${pointer}`}: ${message}\nFix: ${fix}`)}`;
}

/** Of a message (actions/toolkit 2.0 packages/core/src/command.ts escapeData). */
function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

/** Of a value before the message (actions/toolkit 2.0 packages/core/src/command.ts escapeProperty). */
function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
