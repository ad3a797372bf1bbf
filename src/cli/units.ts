// The units of the paths that a command reads, each with its settings.
import { relative } from 'node:path';
import { UsageError } from '../base/errors';
import type { Manifest } from '../manifests/manifest';
import { appliedTogether } from '../manifests/units';
import type { Options, Terminal } from './command';
import { type FoundConfig, settingsOf } from './config-files';
import { type ReadFile, readManifestFiles } from './paths';

/** What is applied together. */
export interface ReadUnit {
  /** The folder that names the unit, relative to the working directory. */
  readonly folder: string;
  readonly manifests: readonly Manifest[];
  readonly settings: FoundConfig;
}

/** The units of some paths. @throws UsageError for a path that cannot be read */
export function readUnits(paths: readonly string[], options: Pick<Options, 'config' | 'ignore'>, terminal: Terminal): ReadUnit[] {
  return appliedTogether(readManifestFiles(paths, options, terminal)).map(unitOf);
}

/** The units with manifests. @throws UsageError for a path that cannot be read, and for paths without manifests */
export function readFilledUnits(paths: readonly string[], options: Pick<Options, 'config' | 'ignore'>, terminal: Terminal): ReadUnit[] {
  const units = appliedTogether(readManifestFiles(paths, options, terminal)).filter(files => files.some(({ manifests }) => manifests.length > 0));
  if (units.length === 0) {
    throw new UsageError(`no manifests in ${paths.join(', ')}; only files named *.yaml, *.yml and *.json are read`);
  }
  return units.map(unitOf);
}

function unitOf(files: readonly ReadFile[]): ReadUnit {
  const [{ kustomizedFolder, folder }] = files;
  return { folder: relative('', kustomizedFolder ?? folder) || '.', manifests: files.flatMap(({ manifests }) => manifests), settings: settingsOf(files) };
}
