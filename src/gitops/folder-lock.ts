// An exclusive lock on a folder: two synths that write it at the same time would leave a mix of their files.
import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EdgeError } from '../base/errors';
import { sibling } from './gitops-folder';

/** The locks of this process. Process ids repeat in containers, so a lock with our id that is not in the set is that of an earlier process. */
const HELD = new Set<string>();

/**
 * Runs `work` while no other process writes the folder. The lock is a file beside the folder that contains the process id of its owner.
 *
 * @throws EdgeError while another process holds the lock. The lock of a process that no longer runs, such as one that was killed, is replaced
 */
export function withLock<T>(folder: string, work: () => T): T {
  const lock = sibling(folder, 'lock');
  mkdirSync(dirname(folder), { recursive: true });
  acquire(lock, folder);
  HELD.add(lock);
  try {
    removeLeftovers(lock);
    return work();
  } finally {
    HELD.delete(lock);
    if (readOwner(lock) === process.pid) {
      rmSync(lock, { force: true });
    }
  }
}

function acquire(lock: string, folder: string): void {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (create(lock)) {
      return;
    }
    const owner = readOwner(lock);
    if (owner !== undefined && (owner === process.pid ? HELD.has(lock) : isRunning(owner))) {
      throw new EdgeError(`${folder} is locked by another synth (pid ${owner}). If no synth is running, delete ${lock}`);
    }
    removeStale(lock, owner);
  }
  throw new EdgeError(`${folder} is locked by another synth. If no synth is running, delete ${lock}`);
}

/** Creates the lock unless it exists. It is written under another name and then linked, so that a lock is never empty. */
function create(lock: string): boolean {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Removes the lock of a process that no longer runs, unless another process has replaced it in the meantime. */
function removeStale(lock: string, owner: number | undefined): void {
  const aside = `${lock}.${process.pid}.stale`;
  try {
    renameSync(lock, aside);
    if (readOwner(aside) !== owner) {
      linkSync(aside, lock);
    }
  } catch {
    // Another process was faster; the next attempt sees its lock.
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Removes the files of processes that were killed while they acquired the lock. */
function removeLeftovers(lock: string): void {
  const start = `${basename(lock)}.`;
  const left = readdirSync(dirname(lock)).filter(name => name.startsWith(start) && !isRunning(Number.parseInt(name.slice(start.length), 10)));
  left.forEach(name => rmSync(join(dirname(lock), name), { force: true }));
}

/** The process id in the lock; `undefined` if there is no lock, or no id in it. */
function readOwner(lock: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(lock, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it runs as another user
  }
}
