// How one folder takes the place of another: with as few writes as it takes, and never with neither of them there.
import * as childProcess from 'node:child_process';
import {
  chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { swapFolders } from '../../src/gitops/folder-swap';
import { replaceFolder } from '../../src/gitops/gitops-folder';

/** Node's own module: what a test file imports is a copy of it. */
const NODE = process.getBuiltinModule('child_process');

let scratch: string;
let [next, folder, previous]: string[] = [];
beforeEach(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'folder-swap-test-')));
  [next, folder, previous] = ['.shop.next', 'it\'s a "$(shop)"', '.shop.previous'].map(name => join(scratch, name));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(scratch, { recursive: true, force: true });
});

type Files = Readonly<Record<string, string>>;

function write(at: string, files: Files): void {
  mkdirSync(at);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), text);
    utimesSync(join(at, name), 1000, 1000);
  }
}

function read(at: string): Files {
  const names = (readdirSync(at, { recursive: true }) as string[]).filter(name => statSync(join(at, name)).isFile()).sort();
  return Object.fromEntries(names.map(name => [name, readFileSync(join(at, name), 'utf8')]));
}

/** Whether each file, and the folder itself, is still the one that was there. */
function marks(at: string): Record<string, string> {
  const mark = (path: string) => `${statSync(path).ino} ${statSync(path).mtimeMs}`;
  return { '.': mark(at), ...Object.fromEntries(Object.keys(read(at)).map(name => [name, mark(join(at, name))])) };
}

/** Passes the PATH on to shells, and counts them. */
function shells(path?: string): jest.SpyInstance {
  const real = childProcess.spawnSync;
  return jest.spyOn(NODE, 'spawnSync').mockImplementation(((file: string, args: string[], options: object) =>
    real(file, args, { ...options, ...(path === undefined ? {} : { env: { PATH: path } }) })) as typeof NODE.spawnSync);
}

const OLD: Files = { '10-a.k8s.yaml': 'a\n', '20-b.k8s.yaml': 'b\n', Kustomization: 'k\n', 'more/secret.yaml': 'mine\n' };

describe('a folder is replaced', () => {
  it('by nothing where nothing differs', () => {
    write(folder, OLD);
    symlinkSync('10-a.k8s.yaml', join(folder, 'link'));
    const before = marks(folder);
    write(next, OLD);
    symlinkSync('10-a.k8s.yaml', join(next, 'link'));
    const asked = shells();
    replaceFolder(next, folder, previous);
    expect([marks(folder), readdirSync(scratch), asked.mock.calls]).toEqual([before, readdirSync(dirname(folder)), []]);
    expect([existsSync(next), existsSync(previous)]).toEqual([false, false]);
  });

  it('by one rename where there is none, however deep', () => {
    folder = join(scratch, 'dist', 'eu', 'shop');
    write(next, OLD);
    const before = marks(next);
    const asked = shells();
    replaceFolder(next, folder, previous);
    expect([read(folder), marks(folder), existsSync(next), asked.mock.calls]).toEqual([OLD, before, false, []]);
  });

  it('by one rename where it is empty', () => {
    mkdirSync(folder);
    write(next, OLD);
    const before = marks(next);
    const asked = shells();
    replaceFolder(next, folder, previous);
    expect([read(folder), marks(folder), readdirSync(scratch).length]).toEqual([OLD, before, 1]);
    expect(asked).not.toHaveBeenCalled();
  });

  it('by one file where the bytes of one differ', () => {
    write(folder, OLD);
    const before = marks(folder);
    write(next, { ...OLD, '20-b.k8s.yaml': 'B\n' });
    const asked = shells();
    replaceFolder(next, folder, previous);
    const after = marks(folder);
    expect([read(folder), readdirSync(scratch).length, asked.mock.calls]).toEqual([{ ...OLD, '20-b.k8s.yaml': 'B\n' }, 1, []]);
    expect(Object.keys(after).filter(name => after[name] !== before[name])).toEqual(['.', '20-b.k8s.yaml']);
    expect(after['.'].split(' ')[0]).toBe(before['.'].split(' ')[0]);
  });

  const others: [string, Files][] = [
    ['the bytes of two files differ', { ...OLD, '10-a.k8s.yaml': 'A\n', '20-b.k8s.yaml': 'B\n' }],
    ['a file is new', { ...OLD, '30-c.k8s.yaml': 'c\n' }],
    ['a file is gone', { '10-a.k8s.yaml': 'a\n', Kustomization: 'k\n', 'more/secret.yaml': 'mine\n' }],
    ['a file has another name', { '10-a.k8s.yaml': 'a\n', '30-b.k8s.yaml': 'b\n', Kustomization: 'k\n', 'more/secret.yaml': 'mine\n' }],
    ['a folder is a file', { '10-a.k8s.yaml': 'a\n', '20-b.k8s.yaml': 'b\n', Kustomization: 'k\n', more: 'mine\n' }],
  ];
  it.each(others)('as a whole where %s', (_, files) => {
    write(folder, OLD);
    write(next, files);
    const whole = marks(next);
    const asked = shells();
    replaceFolder(next, folder, previous);
    expect([read(folder), marks(folder), readdirSync(scratch).length]).toEqual([files, whole, 1]);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('as a whole where a link leads elsewhere', () => {
    write(folder, OLD);
    symlinkSync('10-a.k8s.yaml', join(folder, 'link'));
    write(next, OLD);
    symlinkSync('20-b.k8s.yaml', join(next, 'link'));
    replaceFolder(next, folder, previous);
    expect([readlinkSync(join(folder, 'link')), readdirSync(scratch).length]).toEqual(['20-b.k8s.yaml', 1]);
  });

  it.each([['nothing differs', OLD], ['a file differs', { ...OLD, Kustomization: 'K\n' }], ['more differs', { Kustomization: 'K\n' }]])(
    'and what a kill left beside it goes: %s', (_, files) => {
      write(folder, OLD);
      write(next, files);
      write(previous, { 'old.yaml': 'old\n' });
      replaceFolder(next, folder, previous);
      expect([read(folder), readdirSync(scratch).length]).toEqual([files, 1]);
    });
});

describe('a swap', () => {
  beforeEach(() => {
    write(folder, OLD);
    write(next, { Kustomization: 'new\n' });
  });

  /** A `mv` that fails from the nth move on. */
  function failingFrom(nth: number): string {
    const bin = join(scratch, 'bin');
    write(bin, { mv: `#!/bin/sh\necho move >>${bin}/log\n[ "$(wc -l <${bin}/log)" -ge ${nth} ] && exit 1\nPATH=${process.env.PATH} exec mv "$@"\n` });
    chmodSync(join(bin, 'mv'), 0o755);
    return `${bin}:${process.env.PATH}`;
  }

  const moved = () => [read(folder), read(previous), existsSync(next)];
  const MOVED = [{ Kustomization: 'new\n' }, OLD, false];

  it('moves both, whatever characters are in their names', () => {
    const asked = shells();
    swapFolders(next, folder, previous);
    expect(moved()).toEqual(MOVED);
    expect(asked.mock.results.map(({ value }) => (value as childProcess.SpawnSyncReturns<string>).status)).toEqual([0]);
  });

  it('is done by Node where there is no sh', () => {
    const asked = shells(join(scratch, 'empty'));
    swapFolders(next, folder, previous);
    expect(moved()).toEqual(MOVED);
    expect(asked.mock.results.map(({ value }) => ((value as childProcess.SpawnSyncReturns<string>).error as NodeJS.ErrnoException).code)).toEqual(['ENOENT']);
  });

  it.each([1, 2, 3])('is done by Node where the shell fails from its move %i on', nth => {
    shells(failingFrom(nth));
    swapFolders(next, folder, previous);
    expect(moved()).toEqual(MOVED);
  });

  it('asks no shell on Windows', () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
    const asked = shells();
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' });
    try {
      swapFolders(next, folder, previous);
    } finally {
      Object.defineProperty(process, 'platform', platform);
    }
    expect([asked.mock.calls, moved()]).toEqual([[], MOVED]);
  });

  it('that cannot be done leaves the old folder, and says why', () => {
    write(previous, { 'in-the-way': '' });
    shells(failingFrom(1)); // a real one would move into that folder
    expect(() => swapFolders(next, folder, previous)).toThrow(/ENOTEMPTY|EPERM|EEXIST/);
    expect([read(folder), existsSync(next)]).toEqual([OLD, true]);
  });

  it('whose second step fails puts the old folder back', () => {
    const real = process.getBuiltinModule('fs').renameSync;
    shells(join(scratch, 'empty'));
    jest.spyOn(process.getBuiltinModule('fs'), 'renameSync').mockImplementation((from, to) => {
      if (from === next) {
        throw new Error('not today');
      }
      real(from, to);
    });
    expect(() => swapFolders(next, folder, previous)).toThrow('not today');
    expect([read(folder), existsSync(next), existsSync(previous)]).toEqual([OLD, true, false]);
  });

  it('whose second move fails in the shell puts the old folder back', () => {
    const bin = join(scratch, 'bin');
    write(bin, { mv: `#!/bin/sh\n[ "$2" = "${next}" ] && { mkdir "$3"; exit 1; }\nPATH=${process.env.PATH} exec mv "$@"\n` });
    chmodSync(join(bin, 'mv'), 0o755);
    shells(`${bin}:${process.env.PATH}`);
    jest.spyOn(process.getBuiltinModule('fs'), 'renameSync').mockImplementation(() => { throw new Error('not today'); });
    expect(() => swapFolders(next, folder, previous)).toThrow('not today');
    expect([read(folder), read(next), existsSync(previous)]).toEqual([OLD, { Kustomization: 'new\n' }, false]);
  });
});
