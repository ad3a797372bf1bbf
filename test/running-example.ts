// An example, run as it stands, in a working directory of its own: it writes there what it would write here.
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitOpsApp } from '../src/chart/gitops-app';

/** The examples: folders in `examples/`, and in `dist/`. */
export const EXAMPLES = ['bookinfo', 'echoserver', 'nlb', 'waf-nodeport'] as const;

/** Runs `examples/<name>/main.ts` afresh in an empty directory and returns its app, which has written its folder there. */
export function runExample(name: string): GitOpsApp {
  const [cwd, output] = [process.cwd(), process.env.CDK8S_OUTDIR];
  delete process.env.CDK8S_OUTDIR;
  process.chdir(realpathSync(mkdtempSync(join(tmpdir(), 'example-'))));
  try {
    let app: GitOpsApp | undefined;
    jest.isolateModules(() => {
      app = (jest.requireActual(join(__dirname, '..', 'examples', name, 'main.ts')) as { app: GitOpsApp }).app;
    });
    return app!;
  } finally {
    process.chdir(cwd);
    if (output !== undefined) {
      process.env.CDK8S_OUTDIR = output;
    }
  }
}
