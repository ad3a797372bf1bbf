import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { main } from '../src/cli';

const GOOD = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\n';
const vs = (weights: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec: { hosts: [a], http: [{ route: [${weights}] }] }\n`;
const BAD = vs('{}, {}');
const WARNING = vs('{ weight: 1 }, { weight: 1 }');

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cli-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const place = path.join(folder, name);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.writeFileSync(place, text);
  return place;
}

function run(words: string[], input = '', colour = false) {
  let out = '';
  let err = '';
  const code = main(words, { out: text => { out += text; }, err: text => { err += text; }, input: () => input, colour });
  return { code, out, err };
}

describe('check', () => {
  test('exits 0 without findings', () => {
    expect(run(['check', file('a.yaml', GOOD)])).toEqual({ code: 0, out: '0 errors, 0 warnings, 1 check ran, 7 skipped\n', err: '' });
  });

  test('exits 1 on an error', () => {
    const place = file('a.yaml', BAD);
    const { code, out } = run(['check', place]);
    expect(code).toBe(1);
    expect(out).toContain(`${place}:1: error zero-weights: VirtualService shop\n`);
  });

  test('exits 0 on warnings', () => {
    expect(run(['check', file('a.yaml', WARNING)])).toMatchObject({ code: 0, out: expect.stringContaining('0 errors, 1 warning') });
  });

  test('exits 0 on an acknowledged error', () => {
    const text = BAD.replace('name: shop', 'name: shop, annotations: { checks.cdk8s-alb-istio/zero-weights: known }');
    expect(run(['check', file('a.yaml', text)])).toMatchObject({ code: 0, out: expect.stringContaining('reason: known') });
  });

  test('prints JSON when asked', () => {
    const { code, out } = run(['check', '--format', 'json', file('a.yaml', BAD)]);
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 1, schemaVersion: 1, findings: [{ id: 'zero-weights' }] });
  });

  test('reads standard input', () => {
    expect(run(['check', '-'], BAD)).toMatchObject({ code: 1, out: expect.stringContaining('-:1: error') });
  });

  test('reads a folder with its folders, in lexical order, and only manifests', () => {
    ['b.yml', 'a/z.yaml', 'B.yaml'].forEach(name => file(name, BAD));
    file('c.json', JSON.stringify({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec: { http: [{ route: [{}, {}] }] } }));
    file('README.md', '- no\nmanifest');
    const { findings } = JSON.parse(run(['check', '--format=json', folder]).out) as { findings: { origin: { file: string } }[] };
    expect(findings.map(({ origin }) => path.relative(folder, origin.file))).toEqual(['B.yaml', 'a/z.yaml', 'b.yml', 'c.json']);
  });

  test('reads a file that is named twice only once', () => {
    const place = file('a.yaml', BAD);
    expect(run(['check', place, folder, place]).out).toContain('1 error,');
  });

  test('passes over kustomization files and says so', () => {
    file('a.yaml', GOOD);
    const place = file('kustomization.yaml', 'resources: [a.yaml]\n');
    expect(run(['check', folder])).toMatchObject({ code: 0, err: `alb-istio: ${place}: passed over, it is kustomize's own file\n` });
  });

  test('colours for a terminal only', () => {
    expect(run(['check', '-'], BAD, true).out).toContain('\u001b[31m');
    expect(run(['check', '-'], BAD, false).out).not.toContain('\u001b');
  });
});

describe('wrong usage and unreadable input exit 2 and say what is allowed', () => {
  test.each([
    [[], 'no command given; allowed: check, explain'],
    [['chek'], 'unknown command "chek"; allowed: check, explain'],
    [['toString'], 'unknown command "toString"'],
    [['check'], 'check needs a PATH'],
    [['check', '--format', 'xml', '-'], 'unknown format "xml"; allowed: text, json'],
    [['check', '--strict', '-'], 'allowed: --format, --help, --version'],
    [['check', '/does/not/exist'], '/does/not/exist does not exist'],
    [['explain'], 'explain needs one CHECK-ID; checks: conflicting-group-members, dangling-backend'],
    [['explain', 'unknown-subst'], 'there is no check "unknown-subst"; checks: conflicting-group-members, dangling-backend'],
    [['explain', '--format', 'json', 'unknown-subset'], 'explain has no --format'],
  ])('%j', (words, message) => {
    expect(run(words, GOOD)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
  });

  test('a folder without manifests', () => {
    file('README.md', '');
    expect(run(['check', folder])).toMatchObject({ code: 2, err: expect.stringContaining(`no manifests in ${folder}`) });
  });

  test('a file that is no manifest, with its line', () => {
    const place = file('a.yaml', `${GOOD}---\na: 1\n`);
    expect(run(['check', place])).toMatchObject({ code: 2, err: expect.stringContaining(`${place}:5: document 2: not a Kubernetes object`) });
  });
});

test('explain tells everything about a check', () => {
  const { code, out } = run(['explain', 'unknown-subset']);
  expect(code).toBe(0);
  for (const part of ['unknown-subset (error)', 'Why: ', 'Fix: ', 'Elsewhere: IST0101, KIA1107', 'checks.cdk8s-alb-istio/unknown-subset: <reason>']) {
    expect(out).toContain(part);
  }
  expect(run(['explain', 'useless-acknowledgement']).out).not.toContain('Accept it');
});

test('help and version exit 0', () => {
  expect(run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('alb-istio check') });
  expect(run(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test('the program itself reads standard input and returns its exit code', () => {
  const program = ['--import', 'tsx', path.join(__dirname, '../src/cli.ts')];
  const { status, stdout } = spawnSync(process.execPath, [...program, 'check', '-'], { input: BAD, encoding: 'utf8', cwd: path.join(__dirname, '..') });
  expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining('error zero-weights') });
  expect(execFileSync(process.execPath, [...program, '--version'], { encoding: 'utf8', cwd: path.join(__dirname, '..') })).toMatch(/^\d/);
}, 30_000);
