// The owner of a lock: which process wrote it, and whether that process is certain to be gone.
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { asObject, asText } from '../manifests/plain-json';

/** What a lock contains. */
export interface LockOwner {
  /** Different for every lock, also for those of two threads of one process. */
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** The boot of the kernel and the namespace of process ids: two containers may have the same host name. Empty outside of Linux. */
  readonly kernel: string;
  /** When the process started, because process ids repeat. Empty if unknown. */
  readonly started: string;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Whether the text is the id of an owner. */
export function isOwnerId(text: string): boolean {
  return UUID.test(text);
}

/** This process, as the owner of a new lock. */
export function newOwner(): LockOwner {
  return { id: randomUUID(), pid: process.pid, host: hostname(), kernel: kernel(), started: statusOf(process.pid)?.started ?? '' };
}

/** The owner in a lock; `undefined` if there is no lock, or something else in it. */
export function readOwner(lock: string): LockOwner | undefined {
  try {
    const { id, pid, host, kernel: of, started } = asObject(JSON.parse(readFileSync(lock, 'utf8')));
    const [uuid, machine] = [asText(id), asText(host)];
    return uuid === undefined || !isOwnerId(uuid) || !Number.isSafeInteger(pid) || (pid as number) <= 0 || machine === undefined ? undefined
      : { id: uuid, pid: pid as number, host: machine, kernel: asText(of) ?? '', started: asText(started) ?? '' };
  } catch {
    return undefined;
  }
}

/** Whether the id of the owner's process means the same here: not on another host, or in another container. */
export function isHere(owner: LockOwner): boolean {
  return owner.host === hostname() && owner.kernel === kernel();
}

/** Whether the owner's process does not run any more. In doubt, as for a process in another container, it counts as running. */
export function isGone(owner: LockOwner): boolean {
  if (!isHere(owner)) {
    return false;
  }
  const status = statusOf(owner.pid);
  return !isRunning(owner.pid) || (status !== undefined && (status.isDead || (owner.started !== '' && status.started !== owner.started)));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'; // EPERM: it runs as another user
  }
}

function kernel(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

/** What Linux knows of a process (proc(5), /proc/pid/stat): field 3 is its state, field 22 when it started. The name before them may contain anything. */
function statusOf(pid: number): { readonly isDead: boolean; readonly started: string } | undefined {
  try {
    // A container may have mounted the processes of its host, where the same ids are other processes.
    if (readlinkSync('/proc/self') !== String(process.pid)) {
      return undefined;
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { isDead: ['Z', 'X', 'x'].includes(fields[0]), started: fields[19] };
  } catch {
    return undefined;
  }
}
