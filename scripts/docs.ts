// Writes the pages that the code knows better than a person: README blocks, API.md, docs/. `--check` only compares.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ALB_ANNOTATIONS, ALB_PREFIX } from '../src/base/alb-annotations';
import { readYaml } from '../src/model/yaml';
import { renderCheckDocs } from './checks';

const ROOT = join(__dirname, '..');
const USAGE = 'usage: npm run docs -- [--check] [--tests FILE]   FILE holds what `npm cit` printed, for the README';

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, tests: { type: 'string' } } });
  const pages = new Map([
    ...renderCheckDocs(),
    ['docs/alb-annotations.md', annotationPage()],
    ['API.md', apiPage()],
    ['README.md', readme(values.tests)],
  ]);
  const stale = [...pages].filter(([path, text]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), 'utf8') !== text);
  if (values.check) {
    stale.forEach(([path]) => console.error(`stale: ${path}; run npm run docs`));
    console.log(stale.length === 0 ? `${pages.size} pages are up to date` : `${stale.length} of ${pages.size} pages are stale`);
    return stale.length === 0 ? 0 : 1;
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    console.log(`wrote ${path}`);
  }
  console.log(`${pages.size - stale.length} of ${pages.size} pages were up to date`);
  return 0;
}

/** The table of ALB annotations, one row per prop. */
function annotationPage(): string {
  const rows = Object.entries(ALB_ANNOTATIONS).map(([prop, row]) =>
    `| \`${prop}\` | \`${row.key}\` | ${row.codec.syntax} | ${row.default} | ${row.on.join(', ')} | ${row.merge} | ${row.doc} |`);
  return `<!-- Generated from src/base/alb-annotations.ts. -->
# ALB annotations

Every key starts with \`${ALB_PREFIX}\`. Facts: AWS Load Balancer Controller 3.5.0. The props stand on \`Alb\`, or are derived from its
backend. *Merge* tells what happens among the members of an IngressGroup: one value for all (exclusive), all values together (merge), or
each member its own (none).

| setting | key | value | when absent | read from | merge | meaning |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

/** The API reference of the package without its two generated namespaces, which mirror the CRDs. */
function apiPage(): string {
  run('npm', ['run', '--silent', 'build']);
  return withFolder(folder => {
    run('npx', ['jsii-docgen', '--submodule', 'root', '--output', join(folder, 'API')]);
    return readFileSync(join(folder, 'API.md'), 'utf8');
  });
}

/** The README with its output blocks filled anew. */
function readme(testLog: string | undefined): string {
  const outputs: Record<string, () => string | undefined> = {
    synth: () => run('npm', ['run', '--silent', 'synth']),
    tests: () => testLog && testSummary(readFileSync(testLog, 'utf8')),
    smallest: smallestOutput,
  };
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  return text.replace(/(<!-- output: (\w+) -->\n)([\s\S]*?)(<!-- end -->)/g, (whole, start: string, name: string, _, end: string) => {
    const output = outputs[name]();
    return output === undefined ? whole : `${start}\`\`\`text\n${output.trimEnd()}\n\`\`\`\n${end}`;
  });
}

function testSummary(log: string): string {
  const counts = log.match(/^Tests:.*$|^Test Suites:.*$/gm);
  if (!counts) {
    throw new Error('the file named by --tests holds no summary of a test run');
  }
  return counts.join('\n');
}

/** Runs the README's programs, and lists the objects that the smallest writes. */
function smallestOutput(): string {
  synthesize(`${ROUTES_PRELUDE}${program('routes')}app.synth();\n`);
  return [...synthesize(program('smallest'))].map(([name, text]) => {
    const objects = readYaml(text, name).map(({ object }) => {
      const { namespace, name: own } = object.metadata as { namespace?: string; name: string };
      return `  ${object.kind} ${namespace ? `${namespace}/` : ''}${own}`;
    });
    return `${name}\n${objects.join('\n')}`;
  }).join('\n');
}

const ROUTES_PRELUDE = `
import { App, Duration } from 'cdk8s';
import { AlbIstioEdge, HeaderMatch, PathMatch, RetryOn, RouteTarget, Workload } from 'cdk8s-alb-istio';
const app = new App();
const shop = new Workload({ serviceName: 'shop', namespace: 'shop', port: 80, versions: ['v1', 'v2'] });
const edge = new AlbIstioEdge(app, '20-edge', { hosts: ['shop.example.com'], gateway: { credentialName: 'shop-tls' } });
`;

/** The first TypeScript block after a marker in the README. */
function program(name: string): string {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  return new RegExp(`<!-- program: ${name} -->\\n\`\`\`ts\\n([\\s\\S]*?)\`\`\``).exec(text)![1];
}

/** Type checks and runs a program as if it stood among the examples; returns its files, by name. */
function synthesize(source: string): Map<string, string> {
  return withFolder(folder => {
    const file = join(ROOT, 'examples', `readme-${process.pid}.ts`);
    try {
      writeFileSync(file, source);
      run('npx', ['tsc', '--incremental', 'false']);
      run('node', ['--import', 'tsx', file], { CDK8S_OUTDIR: folder });
    } finally {
      rmSync(file, { force: true });
    }
    return new Map(readdirSync(folder).sort().map(name => [name, readFileSync(join(folder, name), 'utf8')]));
  });
}

/** Runs a command in the repository and returns what it printed, errors first, as a terminal that shows both would. */
function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync('bash', ['-c', '"$0" "$@" 2>&1', command, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, npm_config_loglevel: 'error', ...env },
  });
}

function withFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'docs-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  process.exitCode = 2;
}
