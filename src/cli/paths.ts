// Reads the manifests of the paths that a user passes to a command. Only this folder of the reading wing touches the file system.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { UnreadableManifest, UsageError } from '../base/errors';
import { reasonToPassOver } from '../manifests/foreign-file';
import { KUSTOMIZATION_FILES, namesBesideResources } from '../manifests/kustomization';
import type { Manifest } from '../manifests/manifest';
import type { ManifestFile } from '../manifests/units';
import { readYaml } from '../manifests/yaml';
import { ConfigFiles, type FoundConfig } from '../settings/config-files';
import { readFile, reading, statOf } from '../settings/reading';
import type { Options, Terminal } from './command';

const MANIFEST = /\.(ya?ml|json)$/;

/** Standard input may be a socket, which cannot be opened by its path. */
const STANDARD_INPUT = ['-', '/dev/stdin'];

/** A file with the settings that apply to it. */
export interface ReadFile extends ManifestFile {
  readonly config: FoundConfig;
}

/** A folder with a kustomization file. */
interface Kustomized {
  readonly folder: string;
  /** The kustomization file. */
  readonly file: string;
  /** Files that it names and that are not manifests. */
  readonly others: ReadonlySet<string>;
}

/** @throws UsageError without a path */
export function requirePaths(command: string, paths: readonly string[]): void {
  if (paths.length === 0) {
    throw new UsageError(`${command} needs a PATH: a file, a folder, a pipe, or - for standard input`);
  }
}

/**
 * Reads files, folders with their subfolders, pipes and standard input (`-`). Each file is read once, even if several paths contain it. Skips files
 * that contain no Kubernetes object or that are ignored, and says so.
 *
 * @throws UsageError for a path that does not exist or cannot be read
 * @throws UnreadableManifest for a faulty manifest
 */
export function readManifestFiles(paths: readonly string[], options: Pick<Options, 'config' | 'ignore'>, terminal: Terminal): ReadFile[] {
  const files: ReadFile[] = [];
  const configs = new ConfigFiles(options);
  let hasForeign = false;
  const known = new Map<string, Kustomized | undefined>();
  const isIgnored = (place: string): boolean => {
    const isConfig = configs.isConfig(place);
    const reason = isConfig ? undefined : configs.reasonToIgnore(place);
    hasForeign ||= isConfig || reason !== undefined;
    if (reason !== undefined) {
      terminal.err(`alb-istio: skipped ${place}: ${reason}\n`);
    }
    return isConfig || reason !== undefined;
  };
  const found = paths.map(place => ({ place, files: filesIn(place, isIgnored) }));
  const filled = new Set<string>();
  for (const file of new Set(found.flatMap(own => own.files))) {
    const isStandardInput = file === STANDARD_INPUT[0];
    const folder = isStandardInput ? file : path.resolve(path.dirname(file));
    const kustomized = isStandardInput ? undefined : kustomizedAbove(folder, known);
    const reason = reasonToSkip(file, kustomized);
    const read = reason ?? manifestsOf(isStandardInput ? standardInput(terminal) : readFile(file), file);
    if (typeof read !== 'string') {
      files.push({ folder, kustomizedFolder: kustomized?.folder, manifests: read, config: configs.of(isStandardInput ? '' : folder) });
      if (read.length > 0) {
        filled.add(file);
      }
      continue;
    }
    hasForeign ||= reason === undefined;
    terminal.err(`alb-istio: skipped ${file}: ${read}\n`);
  }
  if (hasForeign && filled.size === 0) {
    throw new UsageError(`no manifests in ${paths.join(', ')}`);
  }
  // Where no path has any, the command says so.
  for (const { place } of filled.size === 0 ? [] : found.filter(own => isFolder(own.place) && !own.files.some(file => filled.has(file)))) {
    terminal.err(`alb-istio: no manifests in ${place}\n`);
  }
  return files;
}

/** Nothing at all comes from a command that failed, such as `helm template … | alb-istio plan -`. */
function standardInput(terminal: Terminal): string {
  const text = terminal.input();
  if (text.trim() === '') {
    throw new UsageError('standard input is empty: the command before the pipe may have failed');
  }
  return text;
}

/** The manifests of a file, or why it is skipped. */
function manifestsOf(text: string, file: string): Manifest[] | string {
  try {
    return readYaml(text, file);
  } catch (error) {
    const reason = error instanceof UnreadableManifest ? reasonToPassOver(text, file) : undefined;
    if (reason === undefined) {
      throw error;
    }
    return reason;
  }
}

/** Whether the path is a folder. */
export function isFolder(place: string): boolean {
  return !STANDARD_INPUT.includes(place) && statOf(place)?.isDirectory() === true;
}

function reasonToSkip(file: string, kustomized: Kustomized | undefined): string | undefined {
  return KUSTOMIZATION_FILES.includes(path.basename(file)) ? 'it is a kustomization file'
    : kustomized?.others.has(path.resolve(file)) ? `${path.basename(kustomized.file)} refers to it, but not as a resource`
      : undefined;
}

/** The nearest folder with a kustomization file, at the folder or above it. */
function kustomizedAbove(folder: string, known: Map<string, Kustomized | undefined>): Kustomized | undefined {
  if (!known.has(folder)) {
    const file = KUSTOMIZATION_FILES.map(name => path.join(folder, name)).find(own => fs.existsSync(own) && statOf(own)?.isFile());
    const parent = path.dirname(folder);
    known.set(folder, file !== undefined ? readKustomized(folder, file) : parent === folder ? undefined : kustomizedAbove(parent, known));
  }
  return known.get(folder);
}

function readKustomized(folder: string, file: string): Kustomized {
  return { folder, file, others: new Set(namesBesideResources(readFile(file), file).map(name => path.resolve(folder, name))) };
}

/**
 * The files of a path, those in a folder in lexical order. A file or pipe that is passed explicitly is read whatever its name. In folders,
 * pipes and devices are left out, because nothing may ever write to them, and symbolic links to folders are not followed.
 */
function filesIn(place: string, isIgnored: (place: string) => boolean): string[] {
  if (STANDARD_INPUT.includes(place)) {
    return [STANDARD_INPUT[0]];
  }
  const stat = statOf(place);
  if (stat === undefined) {
    throw new UsageError(`${place} does not exist`);
  }
  if (!stat.isDirectory() && !stat.isFile() && !stat.isFIFO()) {
    throw new UsageError(`${place} is neither a file nor a folder nor a pipe`);
  }
  return isIgnored(place) ? [] : stat.isDirectory() ? below(place, isIgnored) : [path.normalize(place)];
}

function below(folder: string, isIgnored: (place: string) => boolean): string[] {
  const entries = reading(folder, () => fs.readdirSync(folder, { withFileTypes: true }));
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap(entry => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      return isIgnored(place) ? [] : below(place, isIgnored);
    }
    return MANIFEST.test(entry.name) && statOf(place)?.isFile() && !isIgnored(place) ? [place] : [];
  });
}
