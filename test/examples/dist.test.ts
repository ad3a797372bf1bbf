// dist/ is the snapshot of the examples: what they write now is what is committed, and kustomize reads it as it stands.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { committedManifests, DIST } from '../committed-manifests';
import { EXAMPLES, runExample } from '../running-example';
import type { Synthesized } from '../synthesized';

test('every example has a folder in dist/, and nothing else is there', () => {
  const folders = (of: string) => readdirSync(join(__dirname, '..', '..', of), { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name);
  expect([folders('examples').sort(), folders('dist').sort()]).toEqual([[...EXAMPLES], [...EXAMPLES]]);
});

describe.each(EXAMPLES)('dist/%s', example => {
  it('is what the example writes', () => {
    const { folder, files } = runExample(example);
    const written = contents(folder);
    rmSync(join(folder, '..', '..'), { recursive: true });
    const committed = contents(join(DIST, example));
    const stale = [...new Set([...Object.keys(written), ...Object.keys(committed)])].filter(file => written[file] !== committed[file]);
    expect({ stale, todo: stale.length > 0 ? 'run npm run synth and commit dist/' : '' }).toEqual({ stale: [], todo: '' });
    expect(Object.keys(written)).toEqual(files);
  });

  it('is what kubectl kustomize makes of it, each document once', () => {
    const done = spawnSync('kubectl', ['kustomize', join(DIST, example)], { encoding: 'utf8' });
    if (done.error) {
      console.warn(`not read by kustomize: kubectl does not run here (${done.error.message})`);
      return;
    }
    expect(done.stderr).toBe('');
    expect(sorted(loadAll(done.stdout) as Synthesized[])).toEqual(sorted(committedManifests(example)));
  });

  it('has a namespace before the objects in it', () => {
    const documents = committedManifests(example);
    const made = documents.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
    for (const name of made) {
      const namespace = documents.findIndex(({ kind, metadata }) => kind === 'Namespace' && metadata.name === name);
      expect(documents.findIndex(({ metadata }) => metadata.namespace === name)).toBeGreaterThan(namespace);
    }
  });
});

function contents(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).sort().map(file => [file, readFileSync(join(folder, file), 'utf8')]));
}

function sorted(documents: Synthesized[]): Synthesized[] {
  const key = ({ apiVersion, kind, metadata }: Synthesized) => [apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' ');
  return [...documents].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
