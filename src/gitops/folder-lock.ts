// An exclusive lock on a folder: two synths that write it at the same time would leave a mix of their files.
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EdgeError } from '../base/errors';
import { sibling } from './gitops-folder';
import { type LockOwner, isGone, isHere, isOwnerId, newOwner, readOwner } from './lock-owner';

/**
 * Runs `work` while nobody else writes the folder: no other process, and no other thread or copy of this package in this process. The lock
 * is a file beside the folder.
 *
 * @throws EdgeError while the lock exists. Only that of a process which is certain to be gone, such as one that was killed, is replaced. A
 * process in another container cannot be observed, so its lock has to be deleted by hand
 */
export function withLock<T>(folder: string, work: () => T): T {
  const [lock, owner] = [sibling(folder, 'lock'), newOwner()];
  mkdirSync(dirname(folder), { recursive: true });
  acquire(lock, owner, folder);
  try {
    removeLeftovers(lock);
    return work();
  } finally {
    if (readOwner(lock)?.id === owner.id) {
      rmSync(lock, { force: true });
    }
  }
}

/** Rejects a folder whose lock exists, unless its owner is gone. */
export function requireUnlocked(folder: string): void {
  const lock = sibling(folder, 'lock');
  const owner = readOwner(lock);
  if (owner !== undefined && !isGone(owner)) {
    throw locked(lock, owner, folder);
  }
}

function acquire(lock: string, owner: LockOwner, folder: string): void {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (create(lock, owner)) {
      return;
    }
    const other = readOwner(lock);
    if (other === undefined ? existsSync(lock) : !isGone(other)) {
      throw locked(lock, other, folder);
    }
    if (other !== undefined) {
      removeStale(lock, other);
    }
  }
  throw locked(lock, readOwner(lock), folder);
}

function locked(lock: string, owner: LockOwner | undefined, folder: string): EdgeError {
  const by = owner === undefined ? '' : ` (pid ${owner.pid}${isHere(owner) ? '' : ` on ${JSON.stringify(owner.host)}`})`;
  return new EdgeError(`${folder} is locked by another synth${by}. If no synth is running, delete ${lock}`);
}

/** Creates the lock unless it exists. It is written under another name and then linked, so that a lock is never empty. */
function create(lock: string, owner: LockOwner): boolean {
  const own = `${lock}.${owner.id}`;
  writeFileSync(own, JSON.stringify(owner));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    // ENOENT: the owner of the lock took the other name for that of a killed process, see `removeLeftovers`.
    if (!['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Removes the lock of a process that is gone. Several processes may try to. A second lock, named after the first, lets one of them through at
 * a time, and that one reads the lock again: a lock that somebody has acquired in the meantime has another id.
 */
function removeStale(lock: string, owner: LockOwner): void {
  const guard = `${lock}.${owner.id}.gone`;
  try {
    writeFileSync(guard, '', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
    return;
  }
  if (readOwner(lock)?.id === owner.id) {
    rmSync(lock);
  }
  rmSync(guard, { force: true });
}

/** Removes the files of processes that were killed while they acquired the lock. */
function removeLeftovers(lock: string): void {
  const start = `${basename(lock)}.`;
  const left = readdirSync(dirname(lock)).filter(name => name.startsWith(start) && isOwnerId(name.slice(start.length).replace(/\.gone$/, '')));
  for (const file of left.map(name => join(dirname(lock), name))) {
    const owner = readOwner(file);
    if (owner === undefined || isGone(owner)) {
      rmSync(file, { force: true });
    }
  }
}
