// alb-istio.yaml and --ignore: what they change, what they refuse, and the example of docs/settings.md.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { EdgeError } from '../../src/base/errors';
import { readConfig } from '../../src/settings/config';
import { CONTROLLER_FIELDS, MESH_FIELDS } from '../../src/settings/config-fields';
import { globMatcher } from '../../src/settings/glob';
import { main } from '../../src/cli/main';
import { linesOf } from '../../src/manifests/yaml';
import { DEFAULT_SETTINGS } from '../../src/mesh/objects/settings';
import { controllerSettings } from '../../src/plan/controller-options';
import { runs } from '../runs';

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\n';
const [SETTINGS, SHOP] = [...readFileSync(join(__dirname, '../../docs/settings.md'), 'utf8').matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text);

let folder: string;
const home = process.cwd();
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'config-')));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  Object.entries(files).forEach(([name, text]) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  });
}

function run(...args: string[]) {
  let out = '';
  let err = '';
  const code = main(args, { out: text => { out += text; }, err: text => { err += text; }, input: () => SERVICE, color: false });
  return { code, out, err };
}

const skipped = (err: string) => err.split('\n').filter(line => line !== '').map(line => line.replace('alb-istio: skipped ', ''));

describe('alb-istio.yaml', () => {
  test('the example of the page changes the plan, and its typo is refused', () => {
    write({ 'alb-istio.yaml': SETTINGS, 'shop.yaml': SHOP, 'charts/values.yaml': 'a: 1\n' });
    const { out, err } = run('plan', '.');
    expect(out).toMatch(/shop\/web:80 +ip HTTP 8080/);
    expect(readFileSync(join(__dirname, '../../docs/settings.md'), 'utf8')).toContain(err);
    write({ 'alb-istio.yaml': SETTINGS.replace('outboundPolicy', 'outboundPolcy') });
    const refused = run('plan', '.');
    expect(refused.code).toBe(2);
    expect(readFileSync(join(__dirname, '../../docs/settings.md'), 'utf8')).toContain(refused.err.split('\n').at(-2));
  });

  test('settings of the mesh reach the models that checks read, those of each unit its own', () => {
    const route = (host: string) => `${SERVICE.replace('{ name: a }', '{ name: a, namespace: shop }')}spec: { ports: [{ port: 80 }] }\n---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: a, namespace: shop }
spec: { hosts: [a], http: [{ route: [{ destination: { host: ${host}, port: { number: 81 } } }] }] }\n`;
    write({ 'a/kustomization.yaml': '', 'a/a.yaml': route('a'), 'b/kustomization.yaml': '', 'b/b.yaml': route('a'), 'a/alb-istio.yaml': 'mesh: { clusterDomain: corp.example }\n' });
    const { code, out } = run('check', '--format', 'json', 'a', 'b');
    expect({ code, messages: JSON.parse(out).findings.map(({ message }: Record<string, string>) => message) }).toEqual({
      code: 1, messages: ['a.shop.svc.corp.example has no port 81; its ports: 80', 'a.shop.svc.cluster.local has no port 81; its ports: 80'],
    });
  });

  test('settings of the mesh reach the mesh', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a, labels: { sidecar.istio.io/inject: "true" } }\nspec: {}\n';
    write({ 'a/pod.yaml': pod, 'alb-istio.yaml': 'mesh: { outboundPolicy: REGISTRY_ONLY }\n', 'other.yaml': '' });
    expect(run('mesh', '--workload', 'default/a', 'a').out).toContain('is refused (REGISTRY_ONLY)');
    expect(run('mesh', '--workload', 'default/a', '--config', 'other.yaml', 'a').out).toContain('passes through');
  });

  test('both sides of a comparison have their own', () => {
    write({ 'old/shop.yaml': SHOP, 'new/shop.yaml': SHOP, 'new/alb-istio.yaml': 'controller: { defaultTargetType: ip }\n' });
    expect(run('plan', '--against', 'old', 'new').code).toBe(1);
    expect(run('plan', '--against', 'old', '--config', 'new/alb-istio.yaml', 'new').code).toBe(0);
  });

  test('manifests that are applied together cannot have two', () => {
    write({ 'a/a.yaml': SERVICE, 'a/alb-istio.yaml': '', 'b/b.yaml': SERVICE.replace('name: a', 'name: b') });
    expect(run('plan', 'a', 'b')).toMatchObject({
      code: 2, err: expect.stringContaining('have different settings: a/alb-istio.yaml and no alb-istio.yaml; choose one with --config FILE'),
    });
  });

  test('standard input has those of the working directory', () => {
    write({ 'alb-istio.yaml': 'controller: { x: 1 }\n' });
    expect(run('plan', '-')).toMatchObject({ code: 2, err: expect.stringContaining('alb-istio.yaml:1: controller.x is not a field; expected') });
  });

  test.each([
    ['ignor: []', '1: ignor is not a field; did you mean ignore?'],
    ['# a\nmesh:\n  rootNamspace: x', '3: mesh.rootNamspace is not a field; did you mean rootNamespace?'],
    ['mesh:\n  autoMtls: "yes"', '2: mesh.autoMtls must be true or false; got "yes"'],
    ['mesh:\n  trustDomains:\n  - 1', '2: mesh.trustDomains must be a list of strings; got [1]'],
    ['mesh: 1', '1: mesh must be a map; got 1'],
    ['mesh: { numTrustedProxies: -1 }', '1: mesh.numTrustedProxies must be a whole number from 0; got -1'],
    ['controller:\n  defaultScheme: public', '2: controller.defaultScheme must be internal or internet-facing; got "public"'],
    ['controller:\n  defaultTags: { a: 1 }', '2: controller.defaultTags must be a map from names to strings; got {"a":1}'],
    ['controller:\n  featureGates:\n    NLBSecurityGrop: true', '3: controller.featureGates.NLBSecurityGrop is not a field; did you mean NLBSecurityGroup?'],
    ['complete: 1', '1: complete must be true or false; got 1'],
    ['acknowledgements: 1', '1: acknowledgements must be a list; got 1'],
    ['acknowledgements:\n- a', '2: acknowledgements[0] must be a map with id, object, reason; got "a"'],
    ['acknowledgements:\n- { id: a }\n', '2: acknowledgements[0] lacks object'],
    ['acknowledgements:\n- id: zero-weights\n  object: { kind: a, name: b }\n  reson: x', '4: acknowledgements[0].reson is not a field; did you mean reason?'],
    ['acknowledgements:\n- id: zero-weights\n  object: { kind: a, name: b }\n  reason: " "', '4: acknowledgements[0].reason must be a string that is not blank; got " "'],
    ['acknowledgements:\n- id: zero-weights\n  object: { kind: a }\n  reason: x', '3: acknowledgements[0].object lacks name'],
    ['acknowledgements:\n- id: zero-weights\n  object: { kind: a, name: "{b,c}" }\n  reason: x', '3: acknowledgements[0].object.name must be a name, in which * and ? are wildcards'],
    ['acknowledgements:\n- id: zero-weight\n  object: { kind: a, name: b }\n  reason: x', '2: there is no check "zero-weight" whose findings can be acknowledged; did you mean zero-weights?'],
    ['acknowledgements:\n- id: useless-acknowledgement\n  object: { kind: a, name: b }\n  reason: x', '2: there is no check "useless-acknowledgement" whose findings can be acknowledged'],
    ...['2027-02-29', '2027-13-01', '2027-00-01', '2027-01-00', '2027-1-31', '"tomorrow"', '20270131', '2100-02-29'].map(day => [
      `acknowledgements:\n- id: zero-weights\n  object: { kind: a, name: b }\n  reason: x\n  expires: ${day}`, '5: acknowledgements[0].expires must be a date such as 2027-01-31',
    ]),
    ['- a', '1: expected a map with ignore, acknowledgements, complete, controller, mesh'],
    ['a: [', '1: '],
    ['a: 1\n---\nb: 1', ' expected one YAML document; got 2'],
    ['ignore: [""]', '1: ignore must be a list of strings; got [""]'],
  ])('refuses %j', (text, message) => {
    write({ 'alb-istio.yaml': text, 'a.yaml': SERVICE });
    const { code, err } = run('check', '.');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`alb-istio.yaml:${message}`) });
  });

  test('it has every option of the API', () => {
    expect(Object.keys(MESH_FIELDS).sort()).toEqual(Object.keys(DEFAULT_SETTINGS).sort());
    expect(Object.keys(CONTROLLER_FIELDS).sort()).toEqual([...Object.keys(controllerSettings()), 'clusterName'].sort());
    expect(readConfig(JSON.stringify({ mesh: DEFAULT_SETTINGS, controller: controllerSettings() }), 'a').mesh).toEqual(DEFAULT_SETTINGS);
  });

  test.each(['2028-02-29', '2027-12-31', '2000-02-29'])('%s is a date', day => {
    const entry = { id: 'zero-weights', object: { kind: 'Service', name: 'a' }, reason: 'x', expires: day };
    expect(readConfig(JSON.stringify({ acknowledgements: [entry] }), 'a').acknowledgements).toEqual([{ ...entry, origin: { file: 'a', document: 1, line: 1 } }]);
  });

  test('any content is read or refused with an error that names the file', () => {
    const entry = fc.record({
      id: fc.oneof(fc.constant('zero-weights'), fc.jsonValue()), object: fc.oneof(fc.record({ kind: fc.string(), name: fc.string() }), fc.jsonValue()),
      reason: fc.oneof(fc.string(), fc.jsonValue()), expires: fc.oneof(fc.constant('2027-01-31'), fc.jsonValue()),
    }, { requiredKeys: [] });
    const section = fc.oneof(fc.jsonValue(), fc.array(entry), fc.dictionary(fc.string(), fc.jsonValue()));
    const content = fc.record({ ignore: section, acknowledgements: section, complete: section, controller: section, mesh: section }, { requiredKeys: [] });
    fc.assert(fc.property(fc.oneof(content, fc.jsonValue()), value => {
      try {
        readConfig(JSON.stringify(value), 'own.yaml');
      } catch (error) {
        expect(error).toBeInstanceOf(EdgeError);
        expect((error as EdgeError).message).toMatch(/^own\.yaml/);
      }
    }), runs(1000));
  });

  test('a file that cannot be read is named', () => {
    expect(run('check', '--config', 'none.yaml', '-')).toMatchObject({ code: 2, err: expect.stringContaining('cannot read none.yaml') });
  });
});

describe('--ignore', () => {
  const FILES = { 'a.yaml': SERVICE, 'charts/x/values.yaml': 'a: 1\n', 'sub/b.values.yaml': 'b: 1\n', 'sub/.hidden/c.yaml': 'c: 1\n' };

  test('a glob without a slash matches files and folders at any depth, and every one has a line', () => {
    write(FILES);
    expect(skipped(run('check', '--ignore', 'charts', '--ignore', '*.values.yaml', '--ignore', '.hidden', '.').err)).toEqual([
      'charts: --ignore charts matches it', 'sub/.hidden: --ignore .hidden matches it', 'sub/b.values.yaml: --ignore *.values.yaml matches it',
    ]);
  });

  test.each(['plan', 'mesh'])('%s passes over ignored files', command => {
    write({ ...FILES, 'bad.yaml': 'apiVersion: [\n' });
    expect(run(command, '.').code).toBe(2);
    expect(run(command, '--ignore', 'bad.yaml', '.').code).toBe(0);
  });

  test('diff passes over them on both sides', () => {
    write({ 'old/a.yaml': SERVICE, 'new/a.yaml': SERVICE, 'new/b.yaml': SERVICE.replace('name: a', 'name: b') });
    expect(run('diff', 'old', 'new').code).toBe(1);
    expect(run('diff', '--ignore', 'new/b.yaml', 'old', 'new').code).toBe(0);
  });

  test('a file that is passed explicitly is ignored, too; without others nothing is left', () => {
    write(FILES);
    expect(run('check', '--ignore', './a.yaml', 'a.yaml')).toMatchObject({ code: 2, err: expect.stringContaining('no manifests in a.yaml') });
  });

  test('an empty glob is refused', () => {
    expect(run('check', '--ignore', './', '-')).toMatchObject({ code: 2, err: 'alb-istio: a glob must not be empty; got "./"\n' });
  });

  test('explain has no files', () => {
    expect(run('explain', '--ignore', 'a', 'zero-weights')).toMatchObject({ code: 2, err: 'alb-istio: explain has no --ignore\n' });
  });

  test.each([
    ['a/**', 'a/b/c.yaml', true], ['a/*.yaml', 'a/b/c.yaml', false], ['/a.yaml', 'b/a.yaml', false], ['a.yaml', 'b/a.yaml', true], ['**/b', 'a/b/c.yaml', true],
    ['{a,b}.yaml', 'x/b.yaml', true], ['!a.yaml', 'b.yaml', false], ['a?c', 'abc', true], ['charts/', 'x/charts/y.yaml', true],
  ])('%s and %s: %s', (glob, path, matches) => expect(globMatcher(glob)(path)).toBe(matches));
});

test('lines of a YAML string are found by pointer, whatever its style', () => {
  const lines = linesOf('# a\na:\n  - 1\n  - { b: c,\n      d: [e] }\n"x/y": &z 1\nempty:\nlast: *z\n', 'a.yaml');
  expect(Object.fromEntries(lines)).toMatchObject({ '': 2, '/a': 2, '/a/0': 3, '/a/1': 4, '/a/1/b': 4, '/a/1/d': 5, '/a/1/d/0': 5, '/x~1y': 6, '/empty': 7, '/last': 8 });
});
