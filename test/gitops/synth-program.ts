// A program that synthesizes an app and kills itself before the nth call of a function of node:fs: `synth-program.ts FOLDER CHARTS FUNCTION NTH`.
import { ApiObject, Chart } from 'cdk8s';
import { GitOpsApp } from '../../src/gitops/gitops-app';

/** The names of the config maps in each chart of an app. */
export type Charts = Readonly<Record<string, readonly string[]>>;

/** The app that writes these charts into a folder. */
export function appOf(folder: string, charts: Charts): GitOpsApp {
  const app = new GitOpsApp({ folder });
  for (const [id, names] of Object.entries(charts)) {
    const chart = new Chart(app, id, { disableResourceNameHashes: true });
    names.forEach(name => new ApiObject(chart, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }));
  }
  return app;
}

function killBefore(name: string, nth: number): void {
  const fs = process.getBuiltinModule('fs') as unknown as Record<string, (...args: unknown[]) => unknown>;
  const real = fs[name];
  let calls = 0;
  fs[name] = (...args) => {
    calls += 1;
    if (calls === nth) {
      process.kill(process.pid, 'SIGKILL');
    }
    return real(...args);
  };
}

if (require.main === module) {
  const [, , folder, charts, name, nth] = process.argv;
  killBefore(name, Number(nth));
  appOf(folder, JSON.parse(charts) as Charts).synth();
}
