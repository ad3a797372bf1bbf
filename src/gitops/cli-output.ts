// The output folder of `cdk8s synth`: the CLI empties it before it runs the app, and afterwards lists and validates what is in it.
import { cpSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { EdgeError } from '../base/errors';
import { isInOrAt } from './output-folders';

/**
 * Rejects a folder inside the CLI's output folder, which the CLI has emptied by now: a synth that fails could not leave it unchanged.
 *
 * @throws EdgeError that says what to write into cdk8s.yaml
 */
export function requireOutsideOfCli(folder: string): void {
  const output = cliOutput();
  if (output !== undefined && isInOrAt(folder, output)) {
    throw new EdgeError(`cdk8s synth deletes everything in ${output} before it runs this program, so a failed synth would lose ${folder}. `
      + 'Set `output: .cdk8s.out` in cdk8s.yaml, and restore the files from Git');
  }
}

/** Copies a file or a folder into the output folder of the CLI, if the CLI runs the app. */
export function showToCli(path: string): void {
  const output = cliOutput();
  if (output !== undefined) {
    cpSync(path, join(output, relative(process.cwd(), path).replaceAll(`..${sep}`, '')), { recursive: true });
  }
}

function cliOutput(): string | undefined {
  return process.env.CDK8S_OUTDIR ? resolve(process.env.CDK8S_OUTDIR) : undefined;
}
