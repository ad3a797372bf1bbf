// What `cdk8s synth` is shown. It empties its output folder before it runs the app, and looks there afterwards for what was written.
import { cpSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { EdgeError } from '../base/errors';
import { isInOrAt } from './own-folder';

/**
 * Refuses a folder in the CLI's own, which the CLI has emptied by now: a synth that fails could not leave it as it was.
 *
 * @throws EdgeError that says what to write into cdk8s.yaml
 */
export function requireOutsideOfCli(folder: string): void {
  const output = cliOutput();
  if (output !== undefined && isInOrAt(folder, output)) {
    throw new EdgeError(`cdk8s synth empties ${output} before it runs this program, so a synth that fails would lose ${folder}: `
      + 'write `output: .cdk8s.out` into cdk8s.yaml, and restore what was in it from Git');
  }
}

/** Gives the CLI a copy of a file or a folder, where the CLI runs the app: it lists and validates what it finds there. */
export function showToCli(path: string): void {
  const output = cliOutput();
  if (output !== undefined) {
    cpSync(path, join(output, relative(process.cwd(), path).replaceAll(`..${sep}`, '')), { recursive: true });
  }
}

function cliOutput(): string | undefined {
  return process.env.CDK8S_OUTDIR ? resolve(process.env.CDK8S_OUTDIR) : undefined;
}
