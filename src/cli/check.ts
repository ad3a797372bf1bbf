// `alb-istio check`: reports what is wrong with manifests.
import { UsageError } from '../base/errors';
import { isFailing } from '../checks/finding';
import { checkUnits } from '../checks/runner';
import { appliedTogether } from '../manifests/units';
import { renderJson } from '../output/json';
import { renderText } from '../output/text';
import type { Command } from './command';
import { settingsOf } from './config-files';
import { readManifestFiles, requirePaths } from './paths';

/** Exits with 1 when there is an error that is not acknowledged. */
export const CHECK: Command = {
  formats: ['text', 'json'],
  options: ['ignore', 'config'],
  run(paths, { format, ...options }, terminal) {
    requirePaths('check', paths);
    const units = appliedTogether(readManifestFiles(paths, options, terminal)).map(files => ({ files, input: files.flatMap(({ manifests }) => manifests) }));
    const filled = units.filter(({ input }) => input.length > 0);
    if (filled.length === 0) {
      throw new UsageError(`no manifests in ${paths.join(', ')}; only files named *.yaml, *.yml and *.json are read`);
    }
    const report = checkUnits(filled.map(({ files, input }) => ({ ...settingsOf(files), input })));
    terminal.out(format === 'json' ? renderJson(report) : renderText(report, { color: terminal.color }));
    return report.findings.some(isFailing) ? 1 : 0;
  },
};
