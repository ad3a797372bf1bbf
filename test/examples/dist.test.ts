// dist/ is the snapshot of the examples: what they write now is what is committed, and kustomize reads it as it stands.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { App } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { appliedFolders, committedManifests, DIST, filesBelow, ROOT } from '../committed-manifests';
import { EXAMPLES, runExample } from '../running-example';
import { apiObjects, type Synthesized } from '../synthesized';

const CONTRACT = join(__dirname, 'contract.txt');

test('every example has a folder in dist/, and nothing else is there', () => {
  const folders = (of: string) => readdirSync(join(__dirname, '..', '..', of), { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name);
  expect({ examples: folders('examples').sort(), dist: folders('dist').sort() }).toEqual({ examples: [...EXAMPLES], dist: [...EXAMPLES] });
});

/** What the program of an example wrote, and the lines of its objects in contract.txt. */
interface Written {
  readonly files: Readonly<Record<string, string>>;
  readonly named: readonly string[];
  readonly contract: readonly string[];
}

/** Each program runs once, for all tests of this file. */
const RUNS = new Map<string, Written>();
afterAll(() => RUNS.clear());

function written(example: string): Written {
  const known = RUNS.get(example);
  if (known) {
    return known;
  }
  const { apps, directory } = runExample(example);
  const run = {
    files: contents(directory, filesBelow('.', directory)),
    named: apps.flatMap(app => app.files.map(file => join(relative(directory, app.folder), file))),
    contract: apps.flatMap(app => [...linesOf(relative(join(directory, 'dist'), app.folder), app), ...linesOf(relative(directory, app.delivery.folder), app.delivery)]),
  };
  rmSync(directory, { recursive: true });
  RUNS.set(example, run);
  return run;
}

test.each(EXAMPLES)('what %s writes is what is committed', example => {
  const { files, named } = written(example);
  const folders = ['dist', 'clusters', 'install'].map(kind => `${kind}/${example}`);
  const committed = contents(ROOT, folders.flatMap(folder => filesBelow(folder).map(file => join(folder, file))));
  const stale = [...new Set([...Object.keys(files), ...Object.keys(committed)])].filter(file => files[file] !== committed[file]);
  expect({ stale, todo: stale.length > 0 ? 'run npm run synth and commit what it writes' : '' }).toEqual({ stale: [], todo: '' });
  expect([...named].sort()).toEqual(Object.keys(files).filter(file => file.startsWith('dist/')));
});

// They are a promise: a change of either replaces objects in somebody's cluster.
test('construct ids and object names of the examples are those of contract.txt (UPDATE_CONTRACT=1 rewrites it)', () => {
  const lines = EXAMPLES.flatMap(example => written(example).contract);
  if (process.env.UPDATE_CONTRACT === '1') {
    writeFileSync(CONTRACT, `${lines.join('\n')}\n`);
  }
  expect(lines).toEqual(readFileSync(CONTRACT, 'utf8').trimEnd().split('\n'));
});

describe.each(appliedFolders())('dist/%s', folder => {
  it('is what kubectl kustomize makes of it, each document once', () => {
    const done = spawnSync('kubectl', ['kustomize', join(DIST, folder)], { encoding: 'utf8' });
    if (done.error) {
      console.warn(`dist/${folder} is not read by kustomize: kubectl does not run here (${done.error.message})`);
      return;
    }
    expect(done.stderr).toBe('');
    expect(sorted(loadAll(done.stdout) as Synthesized[])).toEqual(sorted(committedManifests(folder)));
  });

  it('has a namespace before the objects in it', () => {
    const documents = committedManifests(folder);
    const made = documents.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
    for (const name of made) {
      const namespace = documents.findIndex(({ kind, metadata }) => kind === 'Namespace' && metadata.name === name);
      expect(documents.findIndex(({ metadata }) => metadata.namespace === name)).toBeGreaterThan(namespace);
    }
  });
});

function linesOf(folder: string, app: App): string[] {
  return apiObjects(app).map(({ node, kind, metadata, name }) => `${folder}: ${node.path} = ${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${name}`);
}

function contents(root: string, files: readonly string[]): Record<string, string> {
  return Object.fromEntries(files.map(file => [file, readFileSync(join(root, file), 'utf8')]));
}

function sorted(documents: Synthesized[]): Synthesized[] {
  const key = ({ apiVersion, kind, metadata }: Synthesized) => [apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' ');
  return [...documents].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
