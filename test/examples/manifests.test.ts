// Every object that is committed for an example is one that a cluster takes, and every file says the same to all readers of YAML.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { appliedFolders, filesBelow } from '../committed-manifests';
import { faultsOf } from '../kubernetes/object-faults';
import { readStrictly } from '../kubernetes/strict-yaml';

const ROOT = join(__dirname, '..', '..');
const APPLIED = appliedFolders().map(folder => `dist/${folder}`);
const DELIVERIES = [...new Set(filesBelow('clusters').map(file => dirname(join('clusters', file))))];

function filesIn(folder: string): string[] {
  return filesBelow(folder).filter(file => basename(file) === file);
}

function documentsIn(folder: string): unknown[] {
  return filesIn(folder).filter(isManifest).flatMap(file => readStrictly(textOf(folder, file)).documents);
}

function isManifest(file: string): boolean {
  return basename(file) !== 'Kustomization';
}

function textOf(folder: string, file: string): string {
  return readFileSync(join(ROOT, folder, file), 'utf8');
}

test.each(['clusters', 'dist', 'install'])('%s/ holds YAML that all parsers read alike', folder => {
  expect(filesBelow(folder).flatMap(file => readStrictly(textOf(folder, file)).faults.map(fault => `${file}: ${fault}`))).toEqual([]);
});

test('every file in dist/ is in a folder that is applied', () => {
  expect(filesBelow('dist').filter(file => !APPLIED.includes(dirname(join('dist', file))))).toEqual([]);
});

test.each(APPLIED)('%s/Kustomization lists every file beside it, in the order of their numbers', folder => {
  const resources = filesIn(folder).filter(isManifest);
  expect(readStrictly(textOf(folder, 'Kustomization')).documents).toEqual([{ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources }]);
});

test.each([...APPLIED, ...DELIVERIES])('%s holds objects that a cluster accepts, each once', folder => {
  const documents = documentsIn(folder);
  expect(faultsOf(documents)).toEqual([]);
  expect(documents.length).toBeGreaterThan(0);
});
