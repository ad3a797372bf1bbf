import { type ManifestFile, appliedTogether } from '../../src/manifests/units';

function file(folder: string, names: string, kustomizedFolder?: string): ManifestFile {
  const manifests = names.split(' ').map(name => ({ object: { apiVersion: 'v1', kind: 'Service', metadata: { name } }, origin: {} }));
  return { folder, kustomizedFolder, manifests };
}

const foldersOf = (...files: ManifestFile[]) => appliedTogether(files).map(unit => unit.map(({ folder }) => folder).join(' '));

test('folders without a kustomization file are one unit', () => {
  expect(foldersOf(file('a', 'x'), file('b', 'y'), file('a', 'x'))).toEqual(['a b a']);
});

test('each of them is a unit when two contain the same object', () => {
  expect(foldersOf(file('a', 'x'), file('b', 'y'), file('c', 'x'), file('b', 'z'))).toEqual(['a', 'b b', 'c']);
});

test('the folders below one kustomization file are one unit, even if two contain the same object', () => {
  expect(foldersOf(file('k/a', 'x', 'k'), file('b', 'x'), file('k/c', 'x', 'k'))).toEqual(['k/a k/c', 'b']);
});

test('two versions of an API and an omitted default namespace do not make two objects', () => {
  const [one, other] = ['v1', 'v1beta1'].map(version => ({
    object: { apiVersion: `networking.istio.io/${version}`, kind: 'Gateway', metadata: { name: 'a', ...(version === 'v1' ? { namespace: 'default' } : {}) } }, origin: {},
  }));
  expect(appliedTogether([{ folder: 'a', manifests: [one] }, { folder: 'b', manifests: [other] }])).toHaveLength(2);
});

test('objects without readable fields do not crash the split', () => {
  const odd = [{}, { apiVersion: 1, kind: null, metadata: 'a' }].map(object => ({ object, origin: {} }));
  expect(appliedTogether([{ folder: 'a', manifests: odd }, { folder: 'b', manifests: [] }])).toHaveLength(1);
});
