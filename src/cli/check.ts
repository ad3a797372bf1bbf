// `alb-istio check`: reports what is wrong with manifests.
import { isFailing } from '../checks/finding';
import { checkUnits } from '../checks/runner';
import { renderJson } from '../output/json';
import { renderText } from '../output/text';
import type { Command } from './command';
import { requirePaths } from './paths';
import { readFilledUnits } from './units';

/** Exits with 1 when there is an error that is not acknowledged. */
export const CHECK: Command = {
  formats: ['text', 'json'],
  options: ['ignore', 'config'],
  run(paths, { format, ...options }, terminal) {
    requirePaths('check', paths);
    const report = checkUnits(readFilledUnits(paths, options, terminal).map(({ manifests, settings }) => ({ ...settings, input: manifests })));
    terminal.out(format === 'json' ? renderJson(report) : renderText(report, { color: terminal.color }));
    return report.findings.some(isFailing) ? 1 : 0;
  },
};
