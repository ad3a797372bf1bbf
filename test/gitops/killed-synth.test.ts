// After a synth was killed, the complete old folder or the complete new one exists, and the next synth cleans up.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Charts, appOf } from './synth-program';

const ROOT = join(__dirname, '..', '..');
const OLD: Charts = { '10-a': ['a'], '20-b': ['b'], '30-c': ['c'] };
const NEW: Charts = { '10-a': ['a', 'x'], '20-b': ['b', 'y'] };

let scratch: string;
beforeEach(() => {
  delete process.env.CDK8S_OUTDIR;
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'killed-synth-test-')));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** All files with their bytes; `undefined` if the folder does not exist. */
function contents(folder: string): Record<string, string> | undefined {
  if (!existsSync(folder)) {
    return undefined;
  }
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter(name => statSync(join(folder, name)).isFile()).sort();
  return Object.fromEntries(names.map(name => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** A folder that an earlier synth wrote, with a file that it did not write. */
function synthesized(name: string, charts: Charts): string {
  const folder = join(scratch, name, 'shop');
  appOf(folder, charts).synth();
  mkdirSync(join(folder, 'more'));
  writeFileSync(join(folder, 'more', 'secret.yaml'), 'mine\n');
  return folder;
}

test('killed between the two renames, then restored with Git: a file that Git does not know is not lost', () => {
  const folder = synthesized('killed', OLD);
  const args = ['--import', 'tsx', join(__dirname, 'synth-program.ts'), folder, JSON.stringify(NEW), 'renameSync', '2'];
  expect(spawnSync(process.execPath, args, { cwd: ROOT }).signal).toBe('SIGKILL');
  renameSync(synthesized('restored', OLD), folder);
  rmSync(join(folder, 'more'), { recursive: true });
  appOf(folder, NEW).synth();
  expect(contents(folder)).toEqual(contents(synthesized('complete', NEW)));
  expect(readdirSync(join(scratch, 'killed'))).toEqual(['shop']);
}, 120_000);

test.each<[string, string, number, string, 'old' | 'new']>([
  ['while it renders', 'writeFileSync', 3, 'shop', 'old'],
  ['before the old folder is moved away', 'renameSync', 1, 'shop', 'old'],
  ['between the two renames', 'renameSync', 2, '.shop.previous', 'old'],
  ['after the two renames', 'renameSync', 3, 'shop', 'new'],
  ['before the old folder is deleted', 'rmSync', 3, 'shop', 'new'],
])('killed %s', (_, call, nth, place, expected) => {
  const folder = synthesized('killed', OLD);
  const [old, complete] = [OLD, NEW].map((charts, index) => contents(synthesized(String(index), charts)));
  const whole = expected === 'old' ? old : complete;
  const args = ['--import', 'tsx', join(__dirname, 'synth-program.ts'), folder, JSON.stringify(NEW), call, String(nth)];
  expect(spawnSync(process.execPath, args, { cwd: ROOT }).signal).toBe('SIGKILL');
  expect(contents(join(scratch, 'killed', place))).toEqual(whole);
  expect(contents(folder)).toEqual(place === 'shop' ? whole : undefined);
  expect(readdirSync(join(scratch, 'killed')).some(name => name.startsWith('.shop.obsolete.'))).toBe(call === 'rmSync');
  appOf(folder, NEW).synth();
  expect(contents(folder)).toEqual(complete);
  expect(readdirSync(join(scratch, 'killed'))).toEqual(['shop']);
}, 120_000);
