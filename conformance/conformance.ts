// `npm run conformance [-- PART…]`: compares the models with the real systems. Needs Go, and for Istio also Python; never part of `npm cit`.
// `npm run conformance -- record [FILE…]`: answers the recorded cases in test/conformance again. See README.md.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ORACLES, SOURCES } from './oracle';

interface Part {
  /** What must be built for it: parts of `oracles/setup.sh`, or `kube`. */
  readonly builds: readonly string[];
  readonly needs: readonly string[];
  /** Skipped, with a message, where a program is missing, unless the command line names the part. */
  readonly isOptional?: boolean;
  readonly run: () => number;
}

const PARTS: Readonly<Record<string, Part>> = {
  plans: { builds: ['lbc'], needs: ['go'], run: () => script('plans.ts') },
  programs: { builds: ['lbc'], needs: ['go'], run: () => script('programs.ts') },
  families: { builds: ['lbc'], needs: ['go'], run: () => script('families.ts') },
  dist: { builds: ['lbc', 'istio'], needs: ['go', 'python3'], run: () => script('dist.ts') },
  mesh: { builds: ['istio'], needs: ['go', 'python3'], run: () => script('mesh.ts') },
  analyzers: { builds: ['istio'], needs: ['go', 'python3'], run: () => script('analyzers.ts') },
  requests: { builds: ['istio'], needs: ['go', 'python3'], run: () => script('requests.ts') },
  apply: { builds: ['lbc', 'kube'], needs: ['go', 'etcd', 'kubectl'], isOptional: true, run: () => script('apply.ts') },
};

/** Not part of a run without arguments: it changes files that are committed. */
const RECORD = 'record';

function recording(files: readonly string[]): Part {
  return { builds: ['lbc', 'istio'], needs: ['go', 'python3'], run: () => script('record.ts', ...files) };
}

function script(file: string, ...args: readonly string[]): number {
  return run('npx', 'tsx', join(__dirname, file), ...args);
}

function run(command: string, ...args: readonly string[]): number {
  return spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, EDGE_ORACLES: ORACLES } }).status ?? 1;
}

function missing(parts: readonly Part[]): string[] {
  return [...new Set(parts.flatMap(({ needs }) => needs))].filter(tool => spawnSync(tool, ['--version']).error !== undefined);
}

/** The parts of a command line. @throws RangeError for a name that is no part */
function partsOf(args: readonly string[]): Part[] {
  if (args[0] === RECORD) {
    return [recording(args.slice(1))];
  }
  const unknown = args.filter(name => !(name in PARTS));
  if (unknown.length > 0) {
    throw new RangeError(`${unknown.join(', ')} must be one of ${[...Object.keys(PARTS), RECORD].join(', ')}`);
  }
  if (args.length > 0) {
    return args.map(name => PARTS[name]);
  }
  const skipped = Object.entries(PARTS).filter(([, part]) => part.isOptional && missing([part]).length > 0);
  skipped.forEach(([name, part]) => console.log(`${name} DID NOT RUN: no ${missing([part]).join(' and no ')} in the path`));
  return Object.entries(PARTS).filter(([name]) => skipped.every(([other]) => other !== name)).map(([, part]) => part);
}

function main(parts: readonly Part[]): number {
  const tools = missing(parts);
  if (tools.length > 0) {
    console.error(`conformance needs ${tools.join(' and ')} in the path: the real systems are built from source`);
    return 2;
  }
  const builds = new Set(parts.flatMap(own => own.builds));
  const withKube = builds.delete('kube');
  process.env.PARTS = [...builds].join(' ');
  if (run(join(SOURCES, 'setup.sh')) !== 0 || (withKube && run(join(SOURCES, 'kube', 'setup.sh')) !== 0)) {
    return 2;
  }
  return parts.filter(part => part.run() !== 0).length > 0 ? 1 : 0;
}

try {
  process.exitCode = main(partsOf(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof RangeError ? error.message : error);
  process.exitCode = 2;
}
