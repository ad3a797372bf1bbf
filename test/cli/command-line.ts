// The command line in the process of a test, with what it prints.
import { main } from '../../src/cli/main';

/** What a run printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line. @param input what it reads from standard input */
export function run(args: readonly string[], input = '', color = false): Ran {
  let out = '';
  let err = '';
  const code = main(args, { out: text => { out += text; }, err: text => { err += text; }, input: () => input, color });
  return { code, out, err };
}
