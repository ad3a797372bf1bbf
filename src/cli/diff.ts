// `alb-istio diff`: compares two sets of manifests.
import { relative, resolve, sep } from 'node:path';
import { UsageError } from '../base/errors';
import { type NamedUnit, differences } from '../diff/differences';
import { type ManifestFile, appliedTogether } from '../manifests/units';
import { renderDiffMarkdown } from '../output/diff-markdown';
import { renderDiffText } from '../output/diff-text';
import type { Command } from './command';
import { isFolder, readManifestFiles } from './paths';

/** Exits with 1 when the two sides differ, like diff(1). */
export const DIFF: Command = {
  formats: ['text', 'markdown'],
  options: [],
  run(paths, { format }, terminal) {
    if (paths.length !== 2) {
      throw new UsageError('diff needs two PATHs: OLD and NEW');
    }
    if (paths.every(path => path === '-')) {
      throw new UsageError('diff cannot read both OLD and NEW from standard input');
    }
    const sides = paths.map((path): Side => ({ root: isFolder(path) ? resolve(path) : undefined, files: readManifestFiles([path], terminal) }));
    const isByFolder = sides.some(({ files }) => appliedTogether(files.filter(file => file.kustomizedFolder === undefined)).length > 1);
    const [before, after] = sides.map(side => unitsOf(side, isByFolder));
    const changes = differences(before, after);
    terminal.out(format === 'markdown' ? renderDiffMarkdown(changes) : renderDiffText(changes));
    return changes.length > 0 ? 1 : 0;
  },
};

interface Side {
  /** The folder that is compared; absent for a single file. */
  readonly root?: string;
  readonly files: readonly ManifestFile[];
}

/** @param isByFolder whether folders without a kustomization file are units of their own, on both sides alike */
function unitsOf({ root, files }: Side, isByFolder: boolean): NamedUnit[] {
  return files.map(({ folder, kustomizedFolder, manifests }) => (
    { name: pathBelow(root, kustomizedFolder ?? (isByFolder ? folder : undefined)), manifests }));
}

/** The path of a folder below the root; empty for the root itself and for folders that are not below it. */
function pathBelow(root: string | undefined, folder: string | undefined): string {
  const path = root === undefined || folder === undefined ? '' : relative(root, folder).split(sep).join('/');
  return path.startsWith('../') || path === '..' ? '' : path;
}
