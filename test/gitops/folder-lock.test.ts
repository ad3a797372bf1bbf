// The lock on a folder: one synth at a time, and a lock that a killed synth left is replaced.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import { EdgeError } from '../../src/base/errors';
import { DeliveryApp } from '../../src/gitops/delivery-app';
import { withLock } from '../../src/gitops/folder-lock';
import { GitOpsApp } from '../../src/gitops/gitops-app';
import { type LockOwner, newOwner } from '../../src/gitops/lock-owner';

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

/** The content of a lock. The defaults are those of the process that runs the tests' worker. */
function owner(fields: Partial<LockOwner> = {}): string {
  return JSON.stringify({ ...newOwner(), pid: process.ppid, started: '', ...fields });
}

test('the lock contains the process id and the host, and is deleted afterwards', () => {
  expect(JSON.parse(withLock(folder, () => readFileSync(lock, 'utf8')))).toMatchObject({ pid: process.pid, host: hostname() });
  expect(readdirSync(join(scratch, 'dist'))).toEqual([]);
});

test('the lock is deleted when the work throws', () => {
  expect(() => withLock(folder, () => { throw new RangeError('mine'); })).toThrow(new RangeError('mine'));
  expect(readdirSync(join(scratch, 'dist'))).toEqual([]);
});

test('a folder that is locked by a running process is rejected, and the lock is kept', () => {
  const other = owner();
  lockedBy(other);
  const work = jest.fn();
  expect(() => withLock(folder, work)).toThrow(new EdgeError(`${folder} is locked by another synth (pid ${process.ppid}). If no synth is running, delete ${lock}`));
  expect(readFileSync(lock, 'utf8')).toBe(other);
  expect(work).not.toHaveBeenCalled();
});

test('a folder cannot be locked twice by the same process', () => {
  expect(() => withLock(folder, () => withLock(folder, () => 'done'))).toThrow(`${folder} is locked by another synth (pid ${process.pid})`);
  expect(readdirSync(join(scratch, 'dist'))).toEqual([]);
});

test('a folder cannot be locked by another thread, or another copy of the package, in the same process', () => {
  let other: typeof withLock | undefined;
  jest.isolateModules(() => {
    other = (jest.requireActual('../../src/gitops/folder-lock') as { withLock: typeof withLock }).withLock;
  });
  expect(other).not.toBe(withLock);
  expect(() => withLock(folder, () => other!(folder, () => 'done'))).toThrow(`${folder} is locked by another synth (pid ${process.pid})`);
});

test('a lock that another process has replaced is not deleted', () => {
  const other = owner();
  withLock(folder, () => writeFileSync(lock, other));
  expect(readFileSync(lock, 'utf8')).toBe(other);
});

const gone = (): number => spawnSync(process.execPath, ['--eval', '0']).pid;

test.each<[string, () => string]>([
  ['a process that was killed', () => owner({ pid: gone() })],
  ['an earlier process with our own id, as in a container that was restarted', () => owner({ pid: process.pid, started: '1' })],
  ['an earlier process with the id of another one', () => owner({ started: '1' })],
])('the lock of %s is replaced', (_, text) => {
  lockedBy(text());
  expect(withLock(folder, () => readdirSync(join(scratch, 'dist')))).toEqual(['.shop.lock']);
  expect(existsSync(lock)).toBe(false);
});

test.each<[string, () => string, string]>([
  ['nobody: it is empty', () => '', ''],
  ['something unknown', () => 'x', ''],
  ['something that is no object', () => 'null', ''],
  ['a path in place of an id', () => owner({ id: '../x', pid: gone() }), ''],
  ['a process on another host', () => owner({ pid: 1_000_000_000, host: 'build-7' }), ' (pid 1000000000 on "build-7")'],
  ['a process in another container of the same name', () => owner({ pid: 1_000_000_000, kernel: 'a pid:[1]' }), ` (pid 1000000000 on ${JSON.stringify(hostname())})`],
])('the lock of %s is kept, because the synth may still run', (_, text, who) => {
  const content = text();
  lockedBy(content);
  expect(() => withLock(folder, () => 'done')).toThrow(new EdgeError(`${folder} is locked by another synth${who}. If no synth is running, delete ${lock}`));
  expect(readFileSync(lock, 'utf8')).toBe(content);
});

test('a stale lock that somebody else replaces at the same time is not removed twice', () => {
  const [stale, guard] = [owner({ pid: gone() }), (id: string) => `${lock}.${id}.gone`];
  const { id } = JSON.parse(stale) as LockOwner;
  lockedBy(stale);
  writeFileSync(guard(id), '');
  expect(() => withLock(folder, () => 'done')).toThrow(`${folder} is locked by another synth`);
  expect(readFileSync(lock, 'utf8')).toBe(stale);
  rmSync(lock);
  expect(withLock(folder, () => readdirSync(join(scratch, 'dist')))).toEqual(['.shop.lock']);
});

test('what processes left that were killed while they acquired the lock is deleted, and nothing else', () => {
  lockedBy(owner({ pid: gone() }));
  const [dead, alive] = [newOwner(), newOwner()];
  writeFileSync(`${lock}.${dead.id}`, JSON.stringify({ ...dead, pid: gone() }));
  writeFileSync(`${lock}.${alive.id}`, JSON.stringify(alive));
  mkdirSync(`${lock}.next`);
  withLock(folder, () => 'done');
  expect(readdirSync(join(scratch, 'dist')).sort()).toEqual([`.shop.lock.${alive.id}`, '.shop.lock.next'].sort());
});

test('two folders can be locked at the same time', () => {
  expect(withLock(folder, () => withLock(join(scratch, 'clusters', 'shop'), () => 'done'))).toBe('done');
});

describe('nothing is written while another process writes the delivery folder', () => {
  beforeEach(() => {
    mkdirSync(join(scratch, 'clusters'));
    writeFileSync(join(scratch, 'clusters', '.shop.lock'), owner());
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
