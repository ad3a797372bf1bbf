// The files of a GitOpsApp that are not for the cluster: what installs a gateway.
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import { load } from 'js-yaml';
import { GatewayWorkload, GitOpsApp, ServiceExposure } from '../../src/index';
import { refusal } from '../refusal';

let scratch: string;
beforeEach(() => {
  delete process.env.CDK8S_OUTDIR;
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'gitops-install-test-')));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

function app(installFolder?: string): GitOpsApp {
  const made = new GitOpsApp({ folder: join(scratch, 'dist', 'shop'), installFolder });
  new ApiObject(new Chart(made, '10-shop'), 'Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  return made;
}

const nodePort = ServiceExposure.nodePort({ status: 30621, http: 31565, https: 31804 });

test('the files that install a gateway stand beside dist, never in the folder that is applied', () => {
  const made = app();
  made.addGatewayInstall(GatewayWorkload.installed({ gatewayName: 'edge', service: nodePort }));
  made.synth();
  expect(made.installFolder).toBe(join(scratch, 'install', 'shop'));
  expect(readdirSync(made.installFolder)).toEqual(['edge.helm-values.yaml', 'edge.istio-operator.yaml']);
  expect(readdirSync(join(scratch, 'dist', 'shop'))).toEqual(['10-shop.k8s.yaml', 'Kustomization']);
  const values = load(readFileSync(join(made.installFolder, 'edge.helm-values.yaml'), 'utf8')) as { service: { type: string } };
  expect(values.service.type).toBe('NodePort');
});

test('an app without a gateway to install writes no such folder', () => {
  const made = app();
  made.synth();
  expect(existsSync(made.installFolder)).toBe(false);
});

test('the folder can be named, but not inside the one that is applied', () => {
  const made = app(join(scratch, 'elsewhere'));
  made.addGatewayInstall(GatewayWorkload.installed());
  made.synth();
  expect(readdirSync(join(scratch, 'elsewhere'))).toHaveLength(2);
  const inside = join(scratch, 'dist', 'shop', 'install');
  expect(refusal(() => app(inside))).toMatchObject({ prop: 'installFolder', value: inside });
});

test('two gateways of one name are refused, two of different names are not', () => {
  const made = app();
  made.addGatewayInstall(GatewayWorkload.installed({ gatewayName: 'edge' }));
  made.addGatewayInstall(GatewayWorkload.installed({ gatewayName: 'inner' }));
  expect(refusal(() => made.addGatewayInstall(GatewayWorkload.installed({ gatewayName: 'edge' })))).toMatchObject({ prop: 'gateway', value: 'edge' });
});

test('a failed synth writes none of them', () => {
  const made = app();
  made.addGatewayInstall(GatewayWorkload.installed());
  made.node.addValidation({ validate: () => ['no'] });
  expect(() => made.synth()).toThrow();
  expect(existsSync(made.installFolder)).toBe(false);
});

describe('where no folder is named', () => {
  const cases: [string, string, string][] = [
    ['beside dist', 'dist/production', 'install/production'],
    ['beside dist, however deep it is', 'deploy/dist/production', 'deploy/install/production'],
    ['beside dist, however deep in it', 'dist/fleet/production', 'install/fleet/production'],
    ['in the working directory where it stands right in it, not outside of the project', 'dist', 'install/dist'],
  ];
  it.each(cases)('the files go %s: for %s to %s', (_, folder, expected) => {
    expect(new GitOpsApp({ folder }).installFolder).toBe(join(process.cwd(), expected));
  });

  it.each([['install', 'installation/install'], ['install/production', 'installation/production']])('it is never the one that is applied: for %s it is %s', (folder, expected) => {
    expect(new GitOpsApp({ folder }).installFolder).toBe(join(process.cwd(), expected));
  });
});

test.each(['', ' ', '/', 5, null])('%p is no folder for them', value => {
  expect(refusal(() => app(value as string))).toMatchObject({ prop: 'installFolder', value });
});

test('a folder that holds what is applied is refused', () => {
  expect(refusal(() => app(join(scratch, 'dist')))).toMatchObject({ prop: 'installFolder', value: join(scratch, 'dist') });
});

test('a file in the place of the folder is refused before anything is written', () => {
  const made = app();
  made.addGatewayInstall(GatewayWorkload.installed());
  writeFileSync(join(scratch, 'install'), '');
  expect(() => made.synth()).toThrow(`${join(scratch, 'install')} is not a folder`);
  expect(existsSync(made.folder)).toBe(false);
});

test.each<[string, unknown]>([['nothing', undefined], ['null', null], ['a gateway that is deployed here', GatewayWorkload.injected()]])('%s is no gateway to install', (_, gateway) => {
  expect(refusal(() => app().addGatewayInstall(gateway as never))).toMatchObject({ prop: 'gateway', reason: 'must be what GatewayWorkload.installed() returns' });
});
