// Runs one program in its own process: builds the tree, writes the YAML, and prints the measures. Time is CPU time, which
// other processes on the machine disturb least.
//
//   synth ours|unchecked|plain DEMAND SIZE FIXED-OBJECTS-FILE OUTPUT-FOLDER       unchecked: ours, without the checks
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { type DemandName, demanded } from './demand';
import type { FixedObjects } from './plain';

async function main(program: string, demand: string, size: string, fixedFile: string, outdir: string): Promise<void> {
  const edges = demanded(demand as DemandName, Number(size));
  const build = await load(program, fixedFile);
  const start = process.cpuUsage();
  const app = new App({ outdir });
  build(app, edges);
  app.synth();
  const { user, system } = process.cpuUsage(start);
  console.log(JSON.stringify({ milliseconds: (user + system) / 1000, kilobytes: process.resourceUsage().maxRSS }));
}

/** Loads the measured program, and nothing of the other one, before the clock starts. */
async function load(program: string, fixedFile: string): Promise<typeof import('./ours').build> {
  if (program !== 'plain') {
    if (program === 'unchecked') {
      await withoutChecks();
    }
    return (await import('./ours')).build;
  }
  const { build } = await import('./plain');
  const fixed = JSON.parse(readFileSync(fixedFile, 'utf8')) as FixedObjects;
  return (app, edges) => build(app, edges, fixed);
}

/** What the package loads at the first synth, without a check in it. */
async function withoutChecks(): Promise<void> {
  const path = join(__dirname, '..', 'lib', 'synth-errors.js');
  await import(path);
  require.cache[path]!.exports = { errorsIn: () => [] };
}

const [program, demand, size, fixedFile, outdir] = process.argv.slice(2);
void main(program, demand, size, fixedFile, outdir);
