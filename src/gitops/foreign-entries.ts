// What is in the folder of a GitOpsApp without being written by one. It is kept.
import { cpSync, existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { EdgeError } from '../base/errors';
import { KUSTOMIZATION, KUSTOMIZATION_FILES, filesInOwn } from '../manifests/kustomization';

/**
 * The files and folders that are in the folder, but are not listed in its Kustomization as manifests of ours.
 *
 * @param extension the extension of the files that the app writes
 * @throws EdgeError for a folder that a GitOpsApp did not write, or that kustomize would reject
 */
export function foreignEntries(folder: string, extension: string): string[] {
  const entries = existsSync(folder) ? readdirSync(folder) : [];
  if (entries.length === 0) {
    return [];
  }
  if (!entries.includes(KUSTOMIZATION)) {
    throw new EdgeError(`${folder} was not written by a GitOpsApp: it has no ${KUSTOMIZATION}. Use an empty folder, or delete this one`);
  }
  const second = entries.find(entry => entry !== KUSTOMIZATION && KUSTOMIZATION_FILES.includes(entry));
  if (second !== undefined) {
    throw new EdgeError(`${join(folder, second)} was not written by this app, and kustomize rejects a folder that contains both it and ${KUSTOMIZATION}. `
      + 'Delete it');
  }
  if (ownFiles(folder, extension) === undefined) {
    throw new EdgeError(`${join(folder, KUSTOMIZATION)} is not what a GitOpsApp writes, so the files that it lists may be written by hand. `
      + 'Use another folder, or undo the changes to this file');
  }
  return foreignIn(folder, extension);
}

/** The same for a folder that may have another Kustomization, in which case everything in it is foreign. */
export function foreignIn(folder: string, extension: string): string[] {
  const own = ownFiles(folder, extension);
  return readdirSync(folder).filter(entry => own === undefined || (entry !== KUSTOMIZATION && !own.has(entry)));
}

/** Whether a GitOpsApp wrote the folder. */
export function isGitOpsFolder(folder: string, extension: string): boolean {
  try {
    return ownFiles(folder, extension) !== undefined;
  } catch {
    return false; // not readable, or not YAML
  }
}

/** Names of files that a GitOpsApp wrote; `undefined` if none wrote the Kustomization. Others may have been added to its list by hand. */
function ownFiles(folder: string, extension: string): Set<string> | undefined {
  const file = join(folder, KUSTOMIZATION);
  // Reading a named pipe would wait for its writer.
  const listed = lstatSync(file, { throwIfNoEntry: false })?.isFile() ? filesInOwn(readFileSync(file, 'utf8'), file) : undefined;
  const own = listed?.filter(name => name.endsWith(extension));
  return own === undefined || own.length === 0 ? undefined
    : new Set(own.filter(name => lstatSync(join(folder, name), { throwIfNoEntry: false })?.isFile()));
}

/**
 * Copies entries of the folder into its new version.
 *
 * @throws EdgeError if the new version contains a file of the same name, or an entry is something that cannot be copied, such as a socket
 */
export function keepEntries(entries: readonly string[], folder: string, next: string): void {
  for (const entry of entries) {
    if (existsSync(join(next, entry))) {
      throw new EdgeError(`${join(folder, entry)} was not written by this app, but a chart has the same file name. Rename one of them`);
    }
    requireCopyable(join(folder, entry));
    cpSync(join(folder, entry), join(next, entry), { recursive: true, verbatimSymlinks: true });
  }
}

/** Names kept files that have Kubernetes objects: whether they are applied depends on the tool. */
export function reportStray(entries: readonly string[], folder: string): void {
  for (const file of entries.filter(name => /\.(ya?ml|json)$/.test(name)).map(name => join(folder, name))) {
    if (lstatSync(file, { throwIfNoEntry: false })?.isFile() && isObjects(readFileSync(file, 'utf8'))) {
      process.stderr.write(`${relative(process.cwd(), file)} was not written by this app. `
        + 'kubectl apply -f applies it, but kubectl apply -k, Flux and Argo CD do not: move it to a chart or out of the folder\n');
    }
  }
}

function isObjects(text: string): boolean {
  return ['apiVersion', 'kind'].every(field => new RegExp(`(^|[{,])\\s*"?${field}"?\\s*:`, 'm').test(text));
}

function requireCopyable(path: string): void {
  const entry = lstatSync(path);
  if (entry.isDirectory()) {
    readdirSync(path).forEach(name => requireCopyable(join(path, name)));
  } else if (!entry.isFile() && !entry.isSymbolicLink()) {
    throw new EdgeError(`${path} cannot be kept, because it is neither a file, a folder nor a symbolic link. Move it out of the folder`);
  }
}
