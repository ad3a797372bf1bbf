// What `alb-istio check --fix` changes, and what it leaves alone.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from '../../src/checks/runner';
import { SHELF } from '../../src/checks/shelf';
import { readYaml } from '../../src/manifests/yaml';
import { fixture } from '../checks/fixture';
import { run } from './command-line';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'fix-')); });
afterEach(() => rmSync(folder, { recursive: true }));

function fixed(text: string, ...args: readonly string[]): { text: string; out: string; err: string; code: number } {
  const file = join(folder, 'edge.yaml');
  writeFileSync(file, text);
  const { out, err, code } = run(['check', '--fix', ...args, file]);
  return { text: readFileSync(file, 'utf8'), out, err, code };
}

const TEAM = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { tier: 1 } } # of the shop
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations:
    example.com/on: yes   # a boolean
spec: { ports: [{ port: 80 }] }
`;

test('annotations and labels get the quotes that they lack; what is around them stays, and the change is printed', () => {
  const { text, out, code } = fixed(TEAM);
  expect(text).toBe(TEAM.replace('tier: 1', 'tier: \'1\'').replace('on: yes', 'on: \'yes\''));
  expect(out).toContain('-    example.com/on: yes   # a boolean\n+    example.com/on: \'yes\'   # a boolean\n');
  expect(out).toContain('0 errors, 0 warnings');
  expect(code).toBe(0);
  expect(readdirSync(folder)).toEqual(['edge.yaml']);
});

test('the report alone is on standard output when it is for programs', () => {
  const { out, err } = fixed(TEAM, '--format', 'json');
  expect(JSON.parse(out).findings).toEqual([]);
  expect(err).toContain('+metadata: { name: shop, labels: { tier: \'1\' } } # of the shop');
});

test('a file without a certain fix keeps its bytes, and what is acknowledged is left alone', () => {
  const wrong = fixture('zero-weights', 'bad');
  expect(fixed(wrong).text).toBe(wrong);
  const accepted = TEAM.replace('  annotations:\n', '  annotations:\n    checks.cdk8s-alb-istio/refused-by-api-server: later\n');
  expect(fixed(accepted).text).toBe(accepted.replace('tier: 1', 'tier: \'1\''));
});

test('standard input is never written', () => {
  const { out, code } = run(['check', '--fix', '-'], TEAM);
  expect([out.includes('refused-by-api-server'), code]).toEqual([true, 1]);
});

test.each(SHELF.map(({ id }) => id))('nothing that can be fixed is left of bad.yaml of %s, and no object is lost', id => {
  const before = fixture(id, 'bad');
  const { text } = fixed(before);
  const objects = readYaml(text, 'fixed.yaml');
  expect(objects.length).toBe(readYaml(before, 'bad.yaml').length);
  expect(check(objects).findings.filter(({ patches = [], acknowledged }) => patches.length > 0 && acknowledged === undefined)).toEqual([]);
});
