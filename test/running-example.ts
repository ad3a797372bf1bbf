// An example, run as it stands or with a change, in a working directory of its own: it writes there what it would write here.
import { mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import type { GitOpsApp } from '../src/gitops/gitops-app';

/** The examples: folders in `examples/`, and in `dist/`. */
export const EXAMPLES = [
  'auto-mode', 'bookinfo', 'canary-blue-green', 'echoserver', 'ecommerce', 'fleet', 'kiali', 'nlb', 'platform', 'two-teams', 'waf-nodeport',
  'zero-trust',
] as const;

/** The program of an example. */
export function programOf(name: string): string {
  return join(__dirname, '..', 'examples', name, 'main.ts');
}

/** An example that ran. */
export interface Run {
  /** Its apps, which have written their folders. */
  readonly apps: readonly GitOpsApp[];
  /** The working directory that it had, with all that it wrote. */
  readonly directory: string;
}

/** What the program of an example exports: one app, or many. */
interface Program {
  readonly app?: GitOpsApp;
  readonly apps?: readonly GitOpsApp[];
}

/** Runs `examples/<name>/main.ts` afresh in an empty directory. */
export function runExample(name: string): Run {
  return inEmptyDirectory(() => {
    let program: Program = {};
    jest.isolateModules(() => {
      program = jest.requireActual(programOf(name));
    });
    return program;
  });
}

/** Runs the program with a change in its text, which has to be in it once. */
export function runChanged(name: string, from: string, to: string): Run {
  const program = readFileSync(programOf(name), 'utf8');
  if (program.split(from).length !== 2) {
    throw new Error(`examples/${name}/main.ts has ${JSON.stringify(from)} ${program.split(from).length - 1} times, not once`);
  }
  const { outputText } = transpileModule(program.replace(from, to), { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  return inEmptyDirectory(() => {
    const made: Program = {};
    new Function('require', 'exports', outputText)(require, made);
    return made;
  });
}

function inEmptyDirectory(run: () => Program): Run {
  const [cwd, output] = [process.cwd(), process.env.CDK8S_OUTDIR];
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'example-')));
  delete process.env.CDK8S_OUTDIR;
  process.chdir(directory);
  try {
    const { app, apps = [app!] } = run();
    return { apps, directory };
  } finally {
    process.chdir(cwd);
    if (output !== undefined) {
      process.env.CDK8S_OUTDIR = output;
    }
  }
}
