// `npm run conformance [-- PART…]`: compares the models with the real systems. Needs Go, and for Istio also Python; never part of `npm cit`.
import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';

const ORACLES = process.env.EDGE_ORACLES ?? join(homedir(), '.cache', 'edge-oracles');
const SOURCES = join(__dirname, 'oracles');

interface Part {
  /** What has to be built for it. */
  readonly builds: string;
  readonly needs: readonly string[];
  readonly run: () => number;
}

const PARTS: Readonly<Record<string, Part>> = {
  plans: { builds: 'lbc', needs: ['go'], run: () => run('npx', 'tsx', join(__dirname, 'plans.ts')) },
};

function run(command: string, ...args: readonly string[]): number {
  return spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, EDGE_ORACLES: ORACLES } }).status ?? 1;
}

function main(wanted: readonly string[]): number {
  const unknown = wanted.filter(name => !(name in PARTS));
  if (unknown.length > 0) {
    console.error(`${unknown.join(', ')} must be one of ${Object.keys(PARTS).join(', ')}`);
    return 2;
  }
  const parts = (wanted.length > 0 ? wanted : Object.keys(PARTS)).map(name => PARTS[name]);
  const missing = [...new Set(parts.flatMap(({ needs }) => needs))].filter(tool => spawnSync(tool, ['version']).error !== undefined);
  if (missing.length > 0) {
    console.error(`conformance needs ${missing.join(' and ')} in the path: the real systems are built from source`);
    return 2;
  }
  process.env.PARTS = [...new Set(parts.map(({ builds }) => builds))].join(' ');
  if (run(join(SOURCES, 'setup.sh')) !== 0) {
    return 2;
  }
  return parts.filter(part => part.run() !== 0).length > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
