import { UnreadableManifest } from '../../src/base/errors';
import { namesBesideResources } from '../../src/manifests/kustomization';

test('files named outside of resources are reported, including inline patches and options', () => {
  expect(namesBesideResources(`
resources: [service.yaml, ../base]
components: [../tracing]
namespace: prod
patches: [{ path: ports.yaml, target: { kind: Service } }, { patch: '[]' }]
patchesStrategicMerge: [old.yaml]
secretGenerator: [{ files: [key=tls/key.yaml], literals: [a=b=c] }]
generatorOptions: { disableNameSuffixHash: true }
`, 'Kustomization')).toEqual(['prod', 'ports.yaml', 'Service', '[]', 'old.yaml', 'tls/key.yaml', 'c']);
});

test('a resource that is named twice stays a resource', () => {
  expect(namesBesideResources('{ resources: [crd.yaml], crds: [crd.yaml, types.yaml] }', 'Kustomization')).toEqual(['types.yaml']);
});

test.each(['', 'text', '- a', '{ resources: 1, patches: null }', '{ bases: [a.yaml] }'])('%j names nothing', text => {
  expect(namesBesideResources(text, 'Kustomization')).toEqual([]);
});

test('a syntax error is unreadable, with its file', () => {
  expect(() => namesBesideResources('a: [', 'kustomization.yml')).toThrow(UnreadableManifest);
});
