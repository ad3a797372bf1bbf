// The files of a GitOpsApp that are not for the cluster: what installs a gateway.
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart } from 'cdk8s';
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
  new Chart(made, '10-empty');
  return made;
}

const nodePort = ServiceExposure.nodePort({ status: 30621, http: 31565, https: 31804 });

test('the files that install a gateway stand beside dist, never in the folder that is applied', () => {
  const made = app();
  made.addGatewayInstall(GatewayWorkload.installed({ gatewayName: 'edge', service: nodePort }));
  made.synth();
  expect(made.installFolder).toBe(join(scratch, 'install', 'shop'));
  expect(readdirSync(made.installFolder)).toEqual(['edge.helm-values.yaml', 'edge.istio-operator.yaml']);
  expect(readdirSync(join(scratch, 'dist', 'shop'))).toEqual(['10-empty.k8s.yaml', 'Kustomization']);
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

test('the folder stays in the project where the app writes straight below it, and never holds what is applied', () => {
  expect(new GitOpsApp({ folder: 'dist' }).installFolder).toBe(join(process.cwd(), 'install', 'dist'));
  expect(refusal(() => app(join(scratch, 'dist')))).toMatchObject({ prop: 'installFolder', value: join(scratch, 'dist') });
});
