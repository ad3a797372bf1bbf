#!/usr/bin/env node
// The door to type: `alb-istio`. The only file of the reading wing that touches the file system and the terminal.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { EdgeError, UsageError } from './base/errors';
import { ACKNOWLEDGEMENT_PREFIX } from './checks/acknowledgement';
import type { Check } from './checks/check';
import { isFailing } from './checks/finding';
import { check } from './checks/runner';
import { SHELF } from './checks/shelf';
import { Manifest } from './model/manifest';
import { readYaml } from './model/yaml';
import { renderJson } from './output/json';
import { renderText } from './output/text';

/** The world as the command line sees it. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** All of standard input. */
  readonly input: () => string;
  /** Whether {@link Terminal.out} shows colours. */
  readonly colour: boolean;
}

const USAGE = `alb-istio: checks the manifests of an AWS ALB in front of an Istio gateway

  alb-istio check [--format text|json] PATH…    report what is wrong; a PATH is a file, a folder (recursive) or - for standard input
  alb-istio explain CHECK-ID                    say what a check looks for, why, and how to fix it
  alb-istio --help | --version

Exit code 0: no error found (warnings and acknowledged errors allowed). 1: errors found. 2: wrong usage or unreadable input.
`;

const COMMANDS: Readonly<Record<string, (words: readonly string[], format: string | undefined, terminal: Terminal) => number>> = {
  check: checkCommand,
  explain: explainCommand,
};

const FORMATS = ['text', 'json'];
const MANIFEST = /\.(ya?ml|json)$/;

/** Kustomize's own files look like manifests but are read by kustomize only. */
const KUSTOMIZATION = /^(kustomization\.ya?ml|Kustomization)$/;

/**
 * Runs the command line.
 *
 * @param words the arguments, without `node` and the script
 * @returns the exit code: 0 clean, 1 errors found, 2 wrong usage or unreadable input
 */
export function main(words: readonly string[], terminal: Terminal): number {
  try {
    const { values, positionals: [command, ...rest] } = parse(words);
    if (values.help || values.version) {
      terminal.out(values.help ? USAGE : `${version()}\n`);
      return 0;
    }
    const run = Object.hasOwn(COMMANDS, command ?? '') ? COMMANDS[command] : undefined;
    if (run === undefined) {
      throw new UsageError(`${command === undefined ? 'no command given' : `unknown command "${command}"`}; allowed: ${Object.keys(COMMANDS).join(', ')}`);
    }
    return run(rest, values.format, terminal);
  } catch (error) {
    if (error instanceof EdgeError) {
      terminal.err(`alb-istio: ${error.message}\n`);
      return 2;
    }
    throw error;
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { format: { type: 'string' }, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; allowed: --format, --help, --version`);
  }
}

function checkCommand(paths: readonly string[], format = 'text', terminal: Terminal): number {
  if (!FORMATS.includes(format)) {
    throw new UsageError(`unknown format "${format}"; allowed: ${FORMATS.join(', ')}`);
  }
  if (paths.length === 0) {
    throw new UsageError('check needs a PATH: a file, a folder, or - for standard input');
  }
  const report = check(readPaths(paths, terminal));
  terminal.out(format === 'json' ? renderJson(report) : renderText(report, { colour: terminal.colour }));
  return report.findings.some(isFailing) ? 1 : 0;
}

function explainCommand(ids: readonly string[], format: string | undefined, terminal: Terminal): number {
  const known = SHELF.map(one => one.id).join(', ');
  const found = SHELF.find(one => one.id === ids[0]);
  if (format !== undefined) {
    throw new UsageError('explain has no --format');
  }
  if (ids.length !== 1 || found === undefined) {
    throw new UsageError(`${ids.length === 1 ? `there is no check "${ids[0]}"` : 'explain needs one CHECK-ID'}; checks: ${known}`);
  }
  terminal.out(explain(found));
  return 0;
}

function explain({ id, severity, title, why, fix, related, last }: Check): string {
  return [
    `${id} (${severity})`,
    `${title}.`,
    `Why: ${why}`,
    `Fix: ${fix}`,
    ...related.length > 0 ? [`Elsewhere: ${related.join(', ')}`] : [],
    ...last ? [] : [`Accept it with the annotation ${ACKNOWLEDGEMENT_PREFIX}${id}: <reason>`],
    '',
  ].join('\n');
}

function readPaths(paths: readonly string[], terminal: Terminal): Manifest[] {
  const files = new Set(paths.flatMap(own => (own === '-' ? ['-'] : filesIn(own))));
  const manifests = [...files].flatMap(file => {
    if (KUSTOMIZATION.test(path.basename(file))) {
      terminal.err(`alb-istio: ${file}: passed over, it is kustomize's own file\n`);
      return [];
    }
    return readYaml(file === '-' ? terminal.input() : readFile(file), file);
  });
  if (manifests.length === 0) {
    throw new UsageError(`no manifests in ${paths.join(', ')}; read are files named *.yaml, *.yml and *.json`);
  }
  return manifests;
}

/** The files below a path in lexical order. A file that is named is read whatever its name; symbolic links to folders are not followed. */
function filesIn(place: string): string[] {
  const stat = fs.statSync(place, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new UsageError(`${place} does not exist`);
  }
  return stat.isDirectory() ? below(place) : [path.normalize(place)];
}

function below(folder: string): string[] {
  const entries = reading(folder, () => fs.readdirSync(folder, { withFileTypes: true }));
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap(entry => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      return below(place);
    }
    const named = MANIFEST.test(entry.name) && (entry.isFile() || fs.statSync(place, { throwIfNoEntry: false })?.isFile());
    return named ? [place] : [];
  });
}

function readFile(file: string): string {
  return reading(file, () => fs.readFileSync(file, 'utf8'));
}

function reading<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`cannot read ${place}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The compiled file lies one folder deeper below the package than the source. */
function version(): string {
  const file = ['../package.json', '../../package.json'].map(own => path.join(__dirname, own)).find(own => fs.existsSync(own))!;
  return (JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version;
}

if (require.main === module) {
  process.exitCode = main(process.argv.slice(2), {
    out: text => process.stdout.write(text),
    err: text => process.stderr.write(text),
    input: () => reading('standard input', () => fs.readFileSync(0, 'utf8')),
    colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
  });
}
