// One writer to a folder at a time: two that take turns with its files would leave some of each.
import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EdgeError } from '../base/errors';
import { sibling } from './gitops-folder';

/** The locks of this process: one with its number that is not here is of an earlier process, as numbers repeat in containers. */
const HELD = new Set<string>();

/**
 * Runs a piece of work while no other process does one on the same folder.
 *
 * @throws EdgeError while another process works on it. A lock of a process that is gone, as after a kill, is none
 */
export function withLock<T>(folder: string, work: () => T): T {
  const lock = sibling(folder, 'lock');
  mkdirSync(dirname(folder), { recursive: true });
  take(lock, folder);
  HELD.add(lock);
  try {
    removeLeftovers(lock);
    return work();
  } finally {
    HELD.delete(lock);
    if (ownerOf(lock) === process.pid) {
      rmSync(lock, { force: true });
    }
  }
}

function take(lock: string, folder: string): void {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (isTaken(lock)) {
      return;
    }
    const owner = ownerOf(lock);
    if (owner !== undefined && (owner === process.pid ? HELD.has(lock) : isRunning(owner))) {
      throw new EdgeError(`${folder} is being written by process ${owner}: wait for it. If that is no synth, remove ${lock}`);
    }
    clear(lock, owner);
  }
  throw new EdgeError(`${folder} is being written by others: wait for them`);
}

/** A lock that is there has its number in it: it is written elsewhere, and then given its name, which fails where there is one. */
function isTaken(lock: string): boolean {
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

/** Removes the lock of an owner that is gone, unless somebody took it meanwhile. */
function clear(lock: string, owner: number | undefined): void {
  const aside = `${lock}.${process.pid}.gone`;
  try {
    renameSync(lock, aside);
    if (ownerOf(aside) !== owner) {
      linkSync(aside, lock);
    }
  } catch {
    // Whoever was faster has it, and the next attempt sees that.
  } finally {
    rmSync(aside, { force: true });
  }
}

/** What a process that was killed while it took the lock has left. */
function removeLeftovers(lock: string): void {
  const start = `${basename(lock)}.`;
  const left = readdirSync(dirname(lock)).filter(name => name.startsWith(start) && !isRunning(Number.parseInt(name.slice(start.length), 10)));
  left.forEach(name => rmSync(join(dirname(lock), name), { force: true }));
}

/** The process of a lock; none where there is no lock, or no number in it. */
function ownerOf(lock: string): number | undefined {
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
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it runs, for somebody else
  }
}
