// `alb-istio check`: reports what is wrong with manifests.
import { UsageError } from '../base/errors';
import type { Check } from '../checks/check';
import { type Report, type Severity, isFailingAt } from '../checks/finding';
import { checkUnits } from '../checks/runner';
import { renderJson } from '../output/json';
import { renderGithub } from '../output/report/github';
import { renderGitlab } from '../output/report/gitlab';
import { renderJunit } from '../output/report/junit';
import { renderSarif } from '../output/report/sarif';
import { renderText } from '../output/text';
import { todayInUtc } from '../settings/today';
import { selectedChecks } from './check-selection';
import type { Command, Options, Terminal } from './command';
import { applyFixes } from './fixes';
import { packageVersion } from './package-version';
import { requirePaths } from './paths';
import { pathFromRepository } from './repository-path';
import { readFilledUnits } from './units';

/** Fixes whose faults only show behind those of others. */
const FIX_ROUNDS = 5;

/** Exits with 1 when there is an error that is not acknowledged, or, with `--fail-on warning`, any such finding. */
export const CHECK: Command = {
  formats: ['text', 'json', 'sarif', 'junit', 'github', 'gitlab'],
  options: ['ignore', 'config', 'fail-on', 'only', 'skip', 'complete', 'fix'],
  run(paths, options, terminal) {
    requirePaths('check', paths);
    const shelf = selectedChecks(options);
    const failOn = severityOf(options['fail-on'] ?? 'error');
    const today = todayInUtc();
    const checked = () => checkUnits(readFilledUnits(paths, options, terminal).map(({ manifests, settings, hasAllAcknowledged }) => ({
      ...settings, input: manifests, today, hasAllAcknowledged,
    })), shelf);
    let report = checked();
    // What was changed is checked again: one fix may show the next fault. Only people may read something before the report.
    const show = options.format === 'text' ? terminal.out : terminal.err;
    for (let round = 0; options.fix === true && round < FIX_ROUNDS && applyFixes(report.findings, show) > 0; round++) {
      report = checked();
    }
    terminal.out(rendered(report, options, shelf, failOn, terminal));
    return report.findings.some(isFailingAt(failOn)) ? 1 : 0;
  },
};

function severityOf(written: string): Severity {
  if (written !== 'error' && written !== 'warning') {
    throw new UsageError(`--fail-on must be error or warning; got "${written}"`);
  }
  return written;
}

function rendered(report: Report, { format }: Options, shelf: readonly Check[], failOn: Severity, { color }: Terminal): string {
  const path = pathFromRepository;
  switch (format) {
    case 'json': return renderJson(report);
    case 'sarif': return renderSarif(report, shelf, { version: packageVersion(), path });
    case 'junit': return renderJunit(report, { failOn, path });
    case 'github': return renderGithub(report, path);
    case 'gitlab': return renderGitlab(report, path);
    default: return renderText(report, { color });
  }
}
