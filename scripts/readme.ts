// Fills the output blocks of README.md, CONTRIBUTING.md and pages of docs/: runs the programs in README.md and docs/, and the commands that the pages show.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import * as everything from '../src/index';
import { readYaml } from '../src/manifests/yaml';
import { ROOT, run, withFolder } from './command';

/** An output block: its language and text. Undefined leaves the block unchanged. */
type Output = readonly [language: string, text: string] | undefined;

/** The pages with output blocks. */
const PAGES = [
  'README.md', 'CONTRIBUTING.md',
  ...[
    'cors', 'egress', 'grpc', 'login', 'mesh', 'migrate', 'plan', 'rate-limits', 'route-tests', 'trace', 'troubleshooting', 'what-the-tutorials-get-wrong',
  ].map(name => `docs/${name}.md`),
];

/** YAML of articles, by the first word of the names of their blocks. */
const TUTORIALS = { nodeports: 'alb-to-node-ports', bookinfo: 'bookinfo-over-tls', echo: 'echoserver-split' } as const;

/** Requests whose ends a page shows, by the name of its block, and the program whose files they go through. */
const REQUESTS: Readonly<Record<string, readonly [program: string, ...requests: string[]]>> = {
  grpc_ends: [
    'grpc-host', 'POST https://grpc.example.com/shop.Cart/Get content-type=application/grpc', 'GET https://grpc.example.com/ http=1.1',
    'GET https://www.example.com/ http=1.1',
  ],
  exempt_ends: ['login-exempt', ...['/', '/healthz', '/health', '/public/logo.svg', '/public/../admin'].map(path => `GET https://www.example.com${path}`)],
};

/** The access log that pages replay. */
const LOG = 'examples/canary-blue-green/access.log';

/** What the page about migration has deployed, and the part of it that stays. */
const [DEPLOYED, STAYS] = ['docs/migration', 'docs/migration/deployed.yaml'];

/** The pages with fresh output blocks. @param testLog file with the output of `npm cit` */
export function filledPages(testLog: string | undefined): [path: string, text: string][] {
  const written = runPrograms();
  const filesOf = (name: string) => written.get(name)!;
  const smallest = filesOf('smallest');
  const migrated = (...args: readonly string[]): Output => ['text', commandIn(filesOf('migrate-take-over'), dist => [...args, STAYS, dist])];
  const outputs: Record<string, () => Output> = {
    synth: () => ['text', shortened(run('npm', ['run', '--silent', 'synth']))],
    tests: () => testLog === undefined ? undefined : ['text', testSummary(readFileSync(testLog, 'utf8'))],
    smallest: () => ['text', listing(smallest)],
    ingress: () => ['yaml', ingressOf(smallest)],
    undecided: () => ['text', endsOf(traceIn(smallest, 'GET https://shop.example.com/cart'))],
    migrate_plan: () => migrated('plan', '--against', DEPLOYED),
    migrate_log: () => migrated('test', '--from-access-log', `${DEPLOYED}/access.log`, '--against', DEPLOYED),
    migrate_test: () => migrated('test', `${DEPLOYED}/requests.txt`),
    plan: () => ['text', command('plan', 'dist/bookinfo')],
    mesh: () => ['text', command('mesh', 'dist/canary-blue-green')],
    trace: () => ['text', command('trace', 'GET https://reviews.example.com/reviews/0', 'dist/canary-blue-green')],
    refused: () => ['text', endsOf(command('trace', 'GET https://bookinfo.example.com/productpage', 'dist/zero-trust'))],
    no_rule: () => ['text', command('trace', 'GET https://shop.example.com/productpage', 'dist/bookinfo')],
    no_route: () => ['text', command('trace', 'GET https://bookinfo.example.com/products', 'dist/bookinfo')],
    bad_gateway: () => ['text', command('trace', 'GET https://www.example.com/', `docs/tutorials/${TUTORIALS.nodeports}.yaml`)],
    denied: () => ['text', command('trace', 'GET https://bookinfo.example.com/productpage', 'dist/zero-trust')],
    missed: () => ['text', command('test', 'examples/bookinfo/requests.txt', 'dist/canary-blue-green')],
    moved: () => ['text', command('test', '--from-access-log', LOG, '--against', 'dist/bookinfo', 'dist/canary-blue-green')],
    traffic: () => ['text', command('test', '--from-access-log', LOG, 'dist/bookinfo')],
    inside: () => ['text', endsOf(command('trace', 'GET http://reviews:9080/reviews/0 end-user=jason via=pod:bookinfo/productpage-v1', 'dist/canary-blue-green'))],
    ...taskOutputs(filesOf),
  };
  for (const [name, file] of Object.entries(TUTORIALS)) {
    const place = `docs/tutorials/${file}.yaml`;
    outputs[`${name}_yaml`] = () => ['yaml', readFileSync(join(ROOT, place), 'utf8')];
    outputs[`${name}_check`] = () => ['text', command('check', place)];
    outputs[`${name}_trace`] = () => ['text', command('trace', 'GET https://www.example.com/', place)];
  }
  for (const [name, [program, ...requests]] of Object.entries(REQUESTS)) {
    outputs[name] = () => ['text', requests.map(request => `${request}\n${endsOf(traceIn(written.get(program)!, request))}`).join('\n\n')];
  }
  return PAGES.map(path => [path, filled(readFileSync(join(ROOT, path), 'utf8'), outputs)]);
}

/** What pages about a task show of their programs. @param filesOf the files that a program writes */
function taskOutputs(filesOf: (program: string) => ReadonlyMap<string, string>): Record<string, () => Output> {
  const fromPod = (program: string, url: string) => (): Output => ['text', traceIn(filesOf(program), `GET ${url} via=pod:bookinfo/productpage-v1`)];
  const fromShop = (program: string, request: string) => traceIn(filesOf(program), `${request} origin=https://shop.example.com`);
  return {
    limits_yaml: () => ['yaml', objectsIn(filesOf('rate-limits-limits'), /name: login-per-client$/m)],
    limits_trace: () => ['text', hopsFrom('rate-limit', traceIn(filesOf('rate-limits-limits'), 'POST https://shop.example.com/login'))],
    cors_yaml: () => ['yaml', objectsIn(filesOf('cors-api'), /^kind: VirtualService$/m)],
    cors_preflight: () => ['text', hopsFrom('route', fromShop('cors-api', 'OPTIONS https://api.example.com/orders access-control-request-method=DELETE'))],
    cors_request: () => ['text', endsOf(fromShop('cors-api', 'GET https://api.example.com/orders'))],
    egress_yaml: () => ['yaml', objectsIn(filesOf('egress-hosts'), /^ {2}name: rates-example-com$|^kind: Sidecar$/m)],
    egress_declared: fromPod('egress-hosts', 'http://rates.example.com/eur'),
    egress_closed: fromPod('egress-hosts', 'http://other.example.com/'),
    egress_gateway: fromPod('egress-gateway', 'https://api.partner.example.com/'),
  };
}

/** The objects in the files of a program that have a line. */
function objectsIn(files: ReadonlyMap<string, string>, line: RegExp): string {
  return [...files.values()].flatMap(text => text.split(/^---\n/m)).filter(text => line.test(text)).join('---\n');
}

/** A trace, without the hops before the first at a station. */
function hopsFrom(station: string, trace: string): string {
  const [request] = trace.split('\n', 1);
  return `${request}\n\n  …\n${trace.slice(trace.indexOf(`\n  ${station} `) + 1)}`;
}

function filled(page: string, outputs: Record<string, () => Output>): string {
  return page.replace(/(<!-- output: (\w+) -->\n)([\s\S]*?)(<!-- end -->)/g, (whole, start: string, name: string, _, end: string) => {
    const output = outputs[name]();
    return output === undefined ? whole : `${start}\`\`\`${output[0]}\n${output[1].trimEnd()}\n\`\`\`\n${end}`;
  });
}

/** What `alb-istio` prints, with exit code 0 or 1. */
function command(...args: readonly string[]): string {
  return run('bash', ['-c', 'npx tsx src/cli.ts "$@" || test $? = 1', 'alb-istio', ...args]);
}

/** What `alb-istio` prints of the files of a program, which are in the folder `dist`. */
function commandIn(files: ReadonlyMap<string, string>, argsFor: (dist: string) => readonly string[]): string {
  return withFolder(folder => {
    const dist = join(folder, 'dist');
    mkdirSync(dist);
    files.forEach((text, name) => writeFileSync(join(dist, name), text));
    return command(...argsFor(dist)).replaceAll(`${folder}/`, '').replaceAll(`${relative(ROOT, folder)}/`, '');
  });
}

/** A trace through the files of a program. */
function traceIn(files: ReadonlyMap<string, string>, request: string): string {
  return commandIn(files, dist => ['trace', request, dist]);
}

/** The last paragraph of a trace. */
function endsOf(text: string): string {
  return text.trimEnd().split('\n\n').at(-1)!;
}

/** The first two and the last `wrote` lines of a synth. The CLI also lists the files in its own output folder, which are not shown. */
function shortened(output: string): string {
  const lines = output.trimEnd().split('\n').filter(line => !line.startsWith('  - '));
  return [...lines.slice(0, 3), `… ${lines.length - 4} more`, ...lines.slice(-1)].join('\n');
}

function testSummary(log: string): string {
  const counts = log.match(/^Tests:.*$|^Test Suites:.*$/gm);
  if (!counts) {
    throw new Error('the file named by --tests does not contain the summary of a test run');
  }
  // CI runs the tests of the toolchain after it, into the same file.
  return counts.slice(0, 2).join('\n');
}

/** The folder of a `GitOpsApp`. */
const PRODUCTION = 'production';

/** Declared for a program of docs/, which does not begin with its own imports. */
const APP = `const app = new GitOpsApp({ folder: 'dist/${PRODUCTION}' });\n`;

const WORKLOADS = `
const chart = new Chart(app, '30-team', { namespace: 'shop', disableResourceNameHashes: true });
const shop = new Workload({ serviceName: 'shop', namespace: 'shop', port: 80, versions: ['v1', 'v2'], serviceAccount: 'shop' });
const cart = new Workload({ serviceName: 'cart', namespace: 'shop', port: 80, versions: ['v1', 'v2'], serviceAccount: 'cart' });
`;

/** What the README says that a program has, by names that the program itself may import. */
const OF_README = `
const app = new cdk8s.App();
const chart = new cdk8s.Chart(app, '30-team', { namespace: 'shop', disableResourceNameHashes: true });
const shop = new own.Workload({ serviceName: 'shop', namespace: 'shop', port: 80, versions: ['v1', 'v2'], serviceAccount: 'shop' });
const cart = new own.Workload({ serviceName: 'cart', namespace: 'shop', port: 80, versions: ['v1', 'v2'], serviceAccount: 'cart' });
`;

const EDGE = `
const edge = new AlbIstioEdge(app, '20-edge', {
  hosts: ['shop.example.com', 'cart.example.com', 'checkout.example.com', 'www.example.com'], gateway: { credentialName: 'shop-tls' },
});
`;

/** Runs a program in another working directory, so that its `dist` and `clusters` do not end up in the repository. */
const IN_FOLDER = 'const [, folder, program] = process.argv; process.chdir(folder); require(program);';

/** Type checks and runs all programs. Returns the manifests that each writes, by the name of the program and of the file. */
function runPrograms(): ReadonlyMap<string, ReadonlyMap<string, string>> {
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
    return new Map(Object.keys(sources).map(name => [name, withFolder(output => {
      run('node', ['--require', 'tsx/cjs', '--eval', IN_FOLDER, output, join(folder, `${name}.ts`)]);
      const dist = join(output, 'dist');
      return manifestsIn(existsSync(join(dist, PRODUCTION)) ? join(dist, PRODUCTION) : dist);
    })]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The manifests in a folder, by file name. */
function manifestsIn(folder: string): ReadonlyMap<string, string> {
  const files = (existsSync(folder) ? readdirSync(folder) : []).filter(name => name.endsWith('.k8s.yaml')).sort();
  return new Map(files.map(file => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** The TypeScript blocks of a page that follow a `program` marker, with their names. */
export function programs(page: string): [name: string, text: string][] {
  const prefix = page === 'README.md' ? '' : `${basename(page, '.md')}-`;
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/<!-- program: ([\w-]+) -->\n```ts\n([\s\S]*?)```/g)].map(([, name, program]) => [prefix + name, program]);
}

/** A block with the declarations it relies on. A block of the README has its imports, and nothing is imported for it by another name than its own. */
export function wholeProgram(text: string): string {
  if (text.includes('app.synth();')) {
    return text;
  }
  if (text.startsWith('import ')) {
    const edge = text.includes('new AlbIstioEdge(') ? '' : EDGE.replace('new ', 'new own.');
    const before = text.includes('const app =') ? '' : `${OF_README}${edge}`;
    const after = /^(import .*\n)+/.exec(text)![0];
    return `import * as cdk8s from 'cdk8s';\nimport * as own from 'cdk8s-alb-istio';\n${after}${before}${text.slice(after.length)}app.synth();\n`;
  }
  const app = text.includes('const app =') ? '' : `${APP}${WORKLOADS}`;
  // The gateway of another app is not one of this app.
  const program = `${app}${/new AlbIstioEdge\(|EdgeGateway\.fromAttributes\(/.test(text) ? '' : EDGE}${text}app.synth();\n`;
  return `import { ApiObject, Chart, Duration } from 'cdk8s';\nimport { ${publicNames(program).join(', ')} } from 'cdk8s-alb-istio';\n${program}`;
}

/** The public names that a program uses. A submodule is followed by a type; a variable of the same name is not. */
function publicNames(program: string): string[] {
  return Object.keys(everything).filter(name => new RegExp(/^[a-z]/.test(name) ? `\\b${name}\\.[A-Z]` : `\\b${name}\\b`).test(program));
}

/** The beginning of the Ingress: its kind and annotations. */
function ingressOf(files: ReadonlyMap<string, string>): string {
  return /^kind: Ingress\nmetadata:\n {2}annotations:\n(?: {4}.*\n)+/m.exec([...files.values()].join(''))![0];
}

/** For each file the kinds of its objects, by namespace. */
function listing(files: ReadonlyMap<string, string>): string {
  return [...files].flatMap(([name, text]) => {
    const kinds = new Map<string, string[]>();
    for (const { object } of readYaml(text, name)) {
      const { namespace = '(cluster)' } = object.metadata as { namespace?: string };
      kinds.set(namespace, [...kinds.get(namespace) ?? [], object.kind as string]);
    }
    return [name, ...[...kinds].map(([namespace, own]) => `  ${namespace}: ${own.join(', ')}`)];
  }).join('\n');
}
