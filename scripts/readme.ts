// Fills the README: its programs and those of the pages are run, and what they and the commands print stands below them.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as everything from '../src/index';
import { readYaml } from '../src/model/yaml';
import { ROOT, run, withFolder } from './command';

/** The README with its output blocks filled anew. */
export function readme(testLog: string | undefined): string {
  const outputs: Record<string, () => string | undefined> = {
    synth: () => shortened(run('npm', ['run', '--silent', 'synth'])),
    tests: () => testLog && testSummary(readFileSync(testLog, 'utf8')),
    smallest: () => listing(runPrograms()),
  };
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  return text.replace(/(<!-- output: (\w+) -->\n)([\s\S]*?)(<!-- end -->)/g, (whole, start: string, name: string, _, end: string) => {
    const output = outputs[name]();
    return output === undefined ? whole : `${start}\`\`\`text\n${output.trimEnd()}\n\`\`\`\n${end}`;
  });
}

/** The CLI lists every file once more, in a folder of its own: the first tells what the rest are. */
function shortened(output: string): string {
  const lines = output.trimEnd().split('\n');
  const first = lines.findIndex(line => line.startsWith('  - '));
  return [...lines.slice(0, first + 1), `  … ${lines.length - first - 1} more`].join('\n');
}

function testSummary(log: string): string {
  const counts = log.match(/^Tests:.*$|^Test Suites:.*$/gm);
  if (!counts) {
    throw new Error('the file named by --tests holds no summary of a test run');
  }
  return counts.join('\n');
}

/** What a program can use without declaring it. */
const PRELUDE = `
const app = new GitOpsApp({ folder: 'dist/production' });
const chart = new Chart(app, '30-team', { namespace: 'shop', disableResourceNameHashes: true });
const shop = new Workload({ serviceName: 'shop', namespace: 'shop', port: 80, versions: ['v1', 'v2'], serviceAccount: 'shop' });
const cart = new Workload({ serviceName: 'cart', namespace: 'shop', port: 80, versions: ['v1', 'v2'], serviceAccount: 'cart' });
`;

const EDGE = `
const edge = new AlbIstioEdge(app, '20-edge', {
  hosts: ['shop.example.com', 'cart.example.com', 'checkout.example.com', 'www.example.com'], gateway: { credentialName: 'shop-tls' },
});
`;

/** Runs a program in a folder, so that what it writes into `dist` and `clusters` is there and not here. */
const IN_FOLDER = 'const [, folder, program] = process.argv; process.chdir(folder); require(program);';

/** Type checks and runs all programs; returns the files that the smallest writes, by name. */
function runPrograms(): ReadonlyMap<string, string> {
  const pages = readdirSync(join(ROOT, 'docs')).filter(file => file.endsWith('.md')).flatMap(file => programs(join('docs', file)));
  const sources = Object.fromEntries([...programs('README.md'), ...pages]);
  const folder = join(ROOT, 'examples', `readme-${process.pid}`);
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
      extends: '../../tsconfig.json', compilerOptions: { incremental: false, tsBuildInfoFile: null, noUnusedLocals: false }, include: ['*.ts'],
    }));
    Object.entries(sources).forEach(([name, text]) => writeFileSync(join(folder, `${name}.ts`), wholeProgram(text)));
    run('npx', ['tsc', '--project', folder]);
    const written = Object.keys(sources).map(name => [name, withFolder(output => {
      run('node', ['--require', 'tsx/cjs', '--eval', IN_FOLDER, output, join(folder, `${name}.ts`)], name === 'smallest' ? { CDK8S_OUTDIR: '.' } : {});
      return filesIn(output);
    })] as const);
    return new Map(written).get('smallest')!;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files in a folder, without those of the folders in it, by name. */
function filesIn(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isFile()).map(({ name }) => name).sort();
  return new Map(files.map(file => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** The TypeScript blocks after a marker in a page, with their names. */
function programs(page: string): [name: string, text: string][] {
  const prefix = page === 'README.md' ? '' : `${basename(page, '.md')}-`;
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/<!-- program: ([\w-]+) -->\n```ts\n([\s\S]*?)```/g)].map(([, name, program]) => [prefix + name, program]);
}

/** A block with all that it takes for granted. */
function wholeProgram(text: string): string {
  if (text.startsWith('import ')) {
    return text;
  }
  const program = `${PRELUDE}${text.includes('new AlbIstioEdge(') ? '' : EDGE}${text}app.synth();\n`;
  return `import { ApiObject, Chart, Duration } from 'cdk8s';\nimport { ${publicNames(program).join(', ')} } from 'cdk8s-alb-istio';\n${program}`;
}

/** The public names that a program uses. A namespace is followed by a type: a variable of the same name is not. */
function publicNames(program: string): string[] {
  return Object.keys(everything).filter(name => new RegExp(/^[a-z]/.test(name) ? `\\b${name}\\.[A-Z]` : `\\b${name}\\b`).test(program));
}

/** The objects in files, a line each. */
function listing(files: ReadonlyMap<string, string>): string {
  return [...files].map(([name, text]) => {
    const objects = readYaml(text, name).map(({ object }) => {
      const { namespace, name: own } = object.metadata as { namespace?: string; name: string };
      return `  ${object.kind} ${namespace ? `${namespace}/` : ''}${own}`;
    });
    return `${name}\n${objects.join('\n')}`;
  }).join('\n');
}
