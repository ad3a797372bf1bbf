// Applies the folders of dist and clusters to a real API server, with the CRDs of Istio and the AWS Load Balancer Controller, as
// `kubectl apply --server-side --validate=strict` does.
//
//   tsx conformance/apply.ts
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { load } from 'js-yaml';
import { folders } from '../test/conformance/dist-folders';
import { readRequests } from '../test/conformance/requests';
import { ORACLES, SOURCES } from './oracle';
import { writeRun } from './results';
import { Judge } from './versions';

const ROOT = join(__dirname, '..');
const KUBE = join(SOURCES, 'kube');
const ENVIRONMENT = { ...process.env, EDGE_ORACLES: ORACLES, KUBECONFIG: join(ORACLES, 'kube', 'run', 'kubeconfig') };

/** A YAML document as written, since the API server also refuses duplicate keys. */
interface Document {
  readonly text: string;
  readonly kind: string;
  readonly group: string;
  readonly namespace?: string;
}

interface Head {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly namespace?: string };
}

function kubectl(args: readonly string[], input = ''): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync('kubectl', args, { encoding: 'utf8', input, env: ENVIRONMENT });
}

function documentsOf(path: string): Document[] {
  const texts = readFileSync(path, 'utf8').split(/^---\s*$/m).filter(text => text.trim() !== '');
  return texts.map(text => {
    const { kind, apiVersion, metadata } = load(text) as Head;
    return { text, kind, group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '', namespace: metadata.namespace };
  });
}

/** The kinds that the API server has, as `KIND.GROUP`. */
function servedKinds(): ReadonlySet<string> {
  const lines = kubectl(['api-resources', '--no-headers']).stdout.split('\n').filter(Boolean).map(line => line.trim().split(/\s+/));
  return new Set(lines.map(words => {
    const [apiVersion, , kind] = words.slice(-3);
    return `${kind}.${apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''}`;
  }));
}

function joined(documents: readonly Document[]): string {
  return documents.map(({ text }) => text).join('\n---\n');
}

/** Applies documents and takes them back, except for namespaces, which nothing would finalize. */
function apply(documents: readonly Document[]): string[] {
  const namespaces = new Set(documents.flatMap(({ namespace }) => namespace ?? []));
  namespaces.forEach(namespace => kubectl(['create', 'namespace', namespace]));
  const { stderr, status } = kubectl(['apply', '--server-side', '--validate=strict', '--force-conflicts', '-f', '-'], joined(documents));
  kubectl(['delete', '--wait=false', '--ignore-not-found', '-f', '-'], joined(documents.filter(({ kind }) => kind !== 'Namespace')));
  const lines = stderr.split('\n').filter(line => line !== '' && !line.startsWith('Warning:'));
  return status === 0 ? [] : lines.length > 0 ? lines : [`kubectl ended with ${status}`];
}

/** What is applied together: each folder of dist with what its cluster has already, and each folder of clusters. */
function targets(): (readonly [name: string, documents: readonly Document[]])[] {
  const extras = new Map(readRequests().map(({ app, extra }) => [app, extra]));
  const yamls = (folder: string) => readdirSync(folder).filter(file => file.endsWith('.yaml')).map(file => join(folder, file));
  const clusters = readdirSync(join(ROOT, 'clusters'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.yaml')).map(dirname);
  return [
    ...folders().map(app => [`dist/${app}`, [...extras.get(app) === undefined ? [] : [extras.get(app)!], ...yamls(join(ROOT, 'dist', app))]] as const),
    ...[...new Set(clusters)].sort().map(folder => [`clusters/${folder}`, yamls(join(ROOT, 'clusters', folder))] as const),
  ].map(([name, paths]) => [name, paths.flatMap(documentsOf)] as const);
}

function main(): number {
  const began = Date.now();
  if (!existsSync(join(ORACLES, 'kube', 'kube-apiserver'))) {
    console.error(`apply: no ${relative(process.cwd(), join(ORACLES, 'kube', 'kube-apiserver'))}; run conformance/oracles/kube/setup.sh`);
    return 2;
  }
  if (spawnSync(join(KUBE, 'start.sh'), ['--fresh'], { stdio: 'inherit', env: ENVIRONMENT }).status !== 0) {
    return 2;
  }
  try {
    const served = servedKinds();
    const counts = { folders: 0, 'objects applied': 0, 'objects of unknown kinds': 0, errors: 0 };
    for (const [name, documents] of targets()) {
      const known = documents.filter(({ kind, group }) => served.has(`${kind}.${group}`));
      const errors = known.length > 0 ? apply(known) : [];
      errors.forEach(error => console.log(`error: ${name}: ${error}`));
      counts.folders++;
      counts['objects applied'] += known.length;
      counts['objects of unknown kinds'] += documents.length - known.length;
      counts.errors += errors.length;
    }
    console.log(`apply: ${Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(', ')}`);
    writeRun('apply', { judges: [Judge.API_SERVER], began, counts });
    return counts.errors > 0 ? 1 : 0;
  } finally {
    spawnSync(join(KUBE, 'stop.sh'), { stdio: 'inherit', env: ENVIRONMENT });
  }
}

process.exitCode = main();
