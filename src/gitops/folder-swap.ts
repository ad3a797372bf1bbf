// A folder takes the place of another one. Node cannot do that in one step, so the two steps are done where no kill of this process reaches.
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';

/**
 * `mv` into a folder that exists would move into it, not over it; so what a failed second step left there goes before the old folder
 * is put back. Only what POSIX has, for macOS has neither `mv -T` nor `mv --exchange`.
 */
const TWO_STEPS = `
trap "" HUP INT QUIT TERM
mv -- "$2" "$3" || exit 1
mv -- "$1" "$2" && exit 0
[ -d "$3" ] && rm -rf -- "$2" && mv -- "$3" "$2"
exit 1`;

/**
 * A session of its own: neither Ctrl-C in the terminal nor a kill of the process group reaches it. Node 20 passes `detached` on to
 * the child of `spawnSync` without documenting it; what does not pass it on still has the trap.
 */
const OUT_OF_REACH = { detached: true, stdio: 'ignore' } as const;

/**
 * Moves `folder` to `previous`, and `next` to `folder`, in a shell that goes on when this process is killed in between. Without a
 * shell (on Windows, above all) this process does it.
 *
 * @param previous a path at which nothing is
 * @throws Error of the step that failed; `folder` is then as it was
 */
export function swapFolders(next: string, folder: string, previous: string): void {
  if (process.platform !== 'win32') {
    spawnSync('sh', ['-c', TWO_STEPS, 'sh', next, folder, previous], OUT_OF_REACH);
  }
  if (existsSync(next)) { // Whatever kept the shell from it: Node tries, or says why it cannot be done.
    swapHere(next, folder, previous);
  }
}

function swapHere(next: string, folder: string, previous: string): void {
  if (existsSync(folder)) {
    renameSync(folder, previous);
  }
  try {
    renameSync(next, folder);
  } catch (error) {
    renameSync(previous, folder);
    throw error;
  }
}
