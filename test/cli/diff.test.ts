// `alb-istio diff`: which files are compared with which, and how it ends.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../src/cli/main';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'cli-diff-'));
});
afterEach(() => rmSync(scratch, { recursive: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(scratch, name)), { recursive: true });
    writeFileSync(join(scratch, name), text);
  }
}

function run(...args: string[]) {
  let out = '';
  let err = '';
  const terminal = { out: (text: string) => { out += text; }, err: (text: string) => { err += text; }, input: () => map('a', 9), color: false };
  const code = main(['diff', ...args.map(arg => (/^(old|new)/.test(arg) ? join(scratch, arg) : arg))], terminal);
  return { code, out, err };
}

const map = (name: string, value: number) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { x: ${value} }\n`;
const SAME = { code: 0, out: 'No differences.\n', err: '' };

test('exits with 0 when nothing differs, however the objects are spread over files', () => {
  put({ 'old/a.yaml': `${map('a', 1)}---\n${map('b', 2)}`, 'new/b.yml': map('b', 2), 'new/sub/a.json': JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', data: { x: 1 }, metadata: { name: 'a' } }) });
  expect(run('old', 'new')).toEqual(SAME);
});

test('exits with 1 and prints what differs', () => {
  put({ 'old/a.yaml': map('a', 1), 'new/a.yaml': map('a', 2) });
  expect(run('old', 'new')).toEqual({ code: 1, err: '', out: 'Other changes\n  changed ConfigMap a\n    /data/x: 1 → 2\n\n1 changed, 0 added, 0 removed.\n' });
  expect(run('--format', 'markdown', 'old/a.yaml', 'new/a.yaml')).toMatchObject({ code: 1, out: expect.stringMatching(/^### Rendered YAML\n\n1 changed/) });
});

test('compares folders that have a kustomization file by their relative paths', () => {
  const files = (folder: string, value: number) => ({ [`${folder}/Kustomization`]: 'resources: [a.yaml]', [`${folder}/a.yaml`]: map('a', value) });
  put({ ...files('old/dist/dev', 1), ...files('old/dist/production', 2), ...files('new/dist/dev', 1), ...files('new/dist/production', 3) });
  expect(run('old', 'new').out).toContain('  changed ConfigMap a in dist/production\n    /data/x: 2 → 3\n');
  expect(run('old/dist', 'new/dist').out).toContain('ConfigMap a in production\n');
  expect(run('old/dist/production', 'new/dist/production').out).toContain('  changed ConfigMap a\n');
  expect(run('old/dist/production/a.yaml', 'new/dist/dev/a.yaml').out).toContain('  changed ConfigMap a\n');
});

test('compares folders without one by their relative paths, too, when one side has the same object in two of them', () => {
  put({ 'old/dev/a.yaml': map('a', 1), 'old/production/a.yaml': map('a', 2), 'new/production/a.yaml': map('a', 2) });
  expect(run('old', 'new').out).toContain('  removed ConfigMap a in dev\n');
  expect(run('new', 'old').out).toContain('  added ConfigMap a in dev\n');
});

test('everything is added to an empty folder, and compared with standard input', () => {
  put({ 'new/a.yaml': map('a', 2) });
  mkdirSync(join(scratch, 'old'));
  expect(run('old', 'new').out).toContain('0 changed, 1 added, 0 removed.');
  expect(run('new', '-').out).toContain('/data/x: 2 → 9');
});

test.each([
  [[], 'diff needs two PATHs: OLD and NEW'],
  [['old'], 'diff needs two PATHs'],
  [['old', 'old', 'old'], 'diff needs two PATHs'],
  [['-', '-'], 'diff cannot read both OLD and NEW from standard input'],
  [['--format', 'json', 'old', 'old'], 'unknown format "json"; formats of diff: text, markdown'],
  [['old', 'new'], 'new does not exist'],
  [['old', 'old/bad.txt'], 'no manifests in'],
])('wrong usage and unreadable input exit with 2: %j', (args, message) => {
  put({ 'old/a.yaml': map('a', 1), 'old/bad.txt': 'a: 1' });
  expect(run(...args)).toEqual({ code: 2, out: '', err: expect.stringContaining(message) });
});
