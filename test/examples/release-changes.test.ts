// The README of canary-blue-green says which line to change for a release, and shows what changes in the output: both are tried here.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DIST } from '../committed-manifests';
import { programOf, runChanged } from '../running-example';

const EXAMPLE = 'canary-blue-green';
const FILE = '20-edge.k8s.yaml';
const README = readFileSync(join(programOf(EXAMPLE), '..', 'README.md'), 'utf8');
const SHOWN = [...README.matchAll(/`([^`\n]+)` → `([^`\n]+)`[^`]*\n```diff\n([^`]+)```/g)].map(([, from, to, diff]) => ({ from, to, diff }));

test('the README shows how to promote, to roll back and to switch', () => {
  expect(SHOWN.map(({ from, to }) => [from, to])).toEqual([
    ['percent: 10', 'percent: 50'],
    ['percent: 10', 'percent: 0'],
    ["active: 'v1'", "active: 'v3'"],
  ]);
});

test.each(SHOWN)('$from → $to changes what the README shows', ({ from, to, diff }) => {
  const { directory } = runChanged(EXAMPLE, from, to);
  const done = spawnSync('diff', ['-U', '4', join(DIST, EXAMPLE, FILE), join(directory, 'dist', EXAMPLE, FILE)], { encoding: 'utf8' });
  rmSync(directory, { recursive: true });
  if (done.error) {
    console.warn(`not compared: diff does not run here (${done.error.message})`);
    return;
  }
  // The first two lines name the files, and line numbers say nothing to a reader.
  expect(done.stdout.split('\n').slice(2).join('\n').replaceAll(/^@@ .* @@$/gm, '@@ … @@')).toBe(diff);
});
