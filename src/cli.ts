#!/usr/bin/env node
// The door to type: `alb-istio`. The only file of the reading wing that touches the file system and the terminal.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { EdgeError, UsageError } from './base/errors';
import { KUSTOMIZATION_FILES } from './base/kustomization';
import { ACKNOWLEDGEMENT_PREFIX } from './checks/acknowledgement';
import type { Check } from './checks/check';
import { isFailing } from './checks/finding';
import { checkUnits } from './checks/runner';
import { SHELF } from './checks/shelf';
import { namesBesideResources } from './model/kustomization';
import { Manifest } from './model/manifest';
import { type ManifestFile, appliedTogether } from './model/units';
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

  alb-istio check [--format text|json] PATH…    report what is wrong; a PATH is a file, a folder (recursive), a pipe such as <(helm template …),
                                                which is read to its end, or - for standard input
  alb-istio explain CHECK-ID                    say what a check looks for, why, and how to fix it
  alb-istio --help | --version

What is applied together is checked together: a folder with a kustomization file is a unit of its own, with all manifests below it down to
the next such folder. Everything outside of such folders is one unit, unless two of its folders contain the same object, as staging and
production do: then each folder is a unit. An overlay and its base are two units, so faults between them are not seen; to check the result:
kustomize build OVERLAY | alb-istio check -

Exit code 0: no error found (warnings and acknowledged errors allowed). 1: errors found. 2: wrong usage or unreadable input.
`;

const COMMANDS: Readonly<Record<string, (words: readonly string[], format: string | undefined, terminal: Terminal) => number>> = {
  check: checkCommand,
  explain: explainCommand,
};

const FORMATS = ['text', 'json'];
const MANIFEST = /\.(ya?ml|json)$/;

/** Standard input may be a socket, which cannot be opened by its path. */
const STANDARD_INPUT = ['-', '/dev/stdin'];

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
    throw new UsageError('check needs a PATH: a file, a folder, a pipe, or - for standard input');
  }
  const report = checkUnits(readUnits(paths, terminal));
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

/** A folder with a kustomization file. */
interface Kustomized {
  readonly folder: string;
  /** The kustomization file. */
  readonly file: string;
  /** Files that it names and that are no manifests. */
  readonly others: ReadonlySet<string>;
}

/** The manifests of every unit that has some, in the order of their files. */
function readUnits(paths: readonly string[], terminal: Terminal): Manifest[][] {
  const files: ManifestFile[] = [];
  const known = new Map<string, Kustomized | undefined>();
  for (const file of new Set(paths.flatMap(filesIn))) {
    const isInput = file === STANDARD_INPUT[0];
    const folder = isInput ? file : path.resolve(path.dirname(file));
    const kustomized = isInput ? undefined : kustomizedAbove(folder, known);
    const reason = isInput ? undefined : reasonToPassOver(file, kustomized);
    if (reason === undefined) {
      files.push({ folder, kustomizedFolder: kustomized?.folder, manifests: readYaml(isInput ? terminal.input() : readFile(file), file) });
    } else {
      terminal.err(`alb-istio: ${file}: passed over, ${reason}\n`);
    }
  }
  const filled = appliedTogether(files).map(unit => unit.flatMap(({ manifests }) => manifests)).filter(manifests => manifests.length > 0);
  if (filled.length === 0) {
    throw new UsageError(`no manifests in ${paths.join(', ')}; read are files named *.yaml, *.yml and *.json`);
  }
  return filled;
}

function reasonToPassOver(file: string, kustomized: Kustomized | undefined): string | undefined {
  return KUSTOMIZATION_FILES.includes(path.basename(file)) ? 'it is kustomize\'s own file'
    : kustomized?.others.has(path.resolve(file)) ? `${path.basename(kustomized.file)} names it, and not as a resource`
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
 * The files of a PATH, those below a folder in lexical order. A file or pipe that is named is read whatever its name. Below folders pipes
 * and devices are left out, as nobody may be writing to them, and symbolic links to folders are not followed.
 */
function filesIn(place: string): string[] {
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
  return stat.isDirectory() ? below(place) : [path.normalize(place)];
}

function below(folder: string): string[] {
  const entries = reading(folder, () => fs.readdirSync(folder, { withFileTypes: true }));
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap(entry => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      return below(place);
    }
    return MANIFEST.test(entry.name) && statOf(place)?.isFile() ? [place] : [];
  });
}

function statOf(place: string): fs.Stats | undefined {
  return reading(place, () => fs.statSync(place, { throwIfNoEntry: false }));
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
