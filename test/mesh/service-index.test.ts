// Which Service a proxy knows under a host that several objects define.
import { istio, meshFrom, meshWith } from './small-mesh';

const entry = (name: string, more: string, namespace = 'shop', created = '') =>
  istio('ServiceEntry', name, `{hosts: [api.example.com], resolution: STATIC, ${more}}`, namespace, created);
const HTTP = 'ports: [{number: 80, name: http, protocol: HTTP}]';
const found = (yaml: readonly string[], namespace: string, preferred?: string) => meshFrom(...yaml).services.find('api.example.com', namespace, preferred)?.name;

test('the oldest ServiceEntry, unless one namespace is preferred', () => {
  const both = [entry('new', HTTP, 'shop', '2025-02-01T00:00:00Z'), entry('old', HTTP, 'blog', '2025-01-01T00:00:00Z')];
  expect(found(both, 'edge')).toBe('old');
  expect(found(both, 'edge', 'shop')).toBe('new');
});

test('what is exported by name comes before what is public', () => {
  const both = [entry('old', HTTP, 'blog', '2025-01-01T00:00:00Z'), entry('new', `${HTTP}, exportTo: [edge]`, 'shop', '2025-02-01T00:00:00Z')];
  expect(found(both, 'edge')).toBe('new');
  expect(found(both, 'team')).toBe('old');
});

test('ports of ServiceEntries that agree in everything else are put together', () => {
  const mesh = meshFrom(entry('a', HTTP), entry('b', 'ports: [{number: 443, name: https, protocol: HTTPS}, {number: 80, name: other, protocol: TCP}]'));
  expect(mesh.services.find('api.example.com', 'edge')!.ports.map(({ port, protocol }) => `${port} ${protocol}`)).toEqual(['80 http', '443 https']);
});

test('the default of the mesh for exportTo', () => {
  expect(meshWith({ defaultServiceExportTo: ['.'] }, entry('a', HTTP)).services.find('api.example.com', 'edge')).toBeUndefined();
  expect(meshWith({ defaultServiceExportTo: ['.'] }, entry('a', HTTP)).services.find('api.example.com', 'shop')).toBeDefined();
});
