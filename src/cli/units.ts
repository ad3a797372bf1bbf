// The units of the paths that a command reads, each with its settings.
import { dirname, relative } from 'node:path';
import { UsageError } from '../base/errors';
import type { Manifest } from '../manifests/manifest';
import { appliedTogether } from '../manifests/units';
import { type ConfigOptions, type FoundConfig, settingsOf } from '../settings/config-files';
import type { Options, Terminal } from './command';
import { type ReadFile, isFolder, readManifestFiles } from './paths';

/** What is applied together. */
export interface ReadUnit {
  /** The folder that names the unit, relative to the working directory. */
  readonly folder: string;
  readonly manifests: readonly Manifest[];
  readonly settings: FoundConfig;
  /** Whether everything beside and below the file with the settings was read. */
  readonly hasAllAcknowledged: boolean;
}

/** The options that settings are read with, and `--complete`, which adds to them. */
export type UnitOptions = ConfigOptions & Pick<Options, 'complete'>;

/** The settings of manifests that are applied together, with what the command line adds. */
export function settingsWith(files: Parameters<typeof settingsOf>[0], { complete }: Pick<Options, 'complete'>): FoundConfig {
  const settings = settingsOf(files);
  return complete === true ? { ...settings, complete } : settings;
}

/** The units with manifests. @throws UsageError for a path that cannot be read, and for paths without manifests */
export function readFilledUnits(paths: readonly string[], options: UnitOptions, terminal: Terminal): ReadUnit[] {
  const units = appliedTogether(readManifestFiles(paths, options, terminal)).filter(files => files.some(({ manifests }) => manifests.length > 0));
  if (units.length === 0) {
    throw new UsageError(`no manifests in ${paths.join(', ')}; only files named *.yaml, *.yml and *.json are read`);
  }
  return units.map(files => unitOf(files, paths, options));
}

function unitOf(files: readonly ReadFile[], paths: readonly string[], options: UnitOptions): ReadUnit {
  const [{ kustomizedFolder, folder }] = files;
  const settings = settingsWith(files, options);
  return {
    folder: relative('', kustomizedFolder ?? folder) || '.',
    manifests: files.flatMap(({ manifests }) => manifests),
    settings,
    hasAllAcknowledged: isAllRead(settings, paths, options),
  };
}

/** A file that `--config` names may be about other folders, too. */
function isAllRead({ file }: FoundConfig, paths: readonly string[], { config, ignore = [] }: ConfigOptions): boolean {
  return file !== undefined && config === undefined && ignore.length === 0
    && paths.some(path => isFolder(path) && !relative(path, dirname(file)).startsWith('..'));
}
