// imports/ holds the kinds that the docs promise, and scripts/import.ts gives the same bytes whatever it reads them from.
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import * as elbv2 from '../imports/elbv2';
import * as istio from '../imports/istio';

const ROOT = join(__dirname, '..');
const CRDS = join(ROOT, '..', 'shared', 'crds');

jest.setTimeout(60_000);

let scratch: string;
beforeAll(() => { scratch = mkdtempSync(join(tmpdir(), 'imports-test-')); });
afterAll(() => { rmSync(scratch, { recursive: true, force: true }); });

function runImport(...args: string[]): { code: number | null; out: string; err: string } {
  const script = join(ROOT, 'scripts', 'import.ts');
  const done = spawnSync(process.execPath, [require.resolve('tsx/cli'), script, ...args], { cwd: ROOT, encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe('imports/', () => {
  it('holds the kinds of Istio 1.30.3', () => {
    expect(gvks(istio)).toEqual([
      'extensions.istio.io/v1alpha1 TrafficExtension',
      'extensions.istio.io/v1alpha1 WasmPlugin',
      'networking.istio.io/v1 DestinationRule',
      'networking.istio.io/v1 Gateway',
      'networking.istio.io/v1 ServiceEntry',
      'networking.istio.io/v1 Sidecar',
      'networking.istio.io/v1 VirtualService',
      'networking.istio.io/v1 WorkloadEntry',
      'networking.istio.io/v1 WorkloadGroup',
      'networking.istio.io/v1alpha3 EnvoyFilter',
      'networking.istio.io/v1beta1 ProxyConfig',
      'security.istio.io/v1 AuthorizationPolicy',
      'security.istio.io/v1 PeerAuthentication',
      'security.istio.io/v1 RequestAuthentication',
      'telemetry.istio.io/v1 Telemetry',
    ]);
  });

  it('holds the kinds of AWS Load Balancer Controller 3.5.0', () => {
    expect(gvks(elbv2)).toEqual([
      'elbv2.k8s.aws/v1beta1 ALBTargetControlConfig',
      'elbv2.k8s.aws/v1beta1 IngressClassParams',
      'elbv2.k8s.aws/v1beta1 TargetGroupBinding',
    ]);
  });

  it('writes the camelCase spelling of a field that the API takes in two', () => {
    expect(istio.toJson_RequestAuthenticationSpecJwtRules({ issuer: 'me', jwksUri: 'https://me' })).toHaveProperty('jwksUri');
    expect(istio.toJson_VirtualServiceSpecHttp({ mirrorPercent: 5 })).toHaveProperty('mirrorPercent');
    expect(elbv2.toJson_IngressClassParamsSpec({ prefixListsIDs: ['pl-1'] })).toHaveProperty('prefixListsIDs');
  });

  it('is what the CRDs give', () => {
    if (crdsAreAbsent()) return;
    expect(runImport('--check', '--from', CRDS)).toMatchObject({ code: 0, out: expect.stringMatching(/^imports\/ is up to date.*\n$/), err: '' });
  });

  it('fails the check, by name, when a file was altered, lost or added', () => {
    if (crdsAreAbsent()) return;
    const copy = join(scratch, 'altered');
    cpSync(join(ROOT, 'imports'), copy, { recursive: true });
    appendFileSync(join(copy, 'istio', 'security.istio.io.ts'), '// by hand\n');
    rmSync(join(copy, 'elbv2', 'index.ts'));
    writeFileSync(join(copy, 'more.ts'), '');
    const { code, err } = runImport('--check', '--from', CRDS, '--into', copy);
    expect(code).toBe(1);
    expect(err.trim().split('\n  ').slice(1)).toEqual(['missing: elbv2/index.ts', 'stale: istio/security.istio.io.ts', 'extra: more.ts']);
  });
});

describe('scripts/import.ts', () => {
  let into: string;
  beforeAll(() => {
    into = join(scratch, 'small');
    expect(runImport('--from', crdFolder('plain', plain), '--into', into)).toMatchObject({ code: 0, err: '' });
  });

  it('gives the same from CRDs with descriptions, older versions, other groups and another key order', () => {
    expect(runImport('--check', '--from', crdFolder('noisy', noisy), '--into', into)).toMatchObject({ code: 0, err: '' });
  });

  it('keeps a property that is named description', () => {
    expect(readFileSync(join(into, 'istio', 'telemetry.istio.io.ts'), 'utf8')).toContain("'description': obj.description");
  });

  it('leaves the folder as it was when the import fails', () => {
    const oneGroup = (group: string) => (group === 'telemetry.istio.io' ? [] : plain(group));
    const before = readFileSync(join(into, 'istio', 'index.ts'), 'utf8');
    const { code, err } = runImport('--from', crdFolder('lacking', oneGroup), '--into', into);
    expect({ code, err }).toEqual({ code: 2, err: 'import: no CRD of the group telemetry.istio.io in Istio 1.30.3\n' });
    expect(readFileSync(join(into, 'istio', 'index.ts'), 'utf8')).toBe(before);
  });

  it('refuses to replace a folder that holds something else', () => {
    const mine = join(scratch, 'mine');
    mkdirSync(mine);
    writeFileSync(join(mine, 'precious.ts'), '// mine\n');
    const { code, err } = runImport('--from', join(scratch, 'plain'), '--into', mine);
    expect(code).toBe(2);
    expect(err).toContain('precious.ts is not a generated file');
    expect(existsSync(join(mine, 'precious.ts'))).toBe(true);
  });

  it('exits 2 on an unknown option and on a folder that cannot be read', () => {
    expect(runImport('--chekc')).toMatchObject({ code: 2, err: expect.stringContaining("Unknown option '--chekc'") });
    expect(runImport('--from', join(scratch, 'nowhere'))).toMatchObject({ code: 2, err: expect.stringContaining('nowhere is not a folder') });
    expect(runImport('--from', into)).toMatchObject({ code: 2, err: expect.stringContaining('cannot read') });
  });
});

function gvks(module: object): string[] {
  return Object.values(module)
    .filter((value) => typeof value === 'function' && 'GVK' in value)
    .map(({ GVK }) => `${GVK.apiVersion} ${GVK.kind}`)
    .sort();
}

/** The CRDs are not part of this repository; a folder beside it may hold them. */
function crdsAreAbsent(): boolean {
  if (existsSync(CRDS)) return false;
  console.warn(`not checked against the CRDs: there is no ../shared/crds beside ${ROOT}`);
  return true;
}

type CrdsOfGroup = (group: string) => object[];

function crdFolder(name: string, crdsOf: CrdsOfGroup): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  const write = (file: string, groups: string[]) =>
    writeFileSync(join(folder, file), groups.flatMap(crdsOf).map((crd) => dump(crd)).join('---\n'));
  write('istio-1.30.3.yaml', ['extensions.istio.io', 'networking.istio.io', 'security.istio.io', 'telemetry.istio.io']);
  write('aws-load-balancer-controller-3.5.0.yaml', ['elbv2.k8s.aws']);
  return folder;
}

function plain(group: string): object[] {
  const properties = { color: { type: 'string', enum: ['on', 'off'] }, description: { type: 'string' } };
  return [crd(group, [{ name: 'v1beta1', served: true, schema: { openAPIV3Schema: spec({ properties }) } }])];
}

function noisy(group: string): object[] {
  const properties = {
    description: { description: 'What a person says of it.', type: 'string' },
    color: { enum: ['on', 'off'], type: 'string', description: 'Defaults to on' },
  };
  const old = { openAPIV3Schema: spec({ properties: { old: { type: 'string' } } }) };
  const versions = [
    { name: 'v1alpha3', served: true, schema: old },
    { name: 'v1beta1', served: true, schema: { openAPIV3Schema: spec({ description: 'All of it.', properties }) } },
    { name: 'v1alpha10', served: true, schema: old },
    { name: 'v1', served: false, schema: old },
  ];
  return [{ apiVersion: 'v1', kind: 'Namespace' }, crd('example.com', versions), crd(group, versions)];
}

function spec(schema: object): object {
  return { type: 'object', properties: { spec: { type: 'object', ...schema } } };
}

function crd(group: string, versions: object[]): object {
  const kind = `${group[0].toUpperCase()}${group.slice(1, group.indexOf('.'))}Thing`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `things.${group}` },
    spec: { group, names: { kind, plural: 'things' }, scope: 'Namespaced', versions },
  };
}
