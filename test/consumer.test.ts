// What a stranger gets from npm: the packed tarball, installed beside its peers into an empty project, does what the README says.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { loadAll } from 'js-yaml';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const ROOT = join(__dirname, '..');
const { version, devDependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const NOT_COPIED = ['node_modules', '.git', 'lib', 'dist', 'coverage', '.cdk8s.out'];

const COMPILER_OPTIONS = {
  strict: true,
  target: 'es2022',
  // Resolution as Node does it, so that `exports` of package.json decides.
  module: 'nodenext',
  moduleResolution: 'nodenext',
  skipLibCheck: false,
  types: [],
};

jest.setTimeout(120_000);

let scratch: string;
let project: string;
let packed: string[];

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'consumer-test-'));
  const tarball = pack();
  project = join(scratch, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  writeFileSync(join(project, 'main.ts'), programOfReadme());
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['main.ts'] }));
  const others = [...Object.keys(peerDependencies), 'typescript'].map(name => `${name}@${devDependencies[name]}`);
  npm(project, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--save-exact', tarball, ...others);
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('the program of the README compiles under tsc --strict and writes what the sources write', () => {
  node(join('node_modules', 'typescript', 'bin', 'tsc'));
  node('main.js');
  expect(manifestsIn(join(project, 'dist'))).toEqual(manifestsOfSources());
});

test('the subpath inspect exports check, and types for it', () => {
  expect(node('--print', 'typeof require("cdk8s-alb-istio/inspect").check')).toBe('function\n');
  writeFileSync(join(project, 'inspect.ts'), 'import { check, type Report } from "cdk8s-alb-istio/inspect";\nexport const report: Report = check([]);\n');
  writeFileSync(join(project, 'tsconfig.inspect.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['inspect.ts'] }));
  node(join('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--project', 'tsconfig.inspect.json');
});

test('ES modules import by name, from the main entry and its namespaces', () => {
  writeFileSync(join(project, 'main.mjs'), 'import { AlbIstioEdge, istio } from "cdk8s-alb-istio";\nimport { check } from "cdk8s-alb-istio/inspect";\n'
    + 'console.log(AlbIstioEdge.name, istio.Gateway.name, check([]).findings);\n');
  expect(node('main.mjs')).toBe('AlbIstioEdge Gateway []\n');
});

test('files that are no part of the API cannot be reached', () => {
  expect(() => node('--eval', 'require("cdk8s-alb-istio/lib/src/base/errors")')).toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

test('the command alb-istio tells its version', () => {
  expect(run(project, join('node_modules', '.bin', 'alb-istio'), '--version')).toBe(`${version}\n`);
});

test('the tarball holds the compiled package, its papers and what it bundles, and no sources', () => {
  const wanted = /^(\.jsii|API\.md|CHANGELOG\.md|LICENSE|README\.md|package\.json|examples\/fleet\/[^/]+\.(sh|yml)|lib\/(src|imports)\/.+(\.js|\.d\.ts)|node_modules\/.+)$/;
  expect(packed.filter(file => !wanted.test(file))).toEqual([]);
  expect(packed).toEqual(expect.arrayContaining(['.jsii', 'API.md', 'CHANGELOG.md', 'LICENSE', 'README.md', 'examples/fleet/gate.sh', 'examples/fleet/pull-request.yml', 'examples/fleet/rendered-diff.sh', 'lib/src/index.d.ts']));
  expect(packed).toContain('node_modules/js-yaml/package.json');
});

/** Packs a copy of the repository: building it here would get in the way of tests that run at the same time. */
function pack(): string {
  const copy = join(scratch, 'copy');
  cpSync(ROOT, copy, { recursive: true, filter: path => !NOT_COPIED.includes(relative(ROOT, path)) && !path.endsWith('.tgz') });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
  npm(copy, 'pack', '--pack-destination', scratch);
  const tarball = join(scratch, readdirSync(scratch).find(name => name.endsWith('.tgz'))!);
  packed = run(scratch, 'tar', 'tzf', basename(tarball)).trim().split('\n').map(file => file.replace(/^package\//, '')).sort();
  return tarball;
}

function programOfReadme(): string {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const block = /<!-- program: smallest -->.*?```ts\n(.*?)```/s.exec(readme);
  if (!block) {
    throw new Error('README.md has no ```ts block after <!-- program: smallest -->');
  }
  return block[1];
}

/** Runs the program in this process, where the name of the package stands for its sources. */
function manifestsOfSources(): Record<string, unknown[]> {
  const before = process.env.CDK8S_OUTDIR;
  const outdir = join(scratch, 'sources');
  process.env.CDK8S_OUTDIR = outdir;
  try {
    const { outputText } = transpileModule(programOfReadme(), { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
    new Function('require', 'exports', outputText)(require, {});
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
