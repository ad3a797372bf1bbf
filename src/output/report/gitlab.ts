// Findings as a Code Quality report of GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
import type { Report, Severity } from '../../checks/finding';
import { showName } from '../object-text';
import { AS_PASSED, type PathInReport, placeOf } from './finding-place';
import { fingerprintsOf } from './fingerprint';

/** Severities of GitLab, of five the second and the fourth. */
const SEVERITY: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'minor' };

/**
 * The findings that are not acknowledged, as a list, with a line break at the end. GitLab needs a place: findings without a file are at line 1 of `-`.
 *
 * @param path paths must be relative to the root of the repository
 */
export function renderGitlab({ findings }: Report, path: PathInReport = AS_PASSED): string {
  const open = findings.filter(({ acknowledged }) => acknowledged === undefined);
  const fingerprints = fingerprintsOf(open, path);
  const issues = open.map((finding, index) => {
    const { id, severity, message, fix, object, pointer } = finding;
    const { file, line } = placeOf(finding, path) ?? { file: '-', line: 1 };
    return {
      description: `${showName(object)}${pointer && ` ${pointer}`}: ${message}. Fix: ${fix}`,
      check_name: id,
      fingerprint: fingerprints[index],
      severity: SEVERITY[severity],
      location: { path: file, lines: { begin: line } },
    };
  });
  return `${JSON.stringify(issues, null, 2)}\n`;
}
