// Units: which files are applied together. Only objects of one unit are checked against each other.
import { groupBy } from '../base/multimap';
import { type Manifest, identityOf } from './manifest';

/** A file that was read, and where it is. */
export interface ManifestFile {
  /** The folder of the file. */
  readonly folder: string;
  /** The nearest folder, at the file's or above it, that has a kustomization file; absent when there is none. */
  readonly kustomizedFolder?: string;
  readonly manifests: readonly Manifest[];
}

/**
 * Splits files into units, in the order of the first file of each. All files below a folder with a kustomization file are one unit, down
 * to the next such folder. The other files are one unit too, unless two of their folders contain the same object, as `dist/staging` and
 * `dist/production` do: then each folder is a unit.
 */
export function appliedTogether<F extends ManifestFile>(files: readonly F[]): F[][] {
  const byKustomization = groupBy(files, file => file.kustomizedFolder);
  return [...byKustomization].flatMap(([folder, own]) => (folder === undefined ? asOneOrByFolder(own) : [own]));
}

function asOneOrByFolder<F extends ManifestFile>(files: F[]): F[][] {
  const byFolder = [...groupBy(files, ({ folder }) => folder).values()];
  const identities = byFolder.map(own => new Set(own.flatMap(({ manifests }) => manifests.map(identityOf))));
  const distinct = new Set(identities.flatMap(own => [...own]));
  const isRepeated = distinct.size < identities.reduce((sum, { size }) => sum + size, 0);
  return isRepeated ? byFolder : [files];
}
