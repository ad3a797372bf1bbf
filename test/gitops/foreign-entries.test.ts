// What a synth keeps: files by hand, whatever their names, and entries that cannot be copied or deleted.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EdgeError } from '../../src/base/errors';
import { appOf } from './synth-program';

/** A user without privileges, so that permissions count. The tests may run as root, who may do everything. */
const NOBODY = 65534;

let scratch: string;
let folder: string;
beforeEach(() => {
  delete process.env.CDK8S_OUTDIR;
  process.seteuid!(process.getuid!() === 0 ? NOBODY : process.getuid!());
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'foreign-entries-test-')));
  folder = join(scratch, 'dist', 'shop');
});
afterEach(() => {
  process.seteuid!(process.getuid!());
  spawnSync('chmod', ['-R', 'u+rwx', scratch]);
  rmSync(scratch, { recursive: true, force: true });
});

const synth = (...names: string[]) => appOf(folder, { '10-a': names }).synth();
const asError = (message: string) => new EdgeError(message);

describe('a Kustomization by hand', () => {
  const HEAD = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
  it.each([
    ['with a field that we do not write', `${HEAD}resources:\n  - a.yaml\n  - b.k8s.yaml\npatches:\n  - path: p.yaml\n`],
    ['with a comment', `# mine\n${HEAD}resources:\n  - b.k8s.yaml\n`],
    ['in another style', `${HEAD}resources: [b.k8s.yaml]\n`],
    ['without a file of ours', `${HEAD}resources:\n  - a.yaml\n`],
    ['without files', HEAD],
  ])('%s is rejected, and nothing is lost', (_, text) => {
    mkdirSync(folder, { recursive: true });
    const files = { Kustomization: text, 'a.yaml': 'a', 'b.k8s.yaml': 'b' };
    Object.entries(files).forEach(([name, own]) => writeFileSync(join(folder, name), own));
    expect(() => synth('a')).toThrow(asError(`${join(folder, 'Kustomization')} is not what a GitOpsApp writes, so the files that it lists may be written by hand. `
      + 'Use another folder, or undo the changes to this file'));
    expect(Object.fromEntries(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')]))).toEqual(files);
  });

  it('that is a symbolic link is rejected', () => {
    synth('a');
    rmSync(join(folder, 'Kustomization'));
    symlinkSync('10-a.k8s.yaml', join(folder, 'Kustomization'));
    expect(() => synth('b')).toThrow(`${join(folder, 'Kustomization')} is not what a GitOpsApp writes`);
  });

  it('that is a named pipe is rejected, without waiting for its writer', () => {
    mkdirSync(folder, { recursive: true });
    spawnSync('mkfifo', [join(folder, 'Kustomization')]);
    expect(() => synth('b')).toThrow(`${join(folder, 'Kustomization')} is not what a GitOpsApp writes`);
  });
});

test('our Kustomization with the line breaks of Windows is ours', () => {
  synth('a');
  writeFileSync(join(folder, 'Kustomization'), readFileSync(join(folder, 'Kustomization'), 'utf8').replaceAll('\n', '\r\n'));
  expect(() => synth('b')).not.toThrow();
});

test('a folder that has the name of a listed file is kept', () => {
  synth('a');
  appOf(folder, { '20-b': ['b'] }).synth();
  rmSync(join(folder, '20-b.k8s.yaml'));
  mkdirSync(join(folder, '20-b.k8s.yaml'));
  synth('a');
  expect(readdirSync(folder)).toEqual(['10-a.k8s.yaml', '20-b.k8s.yaml', 'Kustomization']);
});

test('a named pipe in the folder is rejected in a sentence, and nothing is changed', () => {
  synth('a');
  mkdirSync(join(folder, 'more'));
  spawnSync('mkfifo', [join(folder, 'more', 'pipe')]);
  expect(() => synth('b')).toThrow(asError(`${join(folder, 'more', 'pipe')} cannot be kept, because it is neither a file, a folder nor a symbolic link. `
    + 'Move it out of the folder'));
  expect(readdirSync(join(scratch, 'dist'))).toEqual(['shop']);
});

test('a read-only folder is kept, and neither this synth nor a later one fails because of it', () => {
  synth('a');
  mkdirSync(join(folder, 'ro'));
  writeFileSync(join(folder, 'ro', 'f'), 'mine');
  chmodSync(join(folder, 'ro'), 0o555);
  synth('b');
  synth('b');
  expect(() => appOf(folder, { '10-a': ['a'], 'ro': ['a'] }).synth()).toThrow(EdgeError);
  synth('c');
  expect(readFileSync(join(folder, 'ro', 'f'), 'utf8')).toBe('mine');
  expect({ mode: statSync(join(folder, 'ro')).mode & 0o777, left: readdirSync(join(scratch, 'dist')) }).toEqual({ mode: 0o555, left: ['shop'] });
});

describe('permissions that are missing', () => {
  it.each<[string, () => void, (of: string) => string]>([
    ['on the folder above', () => chmodSync(join(scratch, 'dist'), 0o555), of => `${of} cannot be written: permission denied (EACCES, open): ${join(of, '..', '.shop.lock.')}`],
    ['on a file in it', () => {
      writeFileSync(join(folder, 'secret'), 'mine');
      chmodSync(join(folder, 'secret'), 0);
    }, of => `${of} cannot be written: permission denied (EACCES, `],
    ['to search the folders above', () => chmodSync(scratch, 0o600), of => `${of} cannot be written: permission denied (EACCES, lstat): ${join(of, '..')}`],
  ])('%s are reported in a sentence', (_, spoil, message) => {
    synth('a');
    spoil();
    // A user who is not root gets the first error before anything is attempted.
    expect([message(folder), `${join(scratch, 'dist')} is not writable`].some(start => failure(() => synth('b')).startsWith(start))).toBe(true);
    process.seteuid!(process.getuid!());
    chmodSync(scratch, 0o700);
    expect(readFileSync(join(folder, '10-a.k8s.yaml'), 'utf8')).toContain('name: a');
    expect(existsSync(join(scratch, 'dist', '.shop.next'))).toBe(false);
  });

  it('are reported before anything is written', () => {
    mkdirSync(join(scratch, 'dist'), { mode: 0o555 });
    process.seteuid!(process.getuid!());
    const program = join(__dirname, 'synth-program.ts');
    const { stderr } = spawnSync(process.execPath, ['--import', 'tsx', program, folder, '{"10-a":["a"]}', 'rmSync', '0'], {
      cwd: join(__dirname, '..', '..'), encoding: 'utf8', ...process.getuid!() === 0 ? { uid: NOBODY, gid: NOBODY } : {},
    });
    expect(stderr).toContain(`EdgeError: ${join(scratch, 'dist')} is not writable. Change its permissions`);
  }, 60_000);
});

function failure(work: () => void): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(EdgeError);
    return (error as EdgeError).message;
  }
  throw new Error('nothing failed');
}
