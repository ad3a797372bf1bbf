// The YAML of the examples as it is committed: what is applied in dist/, and in clusters/ the objects by which Flux and Argo CD apply it.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { loadAll } from 'js-yaml';
import type { Synthesized } from './synthesized';

/** The project. */
export const ROOT = join(__dirname, '..');

/** The folder of all committed manifests. */
export const DIST = join(ROOT, 'dist');

/** The folders that are applied as a whole, those with a Kustomization, as paths below dist/. */
export function appliedFolders(): string[] {
  return filesBelow('dist').filter(file => /(^|\/)Kustomization$/.test(file)).map(file => dirname(file));
}

/** The manifests of one applied folder, file after file. */
export function committedManifests(folder: string): Synthesized[] {
  return readdirSync(join(DIST, folder)).filter(file => file.endsWith('.k8s.yaml')).sort()
    .flatMap(file => loadAll(readFileSync(join(DIST, folder, file), 'utf8')) as Synthesized[]);
}

/** The files below a folder, as paths below it, sorted; none where there is no such folder. @param root what the folder is a path in */
export function filesBelow(folder: string, root = ROOT): string[] {
  const path = join(root, folder);
  return existsSync(path) ? readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile()).map(entry => relative(path, join(entry.parentPath, entry.name))).sort() : [];
}
