// Which of the files of one synth go to one cluster together: only those can be checked against each other.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KUSTOMIZATION_FILES } from '../base/kustomization';
import { type Manifest, objectNameOf } from '../model/manifest';

/** A file and what is in it. */
export interface ManifestFile {
  readonly path: string;
  readonly manifests: readonly Manifest[];
}

/**
 * Splits files into sets. What stands below a folder with a kustomization is one set. The rest is one set too, unless two of its folders
 * hold the same object, as `dist/staging` and `dist/production` would: then each folder is one.
 */
export function appliedTogether(files: readonly ManifestFile[]): ManifestFile[][] {
  const byKustomization = groupBy(files, ({ path }) => kustomizedFolder(path));
  return [...byKustomization].flatMap(([folder, own]) => (folder === undefined ? asOneOrByFolder(own) : [own]));
}

function kustomizedFolder(path: string): string | undefined {
  const folder = dirname(path);
  if (KUSTOMIZATION_FILES.some(name => existsSync(join(folder, name)))) {
    return folder;
  }
  return folder === dirname(folder) ? undefined : kustomizedFolder(folder);
}

function asOneOrByFolder(files: ManifestFile[]): ManifestFile[][] {
  const byFolder = [...groupBy(files, ({ path }) => dirname(path)).values()];
  const sets = byFolder.map(own => new Set(own.flatMap(({ manifests }) => manifests.map(identityOf))));
  const objects = new Set(sets.flatMap(own => [...own]));
  const isRepeated = objects.size < sets.reduce((sum, { size }) => sum + size, 0);
  return isRepeated ? byFolder : [files];
}

function identityOf(manifest: Manifest): string {
  const { apiVersion, kind, namespace, name } = objectNameOf(manifest);
  return JSON.stringify([apiVersion, kind, namespace ?? '', name]);
}

function groupBy<K>(files: readonly ManifestFile[], keyOf: (file: ManifestFile) => K): Map<K, ManifestFile[]> {
  const groups = new Map<K, ManifestFile[]>();
  for (const file of files) {
    const key = keyOf(file);
    groups.set(key, [...groups.get(key) ?? [], file]);
  }
  return groups;
}
