// Runs commands in the repository, for the pages that show their output.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Root of the repository. */
export const ROOT = join(__dirname, '..');

/** Runs a command and returns its output, stdout and stderr interleaved. @throws Error with the output, if the command fails */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout } = spawnSync('bash', ['-c', '"$0" "$@" 2>&1', command, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, npm_config_loglevel: 'error', ...env },
  });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}`);
  }
  return stdout;
}

/** Calls a function with an empty temporary folder, and deletes the folder afterwards. */
export function withFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'docs-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
