// alb-istio.yaml at synth: the same file that the command line reads.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { AlbIstioEdge, AlbIstioValidation, GitOpsApp } from '../../src';
import { run } from '../cli/command-line';

const ACKNOWLEDGED = 'acknowledgements:\n- { id: zero-weights, object: { kind: VirtualService, namespace: shop, name: sh* }, reason: known }\n';

let folder: string;
const home = process.cwd();
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'synth-settings-')));
  mkdirSync(join(folder, 'work'));
  process.chdir(join(folder, 'work'));
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** An app with an error: all weights are 0. */
function faulty<A extends App>(app: A, charts: readonly string[] = ['10-shop']): A {
  new AlbIstioEdge(app, '20-edge', { hosts: ['shop.example.com'], gateway: { credentialName: 'shop-tls' } });
  for (const id of charts) {
    const spec = { hosts: ['shop'], http: [{ route: ['a', 'b'].map(host => ({ destination: { host } })) }] };
    new ApiObject(new Chart(app, id), 'Routes', { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: id.slice(3), namespace: 'shop' }, spec });
  }
  return app;
}

function faultless<A extends App>(app: A): A {
  new ApiObject(new Chart(app, '10-shop'), 'Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  return app;
}

const inFolder = (outdir: string) => new App({ outdir: join(folder, outdir) });

test('the nearest file at the folder of the app, or above it, acknowledges findings', () => {
  expect(() => faulty(inFolder('dist/production')).synth()).toThrow(/error zero-weights: VirtualService shop\/shop/);
  write('alb-istio.yaml', ACKNOWLEDGED);
  expect(() => faulty(inFolder('dist/production')).synth()).not.toThrow();
  write('dist/alb-istio.yaml', '');
  expect(() => faulty(inFolder('dist/production')).synth()).toThrow(/zero-weights/);
});

test('a GitOpsApp has the file of the folder that it writes', () => {
  faultless(new GitOpsApp({ folder: join(folder, 'gitops', 'production') })).synth();
  write('gitops/production/alb-istio.yaml', ACKNOWLEDGED);
  expect(() => faulty(new GitOpsApp({ folder: join(folder, 'gitops', 'production') })).synth()).not.toThrow();
  expect(() => faulty(new GitOpsApp({ folder: join(folder, 'other', 'production') })).synth()).toThrow(/zero-weights/);
});

test('a test, whose app writes to a temporary folder, has the file of the working directory', () => {
  expect(() => faulty(Testing.app()).synth()).toThrow(/zero-weights/);
  write('work/alb-istio.yaml', ACKNOWLEDGED);
  expect(() => faulty(Testing.app()).synth()).not.toThrow();
});

test('an acknowledgement that has expired accepts nothing', () => {
  write('alb-istio.yaml', ACKNOWLEDGED.replace(' }\n', ', expires: 2020-01-31 }\n'));
  expect(() => faulty(inFolder('dist')).synth()).toThrow(/zero-weights/);
});

test('a file that is wrong fails the synth', () => {
  write('alb-istio.yaml', 'mesh: { outboundPolcy: ALLOW_ANY }');
  expect(() => faulty(inFolder('dist')).synth()).toThrow(/alb-istio\.yaml:1: mesh\.outboundPolcy is not a field; did you mean outboundPolicy\?/);
});

test('synth, plugin and command line report the same errors for the same objects and settings', async () => {
  const other = '10-shop 11-shoes 12-bank'.split(' ');
  const seen: Record<string, unknown[]> = {};
  write('alb-istio.yaml', `complete: true\n${ACKNOWLEDGED}`);
  try {
    faulty(inFolder('dist'), other).synth();
  } catch (error) {
    seen.synth = String(error).match(/error \S+: \S+ \S+/g)!.map(line => line.replace(/^error |:$/g, ''));
  }
  // The app writes nothing while a synth fails, so its files are written without a check.
  const app = faulty(inFolder('dist'), other);
  app.charts.forEach(chart => write(`dist/${chart.node.id}.yaml`, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objectsOf(chart) })));
  const { findings } = JSON.parse(run(['check', '--format', 'json', join(folder, 'dist')]).out);
  seen.cli = findings.filter((own: any) => own.severity === 'error' && own.acknowledged === undefined).map((own: any) => `${own.id}: ${own.object.kind} ${own.object.namespace}/${own.object.name}`);
  seen.plugin = [];
  await new AlbIstioValidation().validate({
    manifests: app.charts.map(chart => join(folder, 'dist', `${chart.node.id}.yaml`)),
    report: {
      addViolation: ({ ruleName, recommendation, violatingResources }: any) => recommendation.startsWith('(a warning')
        || seen.plugin.push(...violatingResources.flatMap((own: any) => own.locations.map((location: string) => `${ruleName}: ${/: (\S+ \S+) /.exec(location)![1]}`))),
      submit: () => undefined,
    },
  });
  const errors = ['secret-not-delivered: Gateway istio-ingress/istio-ingress', 'zero-weights: VirtualService shop/bank'];
  Object.values(seen).forEach(own => own.sort());
  expect(seen).toEqual({ synth: errors, cli: errors, plugin: errors });
});

function objectsOf(chart: Chart): unknown[] {
  return chart.node.findAll().filter(ApiObject.isApiObject).map(own => own.toJson());
}
