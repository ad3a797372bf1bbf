// Folders of apps inside each other are rejected: each synth of the outer one would undo what is written into the inner one.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import { EdgeError } from '../../src/base/errors';
import { withLock } from '../../src/gitops/folder-lock';
import { GitOpsApp } from '../../src/gitops/gitops-app';
import { newOwner } from '../../src/gitops/lock-owner';

let scratch: string;
let outer: string;
let inner: string;
beforeEach(() => {
  delete process.env.CDK8S_OUTDIR;
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'nested-folders-test-')));
  outer = join(scratch, 'dist');
  inner = join(outer, 'eu', 'shop');
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

function app(folder: string, beside: { deliveryFolder?: string } = {}): GitOpsApp {
  const made = new GitOpsApp({ folder, deliveryFolder: join(scratch, 'clusters'), installFolder: join(scratch, 'install'), ...beside });
  new ApiObject(new Chart(made, '10-a'), 'A', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
  return made;
}

const filesIn = (folder: string) => (readdirSync(folder, { recursive: true }) as string[]).sort();

test('the inner folder is rejected once the outer one exists, and nothing is changed', () => {
  app(outer).synth();
  expect(() => app(inner).synth()).toThrow(new EdgeError(`${inner} is inside ${outer}, which another GitOpsApp replaces as a whole. Use a folder outside of it`));
  expect(filesIn(scratch)).toEqual(['dist', 'dist/10-a.k8s.yaml', 'dist/Kustomization']);
});

test('the outer folder is rejected once the inner one exists, and nothing is lost', () => {
  app(inner).synth();
  expect(() => app(outer).synth()).toThrow(new EdgeError(`${outer} contains ${inner}, which another GitOpsApp writes. Use folders that are not inside each other`));
  expect(filesIn(scratch).slice(-3)).toEqual(['dist/eu/shop', 'dist/eu/shop/10-a.k8s.yaml', 'dist/eu/shop/Kustomization']);
});

test('the inner folder is found through a symbolic link', () => {
  app(outer).synth();
  mkdirSync(join(outer, 'eu'));
  symlinkSync(join(outer, 'eu'), join(scratch, 'link'));
  expect(() => app(join(scratch, 'link', 'shop')).synth()).toThrow(`${join(scratch, 'link', 'shop')} is inside ${outer}`);
});

test('the files for Flux and Argo CD cannot be inside the folder of another app either', () => {
  app(outer).synth();
  const made = app(join(scratch, 'other'), { deliveryFolder: join(outer, 'clusters') });
  new ApiObject(new Chart(made.delivery, 'flux'), 'A', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
  expect(() => made.synth()).toThrow(`${join(outer, 'clusters')} is inside ${outer}`);
  expect(filesIn(scratch)).toEqual(['dist', 'dist/10-a.k8s.yaml', 'dist/Kustomization']);
});

describe('of two synths at the same time', () => {
  it('the inner one is rejected while the outer one runs, even if no folder exists yet', () => {
    withLock(outer, () => expect(() => app(inner).synth()).toThrow(`${outer} is locked by another synth (pid ${process.pid})`));
    expect(filesIn(scratch)).toEqual([]);
  });

  it('the outer one is rejected while the inner one runs, even if no folder exists yet', () => {
    withLock(inner, () => expect(() => app(outer).synth())
      .toThrow(new EdgeError(`${outer} contains ${join(outer, 'eu', '.shop.lock')}, the lock of another synth (pid ${process.pid}). Use folders that are not inside each other`)));
  });
});

test('other files that look like locks, and kustomizations by hand, are no reason to reject anything', () => {
  writeFileSync(join(scratch, 'Kustomization'), 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - dist\n');
  app(outer).synth();
  mkdirSync(join(outer, 'mine'));
  writeFileSync(join(outer, 'mine', '.terraform.lock'), 'mine');
  writeFileSync(join(outer, 'mine', 'Kustomization'), 'resources: [a.k8s.yaml]\n');
  writeFileSync(join(outer, 'mine', '.killed.lock'), JSON.stringify({ ...newOwner(), started: '1' }));
  expect(() => app(outer).synth()).not.toThrow();
  expect(readFileSync(join(outer, 'mine', '.terraform.lock'), 'utf8')).toBe('mine');
});
