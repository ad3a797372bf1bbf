// Bundles the compiled entry points, each with the libraries of the reading wing inside, and writes NOTICE. Runs after jsii.
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { type BundledPackage, noticeOf } from './notice';

const ROOT = join(__dirname, '..');

const { peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { peerDependencies: Record<string, string> };

/** Peers belong to the user's program: it must see the same classes, as it must of what it prepares with inspect and hands to a matcher. */
const PEERS = Object.keys(peerDependencies);

/** The ways into the reading wing. They share one bundle: a copy for each would double the size of the package. */
const READING: Readonly<Record<string, string>> = {
  inspect: './src/inspect', cli: './src/cli', 'synth-errors': './src/chart/synth-errors', 'validation-report': './src/chart/validation-report',
};

/** Schemas, CEL, RE2 and fixes. As the reading wing, they are bundles of their own, loaded when needed: Node scans all of a bundle before it runs any of it. */
const LIBRARIES = ['./json-schema', './cel', './fix', 're2js'];
const EXTERNAL = [...PEERS, ...Object.keys(READING).map(name => `./${name}`), ...LIBRARIES];

const OPTIONS: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Node reads and scans all of a bundle at the first `require`. Lines stay short, because Node prints the one that throws.
  minify: true,
  lineLimit: 160,
  // Errors, prop types and jsii go by the names of classes, and stack traces by those of functions.
  keepNames: true,
  external: EXTERNAL,
  // A fork of re2js. Its only caller in the CEL library is `matches`, which src/api-server/crd/cel.ts replaces.
  alias: { '@bufbuild/re2': 're2js' },
  // NOTICE has the licenses, so the bundles need not repeat them.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** Files that must not end up in a bundle. */
const UNWANTED = /\/@bufbuild\/re2\/|\/testdata\//;

function main(): void {
  const entries = ['index', 'inspect', 'jest'];
  const files = new Set([
    ...bundle('index', './src/index.js'), ...bundle('jest', './src/jest.js'), ...bundleReading(),
    ...bundle('fix', './src/cli/fix.js', { external: PEERS }),
    ...bundle('json-schema', './src/api-server/crd/json-schema.js', { external: PEERS }),
    ...bundle('cel', './src/api-server/crd/cel.js', { external: [...PEERS, 're2js'] }), ...bundle('re2js', 're2js', { external: PEERS }),
  ]);
  const unwanted = [...files].filter(file => UNWANTED.test(file));
  if (unwanted.length > 0) {
    throw new Error(`not wanted in a bundle: ${unwanted.join(', ')}`);
  }
  entries.forEach(nameExports);
  removeUnreachableTypes(entries.map(entry => `src/${entry}.d.ts`));
  chmodSync(join(ROOT, 'lib', 'cli.js'), 0o755);
  writeFileSync(join(ROOT, 'NOTICE'), noticeOf(packagesOf(files)));
}

/**
 * Makes a bundle of a file. Starts from the JavaScript of jsii, not from the sources: jsii adds the names by which other languages find
 * the classes.
 *
 * @returns the files in the bundle
 */
function bundle(name: string, entry: string, options: BuildOptions = {}): string[] {
  return bundleText(name, `module.exports = require('${entry}');`, join(ROOT, 'lib'), options);
}

/** The reading wing is no part of the jsii assembly. From the sources, in one scope and with the names as they are, it starts a sixth faster. */
const FROM_SOURCES: BuildOptions = { external: [...PEERS, ...LIBRARIES], minify: false, minifyWhitespace: true, minifySyntax: true, keepNames: false };

/** Makes the bundle of the reading wing, and a file for each way into it, which runs only what that way needs. */
function bundleReading(): string[] {
  for (const name of Object.keys(READING)) {
    const shebang = name === 'cli' ? '#!/usr/bin/env node\n' : '';
    writeFileSync(join(ROOT, 'lib', `${name}.js`), `${shebang}module.exports = require('./reading')['${name}']();\n`);
  }
  const ways = Object.entries(READING).map(([name, file]) => `exports['${name}'] = () => require('${file}');`);
  return bundleText('reading', ways.join('\n'), ROOT, FROM_SOURCES);
}

function bundleText(name: string, contents: string, resolveDir: string, options: BuildOptions): string[] {
  const { metafile } = buildSync({ ...OPTIONS, stdin: { contents, resolveDir }, outfile: `lib/${name}.js`, ...options });
  const file = join(ROOT, 'lib', `${name}.js`);
  if (options.keepNames !== false) {
    nameClassesOnly(file);
  }
  requireBeside(file);
  requireAscii(file);
  const inputs = Object.values(metafile!.outputs).flatMap(output => Object.entries(output.inputs));
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
}

/** The RE2 engine is not a dependency of the package: its bundle is beside the others. */
function requireBeside(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('require("re2js")', 'require("./re2js")'));
}

/**
 * Node keeps a file with a single other character at two bytes for each, and takes longer to read it. esbuild escapes such characters everywhere but in
 * regular expressions.
 *
 * @throws Error that names the character
 */
function requireAscii(file: string): void {
  const [character] = /[\u0080-\uffff]/.exec(readFileSync(file, 'utf8')) ?? [];
  if (character !== undefined) {
    throw new Error(`${relative(ROOT, file)} contains the character ${character}: write it as an escape`);
  }
}

/** esbuild's helper that names a function. */
const NAME_HELPER = /(?<==\((\w+),(\w+)\)=>)(?=[\w$]+\(\1,"name",\{value:\2,configurable:!0\}\))/;

/**
 * esbuild names every function, and an arrow function each time it is made, which takes a tenth of the time of a plan or a synth. Only the
 * names of classes matter, and arrow functions have no prototype.
 *
 * @throws Error if esbuild writes its helper in another form
 */
function nameClassesOnly(file: string): void {
  const text = readFileSync(file, 'utf8');
  if (!NAME_HELPER.test(text)) {
    throw new Error(`${relative(ROOT, file)} has no function that names functions`);
  }
  writeFileSync(file, text.replace(NAME_HELPER, '$1.prototype===void 0?$1:'));
}

/**
 * Node learns the names that an ES module can import from the text of a CommonJS file, without running it. A bundle exports what a call
 * returns, so the names are added in a form that Node reads. Checks on the way that every class kept its name.
 */
function nameExports(entry: string): void {
  const file = join(ROOT, 'lib', `${entry}.js`);
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const exported = require(file) as Record<string, unknown>;
  const renamed = renamedClasses(exported);
  if (renamed.length > 0) {
    throw new Error(`esbuild renamed ${renamed.join(', ')} in ${relative(ROOT, file)}`);
  }
  const names = Object.keys(exported).map(name => `  ${name},\n`).join('');
  writeFileSync(file, `${readFileSync(file, 'utf8')}// Never runs: the names of the exports, for ES modules.\n0 && (module.exports = {\n${names}});\n`);
}

/** Removes the declarations that no entry point refers to: nobody can import them. */
function removeUnreachableTypes(entries: readonly string[]): void {
  const lib = join(ROOT, 'lib');
  const reached = new Set(entries);
  for (const file of reached) {
    const text = readFileSync(join(lib, file), 'utf8');
    for (const [, to] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)['"]/g)) {
      const target = join(dirname(file), to);
      reached.add(existsSync(join(lib, `${target}.d.ts`)) ? `${target}.d.ts` : join(target, 'index.d.ts'));
    }
  }
  readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.d.ts') && !reached.has(file)).forEach(file => rmSync(join(lib, file)));
}

/** Exported classes, in namespaces too, whose name differs from that of the export. */
function renamedClasses(exported: Record<string, unknown>): string[] {
  return Object.entries(exported).flatMap(([name, value]) => {
    if (typeof value === 'function') {
      return value.name === name ? [] : [`${name} (to ${value.name})`];
    }
    return isNamespace(value) ? renamedClasses(value) : [];
  });
}

function isNamespace(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.values(value).some(member => typeof member === 'function' && /^class\b/.test(String(member)));
}

/** The packages that some of the files belong to. */
function packagesOf(files: ReadonlySet<string>): BundledPackage[] {
  const foreign = [...files].filter(file => file.includes('node_modules/'));
  return [...new Set(foreign.map(folderOf))].map(folder => {
    const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
    const { name, version, license } = JSON.parse(read(`${folder}/package.json`));
    const text = readdirSync(join(ROOT, folder)).find(file => /^licen[cs]e/i.test(file));
    return { name, version, license, text: text && read(`${folder}/${text}`), sources: foreign.filter(file => folderOf(file) === folder).map(read) };
  });
}

function folderOf(file: string): string {
  return /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)![0];
}

main();
