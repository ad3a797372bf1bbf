// An app whose folder GitOps tools are told of, in an empty working directory, and what it wrote there.
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { GitOpsApp, type GitOpsAppProps } from '../../../src/gitops/gitops-app';
import { Canary, type CanaryProps, WeightOwner } from '../../../src/edge/release/canary';
import { Workload } from '../../../src/edge/workload/workload';
import { HandMadeGateway } from '../../edge/stubs';
import type { Synthesized } from '../../synthesized';

/** Gives every test of a file an empty working directory of its own. */
export function inEmptyDirectory(): void {
  const home = process.cwd();
  beforeEach(() => {
    delete process.env.CDK8S_OUTDIR;
    process.chdir(realpathSync(mkdtempSync(join(tmpdir(), 'delivery-test-'))));
  });
  afterEach(() => {
    const scratch = process.cwd();
    process.chdir(home);
    rmSync(scratch, { recursive: true, force: true });
  });
}

/** An app for `dist/production`, and its only chart. */
export function applied(props: Partial<GitOpsAppProps> = {}): { readonly app: GitOpsApp; readonly chart: Chart } {
  const app = new GitOpsApp({ folder: 'dist/production', ...props });
  return { app, chart: new Chart(app, '10-shop', { disableResourceNameHashes: true }) };
}

/** A workload of three versions. */
export const cart = new Workload({ serviceName: 'cart', namespace: 'shop', port: 8080, versions: ['v1', 'v2', 'v3'] });

/** Where a gateway takes requests for it. */
export const AT_GATEWAY = { gateway: new HandMadeGateway(), hosts: ['shop.example.com'] };

/** A canary whose weights a controller sets. */
export function release(chart: Chart, id = 'Cart', props: Partial<CanaryProps> = {}): Canary {
  return new Canary(chart, id, { ...AT_GATEWAY, workload: cart, stable: 'v1', canary: 'v2', weights: WeightOwner.ELSEWHERE, ...props });
}

/** The objects in a file. */
export function objectsIn(file: string): Synthesized[] {
  return loadAll(readFileSync(file, 'utf8')) as Synthesized[];
}

/** All files below a folder with their bytes. */
export function contents(folder: string): Record<string, string> {
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter(name => statSync(join(folder, name)).isFile()).sort();
  return Object.fromEntries(names.map(name => [name, readFileSync(join(folder, name), 'utf8')]));
}
