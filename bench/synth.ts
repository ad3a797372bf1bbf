// Synth with checks, compared with a plain cdk8s program that writes the same bytes: many routes, and many charts.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DemandName } from './programs/demand';
import { race } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

const TIME_LIMIT = 1.25;
const MEMORY_LIMIT = 1.3;
const GROWTH_LIMIT = 1.1;
const SAME = 'base: plain cdk8s, the same bytes';

interface Run {
  readonly milliseconds: number;
  readonly kilobytes: number;
}

interface Comparison {
  readonly ours: Run;
  readonly plain: Run;
}

/** Rows for one edge with 10 to 10,000 routes; ten routes go to each workload. */
export function routeRows(stage: Stage): Row[] {
  const sizes = [[10, 21], [100, 21], [1000, 15], [10_000, 9]] as const;
  const results = new Map(sizes.map(([size, rounds]) => [size, compare(stage, 'oneEdge', size, rounds)]));
  const [thousand, most] = [results.get(1000)!, results.get(10_000)!];
  const linear = 10 * thousand.ours.milliseconds;
  return [
    ...sizes.map(([size]) => ({
      ...timeRow(`synth, ${count(size)} routes: time`, results.get(size)!),
      ...size === 10_000 ? { limit: TIME_LIMIT } : { note: `${SAME}; loading the checks is a fixed part` },
    })),
    {
      name: 'synth, 10,000 routes: peak memory',
      ...ratio(most.ours.kilobytes / 1024, most.plain.kilobytes / 1024),
      limit: MEMORY_LIMIT,
      unit: 'MB',
      note: 'of the whole process',
    },
    {
      name: 'synth, 1,000 to 10,000 routes: growth',
      ...ratio(most.ours.milliseconds, linear),
      limit: GROWTH_LIMIT,
      unit: 'ms',
      note: 'base: ten times 1,000 routes',
    },
  ];
}

/** Rows for 50 to 200 edges in one app, with three routes each. */
export function chartRows(stage: Stage): Row[] {
  const sizes = [50, 100, 200];
  const results = new Map(sizes.map(size => [size, compare(stage, 'manyEdges', size, 7)]));
  const [few, half, most] = sizes.map(size => results.get(size)!);
  return [
    ...sizes.map(size => timeRow(`synth, ${size} charts: time`, results.get(size)!)),
    {
      name: 'synth, 100 to 200 charts: growth',
      ...ratio(most.ours.milliseconds / half.ours.milliseconds, most.plain.milliseconds / half.plain.milliseconds),
      limit: GROWTH_LIMIT,
      unit: 'x',
      note: `base: growth of plain cdk8s, whose time at 200 charts is quadratic by ${percent(quadraticShare(few.plain, half.plain, most.plain))}; `
        + `of ours it is ${percent(quadraticShare(few.ours, half.ours, most.ours))}`,
    },
  ];
}

/** Runs both programs on the same demand, after verifying that they write the same files. */
function compare(stage: Stage, demand: DemandName, size: number, rounds: number): Comparison {
  const fixed = stage.path('fixed.json');
  const synth = (program: string, outdir: string) => stage.node('programs/synth.js', program, demand, String(size), fixed, outdir);
  const outdirs = { ours: stage.path('out', 'ours'), plain: stage.path('out', 'plain') };
  rmSync(stage.path('out'), { recursive: true, force: true });
  stage.node('programs/record.js', demand, String(size), fixed);
  synth('ours', outdirs.ours);
  synth('plain', outdirs.plain);
  requireSameFiles(outdirs.ours, outdirs.plain);
  const run = (program: 'ours' | 'plain') => () => JSON.parse(synth(program, outdirs[program])) as Record<keyof Run, number>;
  return race(rounds, { ours: run('ours'), plain: run('plain') }) as unknown as Comparison;
}

function requireSameFiles(ours: string, plain: string): void {
  const names = readdirSync(ours);
  if (names.length === 0 || names.join() !== readdirSync(plain).join()) {
    throw new Error(`the programs write different files: ${names.join()} and ${readdirSync(plain).join()}`);
  }
  for (const name of names) {
    if (!readFileSync(join(ours, name)).equals(readFileSync(join(plain, name)))) {
      throw new Error(`the programs write different objects into ${name}`);
    }
  }
}

/** The part of the time at 4n that grows with n², from the times at n, 2n and 4n. */
function quadraticShare(few: Run, half: Run, most: Run): number {
  return Math.max(0, 16 / 6 * (most.milliseconds - 3 * half.milliseconds + 2 * few.milliseconds) / most.milliseconds);
}

function timeRow(name: string, { ours, plain }: Comparison): Row {
  return { name, ...ratio(ours.milliseconds, plain.milliseconds), unit: 'ms', note: SAME };
}

function ratio(ours: number, base: number): Pick<Row, 'ours' | 'base' | 'ratio'> {
  return { ours, base, ratio: ours / base };
}

function count(size: number): string {
  return size.toLocaleString('en');
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
