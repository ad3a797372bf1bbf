// An exclusive lock on a folder: two synths that write it at the same time would leave a mix of their files.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { EdgeError } from '../base/errors';
import { sibling } from './gitops-folder';

/**
 * Runs `work` while no other process writes the folder. The lock is a file beside the folder that contains the process id of its owner.
 *
 * @throws EdgeError while another process holds the lock. The lock of a process that no longer runs, such as one that was killed, is replaced
 */
export function withLock<T>(folder: string, work: () => T): T {
  const lock = sibling(folder, 'lock');
  mkdirSync(dirname(folder), { recursive: true });
  acquire(lock, folder);
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function acquire(lock: string, folder: string): void {
  if (create(lock)) {
    return;
  }
  const owner = readOwner(lock);
  if (owner !== undefined && !isRunning(owner)) {
    rmSync(lock, { force: true });
    if (create(lock)) {
      return;
    }
  }
  throw new EdgeError(`${folder} is locked by another synth${owner === undefined ? '' : ` (pid ${owner})`}. If no synth is running, delete ${lock}`);
}

/** Creates the file unless it exists. */
function create(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** The process id in the lock; `undefined` when there is none, as when its owner is just about to write it. */
function readOwner(lock: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(lock, 'utf8'), 10) || undefined;
  } catch {
    return undefined; // its owner deleted it in the meantime
  }
}

/** Process ids repeat in containers: our own id in a lock is that of an earlier process. */
function isRunning(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it runs as another user
  }
}
