// One writer to a folder at a time, whatever became of the one before.
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
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'folder-lock-test-')));
  folder = join(scratch, 'dist', 'shop');
  lock = join(scratch, 'dist', '.shop.lock');
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** A process that is gone, as after a kill. */
function gone(): number {
  return spawnSync(process.execPath, ['--eval', '0']).pid;
}

test('work is done under a lock with the name of the process, and nothing is left', () => {
  expect(withLock(folder, () => readFileSync(lock, 'utf8'))).toBe(String(process.pid));
  expect([existsSync(folder), readdirSync(join(scratch, 'dist'))]).toEqual([false, []]);
});

test('work that fails leaves no lock', () => {
  expect(() => withLock(folder, () => { throw new RangeError('mine'); })).toThrow(new RangeError('mine'));
  expect(readdirSync(join(scratch, 'dist'))).toEqual([]);
});

test('a folder that another process writes is refused, and its lock stays', () => {
  withLock(folder, () => undefined);
  writeFileSync(lock, String(process.ppid));
  const work = jest.fn();
  expect(() => withLock(folder, work)).toThrow(new EdgeError(`${folder} is being written by process ${process.ppid}: wait for it. If that is no synth, remove ${lock}`));
  expect([work.mock.calls, readFileSync(lock, 'utf8')]).toEqual([[], String(process.ppid)]);
});

test.each<[string, () => string]>([['of a process that was killed', () => String(gone())], ['without a number', () => ''], ['of nobody', () => 'x'], ['of an earlier process with our number', () => String(process.pid)]])(
  'a lock %s is none', (_, text) => {
    withLock(folder, () => undefined);
    writeFileSync(lock, text());
    expect(withLock(folder, () => 'done')).toBe('done');
    expect(existsSync(lock)).toBe(false);
  });

test('two folders may be written one inside the work of the other', () => {
  expect(withLock(folder, () => withLock(join(scratch, 'clusters', 'shop'), () => 'done'))).toBe('done');
});

test('the work of a folder is not done inside itself', () => {
  expect(() => withLock(folder, () => withLock(folder, () => 'done'))).toThrow(`${folder} is being written by process ${process.pid}`);
  expect(readdirSync(join(scratch, 'dist'))).toEqual([]);
});

describe('an app refuses to write', () => {
  beforeEach(() => {
    mkdirSync(join(scratch, 'clusters'));
    writeFileSync(join(scratch, 'clusters', '.shop.lock'), String(process.ppid));
    delete process.env.CDK8S_OUTDIR;
  });
  const refused = (synth: () => void) => {
    expect(synth).toThrow(`${join(scratch, 'clusters', 'shop')} is being written by process ${process.ppid}`);
    expect([existsSync(folder), readdirSync(join(scratch, 'clusters'))]).toEqual([false, ['.shop.lock']]);
  };

  it('while another one writes its delivery folder', () => {
    const app = new GitOpsApp({ folder, deliveryFolder: join(scratch, 'clusters', 'shop') });
    new ApiObject(new Chart(app, '10-a'), 'A', { apiVersion: 'v1', kind: 'ConfigMap' });
    new ApiObject(new Chart(app.delivery, 'flux'), 'A', { apiVersion: 'v1', kind: 'ConfigMap' });
    refused(() => app.synth());
  });

  it('when it is a DeliveryApp, likewise', () => {
    const app = new DeliveryApp({ folder: join(scratch, 'clusters', 'shop') });
    new ApiObject(new Chart(app, 'flux'), 'A', { apiVersion: 'v1', kind: 'ConfigMap' });
    refused(() => app.synth());
  });
});
