// The plugin that `cdk8s synth` runs: its report, and the exit code of the CLI.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AlbIstioValidation } from '../../src';
import * as manifests from '../manifests';

const ROOT = join(__dirname, '..', '..');

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'validation-plugin-test-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const service = (name: string, port = 80) => JSON.stringify(manifests.service(`shop/${name}`, [port]));

/** A VirtualService that sends all requests to port 80 of the Service `shop`. */
function virtualService(name: string, weight?: number, annotations?: manifests.Annotations): string {
  const destination = (share?: number) => manifests.to('shop.shop.svc.cluster.local', { port: 80, weight: share });
  const route = [destination(weight), ...weight ? [destination(1)] : []];
  return JSON.stringify(manifests.virtualService(`shop/${name}`, { hosts: [name], http: [{ route }] }, annotations));
}

const NAMESPACE = JSON.stringify(manifests.namespace('shop'));
const NO_PORT_80 = 'shop.shop.svc.cluster.local has no port 80; its ports: 8080';

interface Told {
  violations: { ruleName: string; recommendation: string; fix: string; violatingResources: { resourceName: string; manifestPath: string; locations: string[] }[] }[];
  submitted: [string, Record<string, string>][];
}

/** Writes files and validates them as the CLI does. */
async function validate(files: Record<string, string[]>): Promise<Told> {
  const told: Told = { violations: [], submitted: [] };
  for (const [file, documents] of Object.entries(files)) {
    mkdirSync(dirname(join(scratch, file)), { recursive: true });
    writeFileSync(join(scratch, file), documents.join('\n---\n'));
  }
  await new AlbIstioValidation().validate({
    manifests: Object.keys(files).filter(file => file.endsWith('.yaml')).map(file => join(scratch, file)),
    report: { addViolation: (one: any) => told.violations.push(one), submit: (...status: any) => told.submitted.push(status) },
  });
  return told;
}

function counted(errors: number, warnings: number, acknowledged: number, more = {}): Record<string, string> {
  return { Errors: `${errors}`, Warnings: `${warnings}`, Acknowledged: `${acknowledged}`, ...more };
}

test('an app without a fault passes', async () => {
  expect(await validate({ 'a.yaml': [service('shop'), virtualService('shop')] })).toEqual({ violations: [], submitted: [['success', counted(0, 0, 0)]] });
  expect(await validate({})).toEqual({ violations: [], submitted: [['success', counted(0, 0, 0)]] });
});

test('an error fails, with the check, the object, the field and the line', async () => {
  const { violations, submitted } = await validate({ 'a.yaml': [service('shop', 8080)], 'b.yaml': [NAMESPACE, virtualService('routes')] });
  expect(submitted).toEqual([['failure', counted(1, 0, 0)]]);
  expect(violations).toEqual([{
    ruleName: 'dangling-destination',
    recommendation: expect.stringMatching(/^The proxy has no cluster/),
    fix: expect.stringMatching(/./),
    violatingResources: [{
      resourceName: 'routes',
      manifestPath: join(scratch, 'b.yaml'),
      locations: [`line 3: VirtualService shop/routes /spec/http/0/route/0/destination/port: ${NO_PORT_80}`],
    }],
  }]);
});

test('one fault in several places is one violation, and errors come first', async () => {
  const { violations } = await validate({ 'a.yaml': [virtualService('one', 2), virtualService('two')], 'b.yaml': [service('shop', 8080)] });
  expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources.map(({ resourceName, locations }) => [resourceName, locations.length])])).toEqual([
    ['dangling-destination', [['one', 2], ['two', 1]]],
    ['weights-not-100', [['one', 1]]],
  ]);
});

test('a warning is reported and does not fail', async () => {
  const { violations, submitted } = await validate({ 'a.yaml': [service('shop'), virtualService('routes', 2)] });
  expect(violations).toMatchObject([{ ruleName: 'weights-not-100', recommendation: expect.stringMatching(/^\(a warning, which does not fail the synth\) Istio divides/) }]);
  expect(submitted).toEqual([['success', counted(0, 1, 0)]]);
});

test('an acknowledged finding is counted and does not fail', async () => {
  const annotations = { 'checks.cdk8s-alb-istio/dangling-destination': 'port 80 comes with the next release' };
  expect(await validate({ 'a.yaml': [service('shop', 8080), virtualService('routes', undefined, annotations)] })).toEqual({ violations: [], submitted: [['success', counted(0, 0, 1)]] });
});

test('an ambiguous name is shown in full: the CLI would show the construct path of another object', async () => {
  const { violations } = await validate({ 'a.yaml': [service('shop', 8080), virtualService('shop')] });
  expect(violations[0].violatingResources[0].resourceName).toBe('VirtualService shop/shop');
});

test('a file that is not a manifest fails, and the others are still checked', async () => {
  const { violations, submitted } = await validate({ 'values.yaml': ['a: 1'], 'a.yaml': [service('shop', 8080), virtualService('routes')] });
  expect(violations.map(({ ruleName }) => ruleName)).toEqual(['unreadable-manifest', 'dangling-destination']);
  expect(violations[0].violatingResources).toEqual([{
    resourceName: 'values.yaml', manifestPath: join(scratch, 'values.yaml'), locations: [expect.stringMatching(/values\.yaml:1: document 1: not a Kubernetes object/)],
  }]);
  expect(submitted).toEqual([['failure', counted(1, 0, 0, { 'Unreadable files': '1' })]]);
});

describe('alb-istio.yaml', () => {
  const ACKNOWLEDGED = 'acknowledgements:\n- { id: dangling-destination, object: { kind: VirtualService, name: routes }, reason: known }\n';

  /** A settings file is not among the files that the app writes. */
  function validateWith(settings: string): Promise<Told> {
    writeFileSync(join(scratch, 'alb-istio.yaml'), settings);
    return validate({ 'dist/a.yaml': [service('shop', 8080)], 'dist/b.yaml': [virtualService('routes')] });
  }

  it('above the files acknowledges findings', async () => {
    expect((await validateWith(ACKNOWLEDGED)).submitted).toEqual([['success', counted(0, 0, 1)]]);
    expect((await validateWith(ACKNOWLEDGED.replace(' }\n', ', expires: 2020-01-31 }\n'))).submitted).toEqual([['failure', counted(1, 1, 0)]]);
  });

  it('ignores files, and has settings of the mesh', async () => {
    expect((await validateWith('ignore: [a.yaml]')).submitted).toEqual([['success', counted(0, 0, 0)]]);
    expect((await validateWith('mesh: { clusterDomain: corp.example }')).submitted).toEqual([['success', counted(0, 0, 0)]]);
  });

  it('that is wrong is an error', async () => {
    await expect(validateWith('acknowledgments: []')).rejects.toThrow('acknowledgments is not a field; did you mean acknowledgements?');
  });
});

describe('what is checked together', () => {
  const bad = { 'a/services.yaml': [service('shop', 8080)], 'b/routes.yaml': [virtualService('routes')] };
  const errors = async (files: Record<string, string[]>) => (await validate(files)).submitted[0][1].Errors;

  it('is everything', async () => {
    expect(await errors(bad)).toBe('1');
  });

  it('is each folder with a kustomization file, whatever its name, which is not read as a manifest', async () => {
    expect(await errors({ ...bad, 'a/Kustomization': [], 'b/kustomization.yaml': ['resources: [routes.yaml]'] })).toBe('0');
    expect(await errors({ ...bad, 'b/services.yaml': [service('shop', 8080)] })).toBe('1');
    expect(await errors({ 'c/Kustomization': [], 'c/1/services.yaml': [service('shop', 8080)], 'd/routes.yaml': [virtualService('routes')] })).toBe('0');
    expect(await errors({ 'c/1/services.yaml': [service('shop', 8080)], 'c/2/routes.yaml': [virtualService('routes')] })).toBe('1');
  });

  it('is each folder if two of them contain the same object', async () => {
    expect(await errors({ ...bad, 'a/namespace.yaml': [NAMESPACE], 'c/other.yaml': [JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } })] })).toBe('1');
    expect(await errors({ ...bad, 'a/namespace.yaml': [NAMESPACE], 'b/namespace.yaml': [NAMESPACE] })).toBe('0');
  });
});

test('the checks are loaded for a validation, not with the class', async () => {
  await jest.isolateModulesAsync(async () => {
    let loaded = false;
    jest.doMock('../../src/checks/runner', () => {
      loaded = true;
      return jest.requireActual('../../src/checks/runner');
    });
    const { AlbIstioValidation: Plugin } = jest.requireActual('../../src/chart/validation-plugin') as typeof import('../../src/chart/validation-plugin');
    const plugin = new Plugin();
    expect(loaded).toBe(false);
    await plugin.validate({ manifests: [], report: { addViolation: () => undefined, submit: () => undefined } });
    expect(loaded).toBe(true);
  });
  jest.dontMock('../../src/checks/runner');
});

describe('cdk8s synth', () => {
  const CDK8S_YAML = ['language: typescript', 'app: node main.js', 'output: dist', 'validations:', '  - package: ./plugin.js', '    class: AlbIstioValidation', '    version: 0.1.0', ''];

  /** An app of hand-written objects, without this package, and the report file of the CLI. */
  function synth(port: number): { status: number | null; output: string; report: any } {
    const files: Record<string, string> = {
      'cdk8s.yaml': CDK8S_YAML.join('\n'),
      'plugin.js': `module.exports = require(${JSON.stringify(join(ROOT, 'src', 'chart', 'validation-plugin.ts'))});`,
      'main.js': `const { ApiObject, App, Chart } = require(${JSON.stringify(join(ROOT, 'node_modules', 'cdk8s'))});
        const app = new App();
        const chart = new Chart(app, '10-shop');
        [${service('shop', port)}, ${virtualService('routes')}].forEach(object => new ApiObject(chart, object.kind, object));
        app.synth();`,
    };
    Object.entries(files).forEach(([file, text]) => writeFileSync(join(scratch, file), text));
    const cli = ['--require', require.resolve('tsx/cjs'), join(ROOT, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s')];
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CDK8S_|NODE_OPTIONS)/.test(name)));
    const { status, stdout, stderr } = spawnSync(process.execPath, [...cli, 'synth', '--check-upgrade=false', '--validation-reports-output-file=report.json'], { cwd: scratch, env, encoding: 'utf8' });
    return { status, output: stdout + stderr, report: JSON.parse(readFileSync(join(scratch, 'report.json'), 'utf8')).reports[0] };
  }

  it('passes if nothing is wrong', () => {
    const { status, output, report } = synth(80);
    expect({ status, violations: report.violations, summary: report.summary.status }).toEqual({ status: 0, violations: [], summary: 'success' });
    expect(output).toContain('Validations ended succesfully');
  });

  it('fails with exit code 2 and prints the violation with its construct', () => {
    const { status, output, report } = synth(8080);
    expect(status).toBe(2);
    expect(output).toContain(`VirtualService shop/routes /spec/http/0/route/0/destination/port: ${NO_PORT_80}`);
    expect(report.summary).toMatchObject({ status: 'failure', metadata: counted(1, 0, 0) });
    expect(report.violations).toMatchObject([{
      ruleName: 'dangling-destination',
      violatingConstructs: [{ constructPath: '10-shop/VirtualService', manifestPath: 'dist/10-shop.k8s.yaml', resourceName: 'routes' }],
    }]);
  });
});
