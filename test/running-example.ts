// An example, run as it stands or with a change, in a working directory of its own: it writes there what it would write here.
import { mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import type { GitOpsApp } from '../src/chart/gitops-app';

/** The examples: folders in `examples/`, and in `dist/`. */
export const EXAMPLES = [
  'bookinfo', 'canary-blue-green', 'echoserver', 'ecommerce', 'kiali', 'nlb', 'two-teams', 'waf-nodeport', 'zero-trust',
] as const;

/** The program of an example. */
export function programOf(name: string): string {
  return join(__dirname, '..', 'examples', name, 'main.ts');
}

/** Runs `examples/<name>/main.ts` afresh in an empty directory and returns its app, which has written its folder there. */
export function runExample(name: string): GitOpsApp {
  return inEmptyDirectory(() => {
    let app: GitOpsApp | undefined;
    jest.isolateModules(() => {
      app = (jest.requireActual(programOf(name)) as { app: GitOpsApp }).app;
    });
    return app!;
  });
}

/** Runs the program with a change in its text, which has to be in it once. */
export function runChanged(name: string, from: string, to: string): GitOpsApp {
  const program = readFileSync(programOf(name), 'utf8');
  if (program.split(from).length !== 2) {
    throw new Error(`examples/${name}/main.ts has ${JSON.stringify(from)} ${program.split(from).length - 1} times, not once`);
  }
  const { outputText } = transpileModule(program.replace(from, to), { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  return inEmptyDirectory(() => {
    const made: { app?: GitOpsApp } = {};
    new Function('require', 'exports', outputText)(require, made);
    return made.app!;
  });
}

function inEmptyDirectory(run: () => GitOpsApp): GitOpsApp {
  const [cwd, output] = [process.cwd(), process.env.CDK8S_OUTDIR];
  delete process.env.CDK8S_OUTDIR;
  process.chdir(realpathSync(mkdtempSync(join(tmpdir(), 'example-'))));
  try {
    return run();
  } finally {
    process.chdir(cwd);
    if (output !== undefined) {
      process.env.CDK8S_OUTDIR = output;
    }
  }
}
