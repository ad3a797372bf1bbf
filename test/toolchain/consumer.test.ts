// The packed tarball, installed beside its peers into an empty project, does what the README says, whichever way a project is set up.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { loadAll } from 'js-yaml';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const ROOT = join(__dirname, '..', '..');
const { version, devDependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const NOT_COPIED = ['node_modules', '.git', 'lib', 'dist', 'coverage', '.cdk8s.out'];
/** The newest that runs on Node 20. */
const VITEST = '4.1.12';
const PEERS = Object.keys(peerDependencies).map(name => `${name}@${devDependencies[name]}`);

/** Left in `lib` by a build before the source was deleted. */
const OUTPUT_OF_DELETED_SOURCE = 'lib/src/deleted.d.ts';

const MEGABYTE = 1e6;
const MAX_TARBALL = 1.5 * MEGABYTE;
const MAX_INSTALLED = 8 * MEGABYTE;

/** The settings of a project that `cdk8s init typescript-app` makes, and the TypeScript that it brings. */
const CDK8S_CLI = dirname(require.resolve('cdk8s-cli/package.json'));
const CDK8S_INIT = JSON.parse(readFileSync(join(CDK8S_CLI, 'templates', 'typescript-app', 'tsconfig.json'), 'utf8')).compilerOptions;
const CDK8S_TSC = join(dirname(require.resolve('typescript/package.json', { paths: [CDK8S_CLI] })), 'bin', 'tsc');
const TSC = require.resolve('typescript/bin/tsc');
const PNPM = join(dirname(require.resolve('pnpm')), 'bin', 'pnpm.cjs');

jest.setTimeout(300_000);

let scratch: string;
let tarball: string;
let project: string;
let packed: string[];

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'consumer-test-'));
  tarball = pack();
  project = makeProject('project');
  npm(project, 'install', '--prefer-offline', '--no-audit', '--no-fund', tarball, ...PEERS);
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('the program of the README, run as CommonJS, writes what the sources write', () => {
  node('main.cjs');
  expect(manifestsIn(join(project, 'dist'))).toEqual(manifestsOfSources());
});

test('so it does where pnpm installs', () => {
  const folder = makeProject('pnpm');
  run(folder, process.execPath, PNPM, 'add', '--prefer-offline', '--ignore-scripts', tarball, ...PEERS);
  run(folder, process.execPath, 'main.cjs');
  expect(manifestsIn(join(folder, 'dist'))).toEqual(manifestsOfSources());
});

test.each([
  ['nodenext, where exports of package.json decide', TSC, { strict: true, target: 'es2022', module: 'nodenext', types: [] }],
  ['the settings and the TypeScript of cdk8s init', CDK8S_TSC, CDK8S_INIT],
])('it compiles under %s, and so does a program that uses inspect', (name, tsc, compilerOptions) => {
  writeFileSync(join(project, 'main.ts'), programOfReadme());
  writeFileSync(join(project, 'inspect.ts'), 'import { check, InvalidProps, type Report } from "cdk8s-alb-istio/inspect";\n'
    + 'export const report: Report = check([]);\nexport const { prop }: InvalidProps = InvalidProps.missing("a");\n');
  const tsconfig = { compilerOptions: { ...compilerOptions, skipLibCheck: false, noEmit: true }, files: ['main.ts', 'inspect.ts'] };
  writeFileSync(join(project, `${name}.json`), JSON.stringify(tsconfig));
  expect(node(tsc, '--project', `${name}.json`)).toBe('');
});

test('ES modules import by name, from the main entry, its namespaces and inspect', () => {
  writeFileSync(join(project, 'main.mjs'), 'import { AlbIstioEdge, istio } from "cdk8s-alb-istio";\nimport { check } from "cdk8s-alb-istio/inspect";\n'
    + 'console.log(AlbIstioEdge.name, istio.Gateway.name, check([]).findings);\n');
  expect(node('main.mjs')).toBe('AlbIstioEdge Gateway []\n');
});

test('an error of the main entry is an instance of the error classes of inspect', () => {
  const program = `const { Workload } = require('cdk8s-alb-istio');
    const { EdgeError, InvalidProps, UsageError } = require('cdk8s-alb-istio/inspect');
    try { new Workload({}) } catch (error) { console.log(error.name, [EdgeError, InvalidProps, UsageError].map(type => error instanceof type).join()) }`;
  expect(node('--eval', program)).toBe('InvalidProps true,true,false\n');
});

test('inspect finds what is wrong, by the schemas of the CRDs too', () => {
  const program = `const { check, readYaml, validateManifest } = require('cdk8s-alb-istio/inspect');
    const gateway = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'a' }, spec: { selectors: {} } };
    console.log(check(readYaml('apiVersion: v1\\nkind: Service\\nmetadata: { name: a }\\nspec: { ports: [{ port: 80 }] }')).findings.length, validateManifest(gateway).map(({ pointer }) => pointer));`;
  expect(node('--eval', program)).toBe("0 [ '/spec/selectors' ]\n");
});

describe('the matchers', () => {
  const IMPORT = 'cdk8s-alb-istio/jest';
  const TESTS = `test('an edge', () => {
    const app = new App();
    const bookinfo = new Bookinfo(app, 'bookinfo');
    const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789';
    const edge = new AlbIstioEdge(app, 'edge', { hosts: ['a.example.com'], alb: { certificateArns: [certificate] }, gateway: { credentialName: 'tls' } });
    edge.addRoute('All', { paths: [PathMatch.prefix('/')], target: RouteTarget.workload(bookinfo.productpage) });
    for (const input of [app, prepareTrace(app)]) {
      expect(input).toRoute('GET https://a.example.com/', 'productpage.bookinfo:9080');
      expect(input).not.toRoute('GET https://b.example.com/', 'productpage.bookinfo:9080');
      expect(input).toHaveNoFindings();
      expect(input).toMatchPlan('HTTPS 443, …\\n  1 host a.example.com, path /* → …');
    }
    expect(() => expect(app).toRoute('GET https://b.example.com/', '200')).toThrow('404 no rule');
  });\n`;
  const NAMES = 'const { App } = require("cdk8s");\nconst { AlbIstioEdge, Bookinfo, PathMatch, RouteTarget } = require("cdk8s-alb-istio");\n'
    + 'const { prepareTrace } = require("cdk8s-alb-istio/inspect");\n';
  const MODULE = 'import { App } from "cdk8s";\nimport { AlbIstioEdge, Bookinfo, PathMatch, RouteTarget } from "cdk8s-alb-istio";\nimport { prepareTrace } from "cdk8s-alb-istio/inspect";\n';
  let folder: string;

  beforeAll(() => {
    folder = makeProject('matchers');
    const runners = [`jest@${devDependencies.jest}`, `@types/jest@${devDependencies['@types/jest']}`, `vitest@${VITEST}`];
    npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', tarball, ...PEERS, ...runners);
  });

  test.each([
    ['by an import', {}, `require('${IMPORT}');`],
    ['by setupFilesAfterEnv', { setupFilesAfterEnv: [IMPORT] }, ''],
    ['by expect.extend, without global variables', { injectGlobals: false }, `const { expect, test } = require('@jest/globals');\nexpect.extend(require('${IMPORT}').matchers);`],
  ])('run in Jest: %s', (_, config, head) => {
    writeFileSync(join(folder, 'edge.jest.cjs'), `${head}\n${NAMES}${TESTS}`);
    writeFileSync(join(folder, 'jest.config.json'), JSON.stringify({ ...config, testMatch: ['**/*.jest.cjs'] }));
    run(folder, process.execPath, join('node_modules', 'jest', 'bin', 'jest.js'), '--config', 'jest.config.json');
  });

  test.each([
    ['by an import, with global variables', ['--globals'], `import '${IMPORT}';`],
    ['by expect.extend', [], `import { expect, test } from 'vitest';\nimport { matchers } from '${IMPORT}';\nexpect.extend(matchers);`],
  ])('run in Vitest: %s', (_, options, head) => {
    writeFileSync(join(folder, 'edge.test.mjs'), `${head}\n${MODULE}${TESTS}`);
    run(folder, process.execPath, join('node_modules', 'vitest', 'vitest.mjs'), 'run', ...options);
  });

  test.each([
    ['@types/jest', `import '${IMPORT}';`, { types: ['jest'], skipLibCheck: false }],
    ['@jest/globals', `import { expect, test } from '@jest/globals';\nimport '${IMPORT}';`, { types: ['node'], skipLibCheck: false }],
    ['Vitest', `import { expect, test } from 'vitest';\nimport '${IMPORT}';`, { types: [], skipLibCheck: true }],
  ])('are typed for %s', (_, head, compilerOptions) => {
    writeFileSync(join(folder, 'typed.ts'), `${head}\n${MODULE}${TESTS}// @ts-expect-error a number is no request\nexpect(1).toRoute(1, '404');\n`);
    const options = { strict: true, target: 'es2022', module: 'nodenext', noEmit: true, ...compilerOptions };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['typed.ts'] }));
    expect(run(folder, process.execPath, TSC, '--project', '.')).toBe('');
  });
});

test('files that are not part of the API cannot be imported', () => {
  expect(() => node('--eval', 'require("cdk8s-alb-istio/lib/src/base/errors")')).toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

test('the command alb-istio prints its version and checks files', () => {
  const command = join('node_modules', '.bin', 'alb-istio');
  expect(run(project, command, '--version')).toBe(`${version}\n`);
  expect(run(project, command, 'check', '--format', 'json', 'dist')).toContain('"findings": []');
});

describe('without cdk8s, as the action, the hook and the container install it', () => {
  const FLAGS = ['--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--offline'];
  let folder: string;

  beforeAll(() => {
    folder = join(scratch, 'without-cdk8s');
    npm(scratch, 'install', '--prefix', folder, ...FLAGS, tarball);
    cpSync(join(ROOT, 'dist', 'bookinfo'), join(folder, 'dist'), { recursive: true });
  });

  test('nothing else is installed', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter(name => !name.startsWith('.'))).toEqual(['cdk8s-alb-istio']);
  });

  test.each([
    [['check', 'dist'], '0 errors'], [['check', '--format', 'sarif', 'dist'], '"version": "2.1.0"'], [['explain'], 'unknown-subset'], [['plan', 'dist'], 'Application Load Balancer'],
    [['mesh', 'dist'], 'istio-ingress'], [['trace', 'GET https://bookinfo.example.com/productpage', 'dist'], 'productpage'], [['diagram', 'dist'], 'flowchart'],
    [['diff', '--format', 'markdown', 'dist', 'dist'], ''],
  ])('alb-istio %j', (args, part) => {
    expect(run(folder, join('node_modules', '.bin', 'alb-istio'), ...args)).toContain(part);
  });

  test('npx and a global installation have the command', () => {
    expect(run(folder, 'npx', '--yes', ...FLAGS.slice(0, 1), '--offline', `--package=${tarball}`, '--', 'alb-istio', '--version')).toBe(`${version}\n`);
    const prefix = join(scratch, 'global');
    npm(scratch, 'install', '--global', '--prefix', prefix, ...FLAGS, tarball);
    expect(run(scratch, join(prefix, 'bin', 'alb-istio'), '--version')).toBe(`${version}\n`);
  });
});

test('the tarball holds the bundles, their types and the documents of the package, and nothing else', () => {
  const bundles = /^lib\/(index|reading|inspect|jest|cli|synth-errors|validation-report|fix|json-schema|cel|re2js)\.js$/;
  const others = /^(\.jsii|CHANGELOG\.md|LICENSE|NOTICE|README\.md|package\.json|examples\/fleet\/[^/]+\.(sh|yml)|lib\/(src|imports)\/.+\.d\.ts)$/;
  expect(packed.filter(file => !bundles.test(file) && !others.test(file))).toEqual([]);
  const fleet = ['gate.sh', 'pull-request.yml'].map(name => `examples/fleet/${name}`);
  expect(packed).toEqual(expect.arrayContaining(['.jsii', 'CHANGELOG.md', 'LICENSE', 'NOTICE', 'README.md', ...fleet, 'lib/src/index.d.ts']));
});

test('the tarball holds no output of sources that were deleted after an earlier build', () => {
  expect(packed).not.toContain(OUTPUT_OF_DELETED_SOURCE);
});

test('the package is small, packed and installed', () => {
  const installed = join(project, 'node_modules', 'cdk8s-alb-istio');
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).map(name => statSync(join(installed, name))).filter(entry => entry.isFile());
  expect(statSync(tarball).size).toBeLessThan(MAX_TARBALL);
  expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(MAX_INSTALLED);
});

test('NOTICE is committed as the build generates it, and names every package inside the bundles', () => {
  const notice = readFileSync(join(project, 'node_modules', 'cdk8s-alb-istio', 'NOTICE'), 'utf8');
  expect(notice).toBe(readFileSync(join(ROOT, 'NOTICE'), 'utf8'));
  expect([...notice.matchAll(/^(\S+) [\d.]+\nLicense: (.+)$/gm)].map(([, name, license]) => `${name}: ${license}`)).toEqual([
    '@bufbuild/cel: Apache-2.0', '@bufbuild/cel-spec: Apache-2.0', '@bufbuild/protobuf: (Apache-2.0 AND BSD-3-Clause)', '@noble/hashes: MIT',
    'ajv: MIT', 'ajv-formats: MIT', 'diff: BSD-3-Clause',
    'fast-deep-equal: MIT', 'fast-uri: BSD-3-Clause', 'ipaddr.js: MIT', 'js-yaml: MIT', 'json-schema-traverse: MIT', 'picomatch: MIT',
    're2js: MIT', 'yaml: ISC',
  ]);
});

test('every kind of module resolution finds the code and its types', () => {
  expect(run(ROOT, process.execPath, join('scripts', 'lint-package.mjs'), tarball)).toBe('');
});

/** A folder with the program of the README, in which nothing is installed. */
function makeProject(name: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  writeFileSync(join(folder, 'main.cjs'), asCommonJs(programOfReadme()));
  return folder;
}

/** Packs a copy of the repository: building it here would get in the way of tests that run at the same time. */
function pack(): string {
  const copy = join(scratch, 'copy');
  cpSync(ROOT, copy, { recursive: true, filter: path => !NOT_COPIED.includes(relative(ROOT, path)) && !path.endsWith('.tgz') });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
  mkdirSync(join(copy, 'lib', 'src'), { recursive: true });
  writeFileSync(join(copy, OUTPUT_OF_DELETED_SOURCE), '');
  npm(copy, 'pack', '--pack-destination', scratch);
  const made = readdirSync(scratch).find(name => name.endsWith('.tgz'))!;
  packed = run(scratch, 'tar', 'tzf', made).trim().split('\n').map(file => file.replace(/^package\//, '')).sort();
  return join(scratch, made);
}

function programOfReadme(): string {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const block = /<!-- program: smallest -->.*?```ts\n(.*?)```/s.exec(readme);
  if (!block) {
    throw new Error('README.md has no ```ts block after <!-- program: smallest -->');
  }
  return block[1];
}

function asCommonJs(program: string): string {
  return transpileModule(program, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } }).outputText;
}

/** Runs the program in this process, where the name of the package stands for its sources. */
function manifestsOfSources(): Record<string, unknown[]> {
  const before = process.env.CDK8S_OUTDIR;
  const outdir = join(scratch, 'sources');
  process.env.CDK8S_OUTDIR = outdir;
  try {
    new Function('require', 'exports', asCommonJs(programOfReadme()))(require, {});
  } finally {
    if (before === undefined) {
      delete process.env.CDK8S_OUTDIR;
    } else {
      process.env.CDK8S_OUTDIR = before;
    }
  }
  return manifestsIn(outdir);
}

function manifestsIn(folder: string): Record<string, unknown[]> {
  const files = readdirSync(folder).sort();
  expect(files).not.toEqual([]);
  return Object.fromEntries(files.map(file => [file, loadAll(readFileSync(join(folder, file), 'utf8'))]));
}

function node(...args: string[]): string {
  return run(project, process.execPath, ...args);
}

function npm(folder: string, ...args: string[]): void {
  run(folder, 'npm', ...args);
}

/** A failure carries what the command printed. */
function run(folder: string, command: string, ...args: string[]): string {
  // `npm test` tells its children which package they work for; these work for another one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_(package|lifecycle|config_local_prefix)|INIT_CWD|CDK8S_|NODE_OPTIONS)/.test(name)));
  try {
    return execFileSync(command, args, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 28 });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${basename(command)} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
