// A synth that is killed at any moment leaves the old folder or the new one, byte for byte, and the next one cleans up after it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Charts, appOf } from './synth-program';

const ROOT = join(__dirname, '..', '..');

/** Makes one file of the program and all that it imports: it starts some fifty times, and so does it in half of the time. esbuild comes with tsx. */
const BUNDLE = `require(require.resolve('esbuild', { paths: [require.resolve('tsx')] }))
  .buildSync({ entryPoints: ['test/gitops/synth-program.ts'], outfile: process.argv[1], bundle: true, platform: 'node', logLevel: 'error' })`;

let program: string;
beforeAll(() => {
  program = join(mkdtempSync(join(tmpdir(), 'killed-synth-program-')), 'synth.js');
  expect(spawnSync(process.execPath, ['-e', BUNDLE, program], { cwd: ROOT, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});
afterAll(() => rmSync(dirname(program), { recursive: true, force: true }));

let scratch: string;
beforeEach(() => {
  delete process.env.CDK8S_OUTDIR;
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'killed-synth-test-')));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Runs a synth as the leader of a process group, killed before the nth time that it writes, if at all. */
function synth(folder: string, charts: Charts, nth?: number, more: NodeJS.ProcessEnv = {}): Promise<End> {
  const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CDK8S_|NODE_OPTIONS)/.test(name))), ...more };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, folder, JSON.stringify(charts), String(nth)], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout!.on('data', text => { output += text; });
    child.on('error', reject).on('close', (code, signal) => resolve({ code, signal, output }));
  });
}

/** What is at the place of a folder: all files with their bytes, or nothing. */
function contents(folder: string): Record<string, string> | undefined {
  if (!existsSync(folder)) {
    return undefined;
  }
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter(name => statSync(join(folder, name)).isFile()).sort();
  return Object.fromEntries(names.map(name => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** A folder as an earlier synth left it, with a folder of somebody else in it. */
function folderOf(charts: Charts | undefined): string {
  const folder = join(mkdtempSync(join(scratch, 'case-')), 'shop');
  if (charts !== undefined) {
    appOf(folder, charts).synth();
    mkdirSync(join(folder, 'more'));
    writeFileSync(join(folder, 'more', 'secret.yaml'), 'mine\n');
  }
  return folder;
}

/** Runs a complete synth in this process, and says what the folder holds, and what stands beside it. */
function completed(folder: string, charts: Charts): [Record<string, string> | undefined, string[]] {
  appOf(folder, charts).synth();
  return [contents(folder), readdirSync(join(folder, '..'))];
}

/** On Windows, Node swaps folders by itself, and a kill in between is mended by the next synth. */
function isWithoutSignals(): boolean {
  if (process.platform === 'win32') {
    console.warn('no synth is killed: Windows has neither signals nor sh');
  }
  return process.platform === 'win32';
}

const OLD: Charts = { '10-a': ['a'], '20-b': ['b'], '30-c': ['c'] };

test.each<[string, Charts | undefined, Charts]>([
  ['the first one', undefined, OLD],
  ['one that changes a file', OLD, { ...OLD, '20-b': ['b', 'x'] }],
  ['one that changes files and removes one', OLD, { '10-a': ['a', 'x'], '20-b': ['b', 'y'] }],
])('a synth killed before any of its writes leaves the old folder or the new one: %s', async (_, before, after) => {
  if (isWithoutSignals()) {
    return;
  }
  const folder = folderOf(before);
  const old = contents(folder);
  const { code, output } = await synth(folder, after);
  const complete = contents(folder);
  expect([code, readdirSync(join(folder, '..')), completed(folder, after)]).toEqual([0, ['shop'], [complete, ['shop']]]);
  expect(Number(output)).toBeGreaterThan(7);
  const left = await Promise.all(Array.from({ length: Number(output) }, async (__, index) => {
    const own = folderOf(before);
    const { signal } = await synth(own, after, index + 1);
    const isNew = JSON.stringify(contents(own)) === JSON.stringify(complete);
    expect([signal, contents(own)]).toEqual(['SIGKILL', isNew ? complete : old]);
    expect(completed(own, after)).toEqual([complete, ['shop']]);
    return isNew ? 'new' : 'old';
  }));
  expect([...left].sort().reverse()).toEqual(left);
}, 60_000);

describe('a signal while the folders are swapped', () => {
  const NEW: Charts = { '10-a': ['a', 'x'], '20-b': ['b', 'y'] };

  /** A `mv` for the front of the PATH: it sends signals before the nth move. */
  function signalling(nth: number, signals: readonly string[]): NodeJS.ProcessEnv {
    const bin = join(scratch, 'bin');
    mkdirSync(bin);
    const send = signals.map(signal => `kill -s ${signal}; `).join('');
    writeFileSync(join(bin, 'mv'), `#!/bin/sh\necho move >>${bin}/log\n[ "$(wc -l <${bin}/log)" -eq ${nth} ] && { ${send}}\nPATH=$REST exec mv "$@"\n`, { mode: 0o755 });
    return { PATH: `${bin}:${process.env.PATH}`, REST: process.env.PATH };
  }

  /** The shell goes on without the process that asked for it. */
  async function whenMoved(folder: string): Promise<Record<string, string> | undefined> {
    for (let tries = 0; existsSync(join(folder, '..', '.shop.next')) && tries < 500; tries += 1) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    return contents(folder);
  }

  it.each<[string, number, NodeJS.Signals, string[]]>([
    ['before the first move', 1, 'SIGKILL', ['KILL -- $SYNTH']],
    ['between the moves', 2, 'SIGKILL', ['KILL -- $SYNTH']],
    ['between the moves, to the whole group', 2, 'SIGKILL', ['KILL -- -$SYNTH']],
    ['between the moves, to the whole group', 2, 'SIGINT', ['INT -- -$SYNTH']],
    ['between the moves, to the whole group', 2, 'SIGTERM', ['TERM -- -$SYNTH']],
    ['between the moves, and others to the shell', 2, 'SIGKILL', ['KILL -- $SYNTH', 'HUP 0', 'INT 0', 'QUIT 0', 'TERM 0']],
  ])('ends in the new folder: %s (move %i, %s)', async (_, nth, end, signals) => {
    if (isWithoutSignals()) {
      return;
    }
    const folder = folderOf(OLD);
    const complete = completed(folderOf(OLD), NEW)[0];
    const { signal } = await synth(folder, NEW, undefined, signalling(nth, signals));
    expect([signal, await whenMoved(folder)]).toEqual([end, complete]);
    expect(readFileSync(join(scratch, 'bin', 'log'), 'utf8')).toBe('move\nmove\n');
    expect(completed(folder, NEW)).toEqual([complete, ['shop']]);
  }, 20_000);
});
