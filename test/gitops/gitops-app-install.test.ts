// The files of a GitOpsApp that are not applied: those to install a gateway with.
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import { load } from 'js-yaml';
import { AlbIstioEdge, gateway, GatewayWorkload, GitOpsApp, ServiceExposure } from '../../src/index';
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

test('the files to install a gateway with are outside of the applied folder', () => {
  const made = app();
  made.addGatewayInstall(GatewayWorkload.installed({ gatewayName: 'edge', service: nodePort }));
  made.synth();
  expect(made.installFolder).toBe(join(scratch, 'install', 'shop'));
  expect(readdirSync(made.installFolder)).toEqual(['edge.helm-values.yaml', 'edge.istio-operator.yaml']);
  expect(readdirSync(join(scratch, 'dist', 'shop'))).toEqual(['10-shop.k8s.yaml', 'Kustomization']);
  const values = load(readFileSync(join(made.installFolder, 'edge.helm-values.yaml'), 'utf8')) as { service: { type: string } };
  expect(values.service.type).toBe('NodePort');
});

test('only the file of the installer is written, and a file that cannot express an option is refused', () => {
  const made = app();
  const options = { kind: gateway.GatewayWorkloadKind.DAEMON_SET };
  expect(refusal(() => made.addGatewayInstall(GatewayWorkload.installed(options)))).toMatchObject({ prop: 'kind' });
  made.addGatewayInstall(GatewayWorkload.installed({ ...options, gatewayName: 'edge', installer: gateway.GatewayInstaller.HELM }));
  made.addGatewayInstall(GatewayWorkload.installed({ gatewayName: 'inner', installer: gateway.GatewayInstaller.ISTIOCTL }));
  made.synth();
  expect(readdirSync(made.installFolder)).toEqual(['edge.helm-values.yaml', 'inner.istio-operator.yaml']);
});

test('an app without a gateway to install creates no such folder', () => {
  const made = app();
  made.synth();
  expect(existsSync(made.installFolder)).toBe(false);
});

test('an edge behind a gateway that nobody gets a file for is named on standard error', () => {
  const synth = (change: (made: GitOpsApp, workload: gateway.InstalledGateway) => void) => {
    const made = app();
    const workload = GatewayWorkload.installed({ gatewayName: 'edge' });
    new AlbIstioEdge(made, '20-edge', { hosts: ['shop.example.com'], gateway: { credentialName: 'tls' }, workload });
    change(made, workload);
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    made.synth();
    const lines = stderr.mock.calls.map(([text]) => text);
    stderr.mockRestore();
    return lines;
  };
  expect(synth(() => undefined)).toEqual([
    'This app has no file to install gateway edge/edge with: call addGatewayInstall, or use GatewayWorkload.fromAttributes if it is installed from elsewhere\n',
  ]);
  expect(synth((made, workload) => made.addGatewayInstall(workload))).toEqual([]);
  expect(synth((_, workload) => workload.helmValues())).toEqual([]);
});

test('the folder can be set, but not inside the applied folder', () => {
  const made = app(join(scratch, 'elsewhere'));
  made.addGatewayInstall(GatewayWorkload.installed());
  made.synth();
  expect(readdirSync(join(scratch, 'elsewhere'))).toHaveLength(2);
  const inside = join(scratch, 'dist', 'shop', 'install');
  expect(refusal(() => app(inside))).toMatchObject({ prop: 'installFolder', value: inside });
});

test('two gateways with the same name are rejected', () => {
  const made = app();
  made.addGatewayInstall(GatewayWorkload.installed({ gatewayName: 'edge' }));
  made.addGatewayInstall(GatewayWorkload.installed({ gatewayName: 'inner' }));
  expect(refusal(() => made.addGatewayInstall(GatewayWorkload.installed({ gatewayName: 'edge' })))).toMatchObject({ prop: 'gateway', value: 'edge' });
});

test('a failed synth writes none of the files', () => {
  const made = app();
  made.addGatewayInstall(GatewayWorkload.installed());
  made.node.addValidation({ validate: () => ['no'] });
  expect(() => made.synth()).toThrow();
  expect(existsSync(made.installFolder)).toBe(false);
});

describe('by default', () => {
  const cases: [string, string, string][] = [
    ['install in place of dist', 'dist/production', 'install/production'],
    ['install in place of dist below another folder', 'deploy/dist/production', 'deploy/install/production'],
    ['the same subfolders', 'dist/fleet/production', 'install/fleet/production'],
    ['a folder in the working directory, not outside of the project', 'dist', 'install/dist'],
  ];
  it.each(cases)('the files are in %s: %s → %s', (_, folder, expected) => {
    expect(new GitOpsApp({ folder }).installFolder).toBe(join(process.cwd(), expected));
  });

  it.each([['install', 'installation/install'], ['install/production', 'installation/production']])('the folder is never the applied one: %s → %s', (folder, expected) => {
    expect(new GitOpsApp({ folder }).installFolder).toBe(join(process.cwd(), expected));
  });
});

test.each(['', ' ', '/', 5, null])('%p is not a folder', value => {
  expect(refusal(() => app(value as string))).toMatchObject({ prop: 'installFolder', value });
});

test('a folder above the applied one is rejected', () => {
  expect(refusal(() => app(join(scratch, 'dist')))).toMatchObject({ prop: 'installFolder', value: join(scratch, 'dist') });
});

test('a file at the path of the folder is rejected before anything is written', () => {
  const made = app();
  made.addGatewayInstall(GatewayWorkload.installed());
  writeFileSync(join(scratch, 'install'), '');
  expect(() => made.synth()).toThrow(`${join(scratch, 'install')} is not a folder`);
  expect(existsSync(made.folder)).toBe(false);
});

test.each<[string, unknown]>([
  ['undefined', undefined], ['null', null], ['a gateway of this app', GatewayWorkload.injected()], ['a gateway without values for Helm', { istioOperator: () => '' }],
])('%s is not a gateway to install', (_, gateway) => {
  expect(refusal(() => app().addGatewayInstall(gateway as never))).toMatchObject({ prop: 'gateway', reason: 'must be a gateway from GatewayWorkload.installed()' });
});
