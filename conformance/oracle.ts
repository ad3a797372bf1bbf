// Runs the oracles: programs that import the real systems. `oracles/setup.sh` builds them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the oracles are built. */
export const ORACLES = process.env.EDGE_ORACLES ?? join(homedir(), '.cache', 'edge-oracles');

export const SOURCES = join(__dirname, 'oracles');

/** Whether `oracles/setup.sh` has built an oracle. */
export function hasOracle(tool: string): boolean {
  return existsSync(join(ORACLES, tool)) && existsSync(join(ORACLES, 'env'));
}

export interface OracleRun {
  /** 0: nothing to report; what else it means depends on the oracle. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an oracle of `oracles/run.sh`. */
export function runOracle(tool: string, ...args: readonly string[]): OracleRun {
  const { status, stdout, stderr, error } = spawnSync(join(SOURCES, 'run.sh'), [tool, ...args], {
    encoding: 'utf8', maxBuffer: 2 ** 30, env: { ...process.env, EDGE_ORACLES: ORACLES },
  });
  if (error !== undefined) {
    throw error;
  }
  return { status: status ?? 1, stdout, stderr };
}

const COMMANDS: Readonly<Record<string, (asked: string, answered: string) => [tool: string, ...args: string[]]>> = {
  'lbc-plan': (asked, answered) => ['lbc-plan', '-cases', asked, '-out', answered],
  'sim': (asked, answered) => ['sim', 'cases', asked, answered],
  'sim dump': (asked, answered) => ['sim', 'dump', '-cases', asked, answered],
  'analyze-live': (asked, answered) => ['analyze-live', '-cases', asked, '-out', answered],
};

/** Answers many cases in one process of an oracle that reads cases from a file and writes them to another. */
export function answer<T>(tool: 'lbc-plan' | 'sim' | 'sim dump' | 'analyze-live', cases: readonly unknown[]): T[] {
  return withFolder(folder => {
    const [asked, answered] = [join(folder, 'in.json'), join(folder, 'out.json')];
    writeFileSync(asked, JSON.stringify(cases));
    const { status, stderr } = runOracle(...COMMANDS[tool](asked, answered));
    if (status !== 0) {
      throw new Error(`${tool} failed: ${stderr}`);
    }
    return JSON.parse(readFileSync(answered, 'utf8')) as T[];
  });
}

/** Calls a function with an empty temporary folder, and deletes the folder afterwards. */
export function withFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
