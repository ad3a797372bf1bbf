// Sidecars that see the same share their route tables, apart from what their own workload is named in.
import { app, istio, meshFrom } from './small-mesh';

const APPS = ['s1', 's2', 's3'].map(name => app(name, 'shop', { sidecar: true }));
const OTHER = app('other', 'elsewhere', { sidecar: true });
const route = (match = '') => istio('VirtualService', 'vs', `{hosts: [s1], http: [{${match}route: [{destination: {host: s2}}]}, {route: [{destination: {host: s1}}]}]}`);

function tables(...objects: readonly string[]) {
  const mesh = meshFrom(...APPS, OTHER, ...objects);
  const tableOf = (namespace: string, name: string) => mesh.sidecar(mesh.workloads.find(namespace, name)!).listenerFor(80, '')!.routeConfig!;
  return { s1: tableOf('shop', 's1'), s2: tableOf('shop', 's2'), other: tableOf('elsewhere', 'other') };
}

test('sidecars of one namespace share virtual hosts', () => {
  const { s1, s2, other } = tables(route());
  expect(s1.find('s1.shop')).toBe(s2.find('s1.shop'));
  expect(s1.find('s1.shop')).not.toBe(other.find('s1.shop'));
});

test('what is done with unknown hosts is of the workload itself, and comes last', () => {
  const { s1, s2 } = tables(route());
  const names = [s1, s2].map(table => table.find('unknown.example.com')!.routes[0].manifest.object.metadata);
  expect(names).toMatchObject([{ name: 's1' }, { name: 's2' }]);
  expect(s1.virtualHosts.at(-1)).toBe(s1.find('unknown.example.com'));
});

test('a VirtualService for the host leaves it to no other', () => {
  const { s1 } = tables(istio('VirtualService', 'vs', '{hosts: ["*.com"], http: [{route: [{destination: {host: s2}}]}]}'));
  expect(s1.find('unknown.example.com')!.routes[0].virtualService?.config.name).toBe('vs');
});

test('sidecars whose labels choose other routes share nothing', () => {
  const { s1, s2 } = tables(route('match: [{sourceLabels: {app: s2}}], '));
  expect([s1, s2].map(table => table.find('s1.shop')!.routes[0].http?.pointer)).toEqual(['/spec/http/1', '/spec/http/0']);
});

test('a Sidecar gives its workloads a view of their own', () => {
  const { s1, s2 } = tables(istio('Sidecar', 'own', '{workloadSelector: {labels: {app: s2}}, egress: [{hosts: ["./s2.shop.svc.cluster.local"]}]}'));
  expect([s1, s2].map(table => table.find('s1.shop')!.name)).toEqual(['s1.shop.svc.cluster.local:80', 'allow_any']);
});
