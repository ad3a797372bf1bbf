// dist/ is the snapshot of the examples: what they write now is what is committed, and kustomize reads it as it stands.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { loadAll } from 'js-yaml';
import { appliedFolders, committedManifests, DIST, filesBelow, ROOT } from '../committed-manifests';
import { EXAMPLES, runExample } from '../running-example';
import type { Synthesized } from '../synthesized';

test('every example has a folder in dist/, and nothing else is there', () => {
  const folders = (of: string) => readdirSync(join(__dirname, '..', '..', of), { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name);
  expect({ examples: folders('examples').sort(), dist: folders('dist').sort() }).toEqual({ examples: [...EXAMPLES], dist: [...EXAMPLES] });
});

test.each(EXAMPLES)('what %s writes is what is committed', example => {
  const { apps, directory } = runExample(example);
  const written = contents(directory, filesBelow('.', directory));
  rmSync(directory, { recursive: true });
  const folders = ['dist', 'clusters', 'install'].map(kind => `${kind}/${example}`);
  const committed = contents(ROOT, folders.flatMap(folder => filesBelow(folder).map(file => join(folder, file))));
  const stale = [...new Set([...Object.keys(written), ...Object.keys(committed)])].filter(file => written[file] !== committed[file]);
  expect({ stale, todo: stale.length > 0 ? 'run npm run synth and commit what it writes' : '' }).toEqual({ stale: [], todo: '' });
  const inDist = Object.keys(written).filter(file => file.startsWith('dist/'));
  expect(apps.flatMap(app => app.files.map(file => join(relative(directory, app.folder), file))).sort()).toEqual(inDist);
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

function contents(root: string, files: readonly string[]): Record<string, string> {
  return Object.fromEntries(files.map(file => [file, readFileSync(join(root, file), 'utf8')]));
}

function sorted(documents: Synthesized[]): Synthesized[] {
  const key = ({ apiVersion, kind, metadata }: Synthesized) => [apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' ');
  return [...documents].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
