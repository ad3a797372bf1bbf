// A program that synthesizes an app and kills itself before the nth time that it would write: `synth-program.ts FOLDER CHARTS [NTH]`.
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

type Module = Record<string, (...args: unknown[]) => unknown>;

/** Functions of Node by which this package, cdk8s and Node itself write files or have them written. */
const WRITING = /^(append|copy|cp|link|mkdir|rename|rm|spawn|symlink|truncate|unlink|write)\w*Sync$/;

/** Counts the calls that write, and kills this process before the nth. */
function countWrites(nth: number): () => number {
  let calls = 0;
  for (const module of [process.getBuiltinModule('fs'), process.getBuiltinModule('child_process')] as unknown as Module[]) {
    for (const name of Object.keys(module).filter(each => WRITING.test(each))) {
      const real = module[name];
      module[name] = (...args) => {
        calls += 1;
        if (calls === nth) {
          process.kill(process.pid, 'SIGKILL');
        }
        return real(...args);
      };
    }
  }
  return () => calls;
}

if (require.main === module) {
  const [, , folder, charts, nth] = process.argv;
  const calls = countWrites(Number(nth));
  process.env.SYNTH = String(process.pid);
  appOf(folder, JSON.parse(charts) as Charts).synth();
  process.stdout.write(String(calls()));
}
