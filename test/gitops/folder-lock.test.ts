// The lock on a folder: one synth at a time, and a lock that a killed synth left is replaced.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import { EdgeError } from '../../src/base/errors';
import { DeliveryApp } from '../../src/gitops/delivery-app';
import { withLock } from '../../src/gitops/folder-lock';
import { GitOpsApp } from '../../src/gitops/gitops-app';

let scratch: string;
let folder: string;
let lock: string;
beforeEach(() => {
  delete process.env.CDK8S_OUTDIR;
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'folder-lock-test-')));
  folder = join(scratch, 'dist', 'shop');
  lock = join(scratch, 'dist', '.shop.lock');
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

function lockedBy(text: string): void {
  mkdirSync(join(scratch, 'dist'));
  writeFileSync(lock, text);
}

test('the lock contains the process id, and is deleted afterwards', () => {
  expect(withLock(folder, () => readFileSync(lock, 'utf8'))).toBe(String(process.pid));
  expect(readdirSync(join(scratch, 'dist'))).toEqual([]);
});

test('the lock is deleted when the work throws', () => {
  expect(() => withLock(folder, () => { throw new RangeError('mine'); })).toThrow(new RangeError('mine'));
  expect(readdirSync(join(scratch, 'dist'))).toEqual([]);
});

test('a folder that is locked by a running process is rejected, and the lock is kept', () => {
  lockedBy(String(process.ppid));
  const work = jest.fn();
  expect(() => withLock(folder, work)).toThrow(new EdgeError(`${folder} is locked by another synth (pid ${process.ppid}). If no synth is running, delete ${lock}`));
  expect(readFileSync(lock, 'utf8')).toBe(String(process.ppid));
  expect(work).not.toHaveBeenCalled();
});

test('a folder cannot be locked twice by the same process', () => {
  expect(() => withLock(folder, () => withLock(folder, () => 'done'))).toThrow(`${folder} is locked by another synth (pid ${process.pid})`);
  expect(readdirSync(join(scratch, 'dist'))).toEqual([]);
});

test('a lock that another process has replaced is not deleted', () => {
  withLock(folder, () => writeFileSync(lock, String(process.ppid)));
  expect(readFileSync(lock, 'utf8')).toBe(String(process.ppid));
});

test.each<[string, () => number | string]>([
  ['nobody: it is empty', () => ''],
  ['something unknown', () => 'x'],
  ['a process that was killed', () => spawnSync(process.execPath, ['--eval', '0']).pid],
  ['an earlier process with our own id, as in a container', () => process.pid],
])('the lock of %s is replaced', (_, owner) => {
  lockedBy(String(owner()));
  expect(withLock(folder, () => 'done')).toBe('done');
  expect(existsSync(lock)).toBe(false);
});

test('two folders can be locked at the same time', () => {
  expect(withLock(folder, () => withLock(join(scratch, 'clusters', 'shop'), () => 'done'))).toBe('done');
});

describe('nothing is written while another process writes the delivery folder', () => {
  beforeEach(() => {
    mkdirSync(join(scratch, 'clusters'));
    writeFileSync(join(scratch, 'clusters', '.shop.lock'), String(process.ppid));
  });
  const rejected = (synth: () => void) => {
    expect(synth).toThrow(`${join(scratch, 'clusters', 'shop')} is locked by another synth (pid ${process.ppid})`);
    expect(existsSync(folder)).toBe(false);
    expect(readdirSync(join(scratch, 'clusters'))).toEqual(['.shop.lock']);
  };

  it('by a GitOpsApp', () => {
    const app = new GitOpsApp({ folder, deliveryFolder: join(scratch, 'clusters', 'shop') });
    new ApiObject(new Chart(app, '10-a'), 'A', { apiVersion: 'v1', kind: 'ConfigMap' });
    new ApiObject(new Chart(app.delivery, 'flux'), 'A', { apiVersion: 'v1', kind: 'ConfigMap' });
    rejected(() => app.synth());
  });

  it('by a DeliveryApp', () => {
    const app = new DeliveryApp({ folder: join(scratch, 'clusters', 'shop') });
    new ApiObject(new Chart(app, 'flux'), 'A', { apiVersion: 'v1', kind: 'ConfigMap' });
    rejected(() => app.synth());
  });
});
