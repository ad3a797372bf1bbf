import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import { AlbIstioEdge, PathMatch, RouteTarget, Workload } from '../../src';
import { unknownSubset } from '../../src/checks/rules/unknown-subset';

afterEach(() => jest.restoreAllMocks());

const shop = new Workload({ serviceName: 'shop', namespace: 'shop', port: 80, versions: ['v1'] });

function edgeIn(app: App): AlbIstioEdge {
  const edge = new AlbIstioEdge(app, '20-edge', { hosts: ['shop.example.com'], gateway: { credentialName: 'shop-tls' } });
  edge.addRoute('Shop', { paths: [PathMatch.prefix('/')], target: RouteTarget.subset(shop.subset('v1')) });
  return edge;
}

function newApp(): App {
  return new App({ outdir: mkdtempSync(join(tmpdir(), 'synth-checks-')) });
}

function destinationRule(edge: AlbIstioEdge): ApiObject {
  return edge.node.findAll().filter(ApiObject.isApiObject).find(({ kind }) => kind === 'DestinationRule')!;
}

afterEach(() => jest.restoreAllMocks());

test('an edge without faults synthesizes', () => {
  const app = newApp();
  edgeIn(app);
  expect(() => app.synth()).not.toThrow();
});

test('an escape hatch that removes a subset in use fails the synth, with the construct, the check and the fix', () => {
  const app = newApp();
  const edge = edgeIn(app);
  new ApiObject(edge, 'Service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop', namespace: 'shop' }, spec: { ports: [{ port: 80 }] } });
  destinationRule(edge).addJsonPatch(JsonPatch.replace('/spec/subsets', []));
  expect(() => app.synth()).toThrow(/20-edge\/Routes-.*: error unknown-subset: VirtualService istio-ingress\/istio-ingress .*Fix: /);
});

test('faults between charts of one app are found, even if each chart alone is correct', () => {
  const app = newApp();
  edgeIn(app);
  const other = new Chart(app, '10-shop');
  new ApiObject(other, 'Service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop', namespace: 'shop' }, spec: { ports: [{ port: 8080 }] } });
  expect(() => app.synth()).toThrow(/dangling-destination/);
});

test('two constructs that write the same object fail the synth with both paths', () => {
  const app = newApp();
  const edge = edgeIn(app);
  const metadata = { name: 'settings', namespace: 'shop' };
  const [first] = ['10-shop', '30-bank'].map(id => new ApiObject(new Chart(app, id), 'Settings', { apiVersion: 'v1', kind: 'ConfigMap', metadata }));
  const sentence = '10-shop/Settings and 30-bank/Settings both write ConfigMap shop/settings: change the name or namespace of one';
  expect(() => app.synth()).toThrow(sentence);
  expect(() => Testing.synth(edge)).toThrow(sentence);
  first.addJsonPatch(JsonPatch.replace('/metadata/name', 'settings-of-shop'));
  expect(() => app.synth()).not.toThrow();
});

test('a synth after a failed one checks the current tree', () => {
  const app = newApp();
  const edge = edgeIn(app);
  new ApiObject(edge, 'Service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop', namespace: 'shop' }, spec: { ports: [{ port: 80 }] } });
  const rule = destinationRule(edge);
  rule.addJsonPatch(JsonPatch.replace('/spec/subsets', []));
  expect(() => app.synth()).toThrow(/unknown-subset/);
  rule.addJsonPatch(JsonPatch.replace('/spec/subsets', [{ name: 'v1', labels: { version: 'v1' } }]));
  expect(() => app.synth()).not.toThrow();
  rule.addJsonPatch(JsonPatch.replace('/spec/subsets', []));
  expect(() => app.synth()).toThrow(/unknown-subset/);
});

test('the checks run once per synth, for any number of charts and edges', () => {
  const app = newApp();
  edgeIn(app);
  for (const name of ['a', 'b', 'c', 'd']) {
    new AlbIstioEdge(app, name, { hosts: [`${name}.example.com`], edgeName: name, gateway: { credentialName: 'tls' } });
  }
  const run = jest.spyOn(unknownSubset, 'run');
  app.synth();
  expect(run).toHaveBeenCalledTimes(1);
  app.synthYaml();
  expect(run).toHaveBeenCalledTimes(2);
});

test('a chart that is serialized alone, as in a unit test, is checked each time', () => {
  const app = newApp();
  const edge = edgeIn(app);
  const run = jest.spyOn(unknownSubset, 'run');
  Testing.synth(edge);
  edge.toJson();
  expect(run).toHaveBeenCalledTimes(2);
});
