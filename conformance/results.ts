// The numbers of the last runs in results.json, from which `npm run docs` renders docs/conformance.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Judge, versionOf } from './versions';

const FILE = join(__dirname, 'results.json');

/** Fewer random cases than this prove too little, where a part does not say otherwise: such a run is not written. */
const LEAST = 10_000;

/** Runs of a part that compares at random; the others have one. */
const KEPT = 2;

/** What one run of a part found. */
export interface Run {
  /** The day of the run, `YYYY-MM-DD`. */
  readonly date: string;
  readonly seconds: number;
  /** The real systems, and their versions. */
  readonly versions: Readonly<Record<string, string>>;
  /** Of the random cases. */
  readonly seed?: number;
  /** In the order of the page: what was compared, and how often; among them `disagreements` or `errors`. */
  readonly counts: Readonly<Record<string, number>>;
}

/** What a part tells about its run. */
export interface Finding {
  readonly judges: readonly Judge[];
  /** When the run began, in milliseconds since 1970. */
  readonly began: number;
  readonly seed?: number;
  /** How many random cases prove enough. */
  readonly least?: number;
  /** The first count is the number of cases. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The runs by part, the newest first. */
export function readResults(): Readonly<Record<string, readonly Run[]>> {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, readonly Run[]> : {};
}

/** Writes what a part found into results.json, in place of its older runs. A random run replaces the one with the same seed, or else the oldest. */
export function writeRun(part: string, { judges, began, seed, least = LEAST, counts }: Finding): void {
  if (seed !== undefined && Object.values(counts)[0] < least) {
    console.log(`results.json: not written for fewer than ${least} cases`);
    return;
  }
  const run: Run = {
    date: new Date(began).toISOString().slice(0, 10),
    seconds: Math.round((Date.now() - began) / 1000),
    versions: Object.fromEntries(judges.map(judge => [judge, versionOf(judge)])),
    seed,
    counts,
  };
  const results = readResults();
  const older = seed === undefined ? [] : (results[part] ?? []).filter(other => other.seed !== seed).slice(0, KEPT - 1);
  const all = Object.entries({ ...results, [part]: [run, ...older] }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`);
}
