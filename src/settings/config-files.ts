// Finds alb-istio.yaml for manifests in files, and decides which files are passed over.
import * as path from 'node:path';
import { UsageError } from '../base/errors';
import { CONFIG_FILE, type Config, NO_CONFIG, readConfig } from './config';
import { globMatcher } from './glob';
import { readFile, statOf } from './reading';

/** How a caller finds settings, and what it passes over. */
export interface ConfigOptions {
  /** A file with settings, in place of those beside the manifests. */
  readonly config?: string;
  /** Globs of files to pass over, relative to the working directory. */
  readonly ignore?: readonly string[];
}

/** A file with settings, or that there is none. */
export interface FoundConfig extends Config {
  readonly file?: string;
}

interface IgnoreRule {
  /** As a user wrote it, with where. */
  readonly written: string;
  /** The folder that the glob is relative to. */
  readonly folder: string;
  readonly matches: (path: string) => boolean;
}

interface Known {
  readonly config: FoundConfig;
  readonly rules: readonly IgnoreRule[];
}

const NONE: Known = { config: NO_CONFIG, rules: [] };

/** The settings of the folders that a command reads. */
export class ConfigFiles {
  private readonly fixed: Known | undefined;
  private readonly byFolder = new Map<string, Known>();
  private readonly rules: readonly IgnoreRule[];

  /** @throws UsageError for a glob or a file that cannot be read */
  public constructor({ config, ignore = [] }: ConfigOptions = {}) {
    this.fixed = config === undefined ? undefined : read(config);
    this.rules = ignore.map(glob => ruleOf(glob, '', `--ignore ${glob}`));
  }

  /** The settings of a folder: those of `--config`, else those of the nearest file, in the folder or above it. */
  public of(folder: string): FoundConfig {
    return this.knownAt(path.resolve(folder)).config;
  }

  /** Whether a file has settings rather than manifests. */
  public isConfig(place: string): boolean {
    return path.basename(place) === CONFIG_FILE || path.resolve(place) === this.fixed?.config.file;
  }

  /** Why a file or folder is passed over, as the predicate of a sentence about it. */
  public reasonToIgnore(place: string): string | undefined {
    const absolute = path.resolve(place);
    const found = [...this.rules, ...this.knownAt(path.dirname(absolute)).rules].find(({ folder, matches }) => {
      const relative = path.relative(folder, absolute).split(path.sep).join('/');
      return relative !== '' && matches(relative);
    });
    return found && `${found.written} matches it`;
  }

  private knownAt(folder: string): Known {
    const known = this.fixed ?? this.byFolder.get(folder) ?? this.search(folder);
    this.byFolder.set(folder, known);
    return known;
  }

  private search(folder: string): Known {
    const file = path.join(folder, CONFIG_FILE);
    const parent = path.dirname(folder);
    return statOf(file)?.isFile() ? read(file) : parent === folder ? NONE : this.knownAt(parent);
  }
}

/**
 * The settings of files that are applied together.
 *
 * @throws UsageError if several files with settings apply, because objects of one cluster have one set of settings
 */
export function settingsOf(files: readonly { readonly config: FoundConfig }[]): FoundConfig {
  const [first = NONE.config, second] = [...new Set(files.map(({ config }) => config))];
  if (second !== undefined) {
    const names = [first, second].map(({ file }) => (file === undefined ? `no ${CONFIG_FILE}` : path.relative('', file)));
    throw new UsageError(`manifests that are applied together have different settings: ${names.join(' and ')}; choose one with --config FILE`);
  }
  return first;
}

function read(written: string): Known {
  const file = path.resolve(written);
  const shown = path.relative('', file) || written;
  const config = readConfig(readFile(written), shown);
  return { config: { ...config, file }, rules: config.ignore.map(glob => ruleOf(glob, path.dirname(file), `ignore ${glob} in ${shown}`)) };
}

function ruleOf(glob: string, folder: string, written: string): IgnoreRule {
  return { written, folder: path.resolve(folder), matches: globMatcher(glob) };
}
