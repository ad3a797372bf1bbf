// Fills the README: its programs are run, and what they and the commands print stands below them.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readYaml } from '../src/model/yaml';
import { ROOT, run, withFolder } from './command';

/** The README with its output blocks filled anew. */
export function readme(testLog: string | undefined): string {
  const outputs: Record<string, () => string | undefined> = {
    synth: () => run('npm', ['run', '--silent', 'synth']),
    tests: () => testLog && testSummary(readFileSync(testLog, 'utf8')),
    smallest: () => listing(runPrograms()),
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

const PRELUDE = `
import { App, Duration } from 'cdk8s';
import {
  AlbIstioEdge, ClientCertificates, HeaderMatch, Listener, ListenerAction, LogDestination, PathMatch, RetryOn, RouteTarget, RulePath, Workload,
} from 'cdk8s-alb-istio';
const app = new App();
const shop = new Workload({ serviceName: 'shop', namespace: 'shop', port: 80, versions: ['v1', 'v2'] });
`;

const EDGE = "const edge = new AlbIstioEdge(app, '20-edge', { hosts: ['shop.example.com'], gateway: { credentialName: 'shop-tls' } });\n";

/** Type checks and runs the README's programs; returns the files that the smallest writes, by name. */
function runPrograms(): ReadonlyMap<string, string> {
  const sources = {
    smallest: program('smallest'),
    routes: `${PRELUDE}${EDGE}${program('routes')}app.synth();\n`,
    alb: `${PRELUDE}${program('alb')}edge.addRoute('Shop', { target: RouteTarget.workload(shop) });\napp.synth();\n`,
  };
  const folder = join(ROOT, 'examples', `readme-${process.pid}`);
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
      extends: '../../tsconfig.json', compilerOptions: { incremental: false, tsBuildInfoFile: null, noUnusedLocals: false }, include: ['*.ts'],
    }));
    Object.entries(sources).forEach(([name, source]) => writeFileSync(join(folder, `${name}.ts`), source));
    run('npx', ['tsc', '--project', folder]);
    const [smallest] = Object.keys(sources).map(name => withFolder(output => {
      run('node', ['--require', 'tsx/cjs', join(folder, `${name}.ts`)], { CDK8S_OUTDIR: output });
      return new Map(readdirSync(output).sort().map(file => [file, readFileSync(join(output, file), 'utf8')]));
    }));
    return smallest;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first TypeScript block after a marker in the README. */
function program(name: string): string {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  return new RegExp(`<!-- program: ${name} -->\\n\`\`\`ts\\n([\\s\\S]*?)\`\`\``).exec(text)![1];
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
