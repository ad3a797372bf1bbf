// One writer to a folder at a time: two that take turns with its files would leave some of each.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { EdgeError } from '../base/errors';
import { sibling } from './gitops-folder';

/**
 * Runs a piece of work while no other process does one on the same folder.
 *
 * @throws EdgeError while another process works on it. A lock of a process that is gone, as after a kill, is none
 */
export function withLock<T>(folder: string, work: () => T): T {
  const lock = sibling(folder, 'lock');
  mkdirSync(dirname(folder), { recursive: true });
  take(lock, folder);
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string, folder: string): void {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw error;
      }
    }
    const owner = ownerOf(lock);
    if (owner !== undefined && isRunning(owner)) {
      throw new EdgeError(`${folder} is being written by process ${owner}: wait for it. If that is no synth, remove ${lock}`);
    }
    rmSync(lock, { force: true });
  }
  throw new EdgeError(`${folder} is being written by others: wait for them`);
}

/** The process of a lock; none where it has gone meanwhile. */
function ownerOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it runs, for somebody else
  }
}
