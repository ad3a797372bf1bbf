// Synth with checks, compared with a plain cdk8s program that writes the same bytes: many routes, and many charts.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DemandName } from './programs/demand';
import { race, settledMedian } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

const ROUNDS = 5;
const TIME_LIMIT = 1.2;
const CHECKS_LIMIT = 1.25;
const MEMORY_LIMIT = 1.3;
const GROWTH_LIMIT = 1.1;
const SAME = 'base: plain cdk8s, the same bytes';
const CHECKED = `${SAME}; with the checks, of which loading is a fixed part`;

interface Run {
  readonly milliseconds: number;
  readonly kilobytes: number;
}

interface Comparison {
  readonly ours: Run;
  /** Ours without the checks. */
  readonly unchecked: Run;
  readonly plain: Run;
}

/** Rows for one edge with 10 to 10,000 routes, for one host or a host each; ten routes go to each workload. */
export function routeRows(stage: Stage): Row[] {
  const most = compare(stage, 'oneEdge', 10_000);
  return [
    ...[10, 1000].map(size => timeRow(`synth, ${count(size)} routes: CPU time`, compare(stage, 'oneEdge', size))),
    ...limitedRows('synth, 10,000 routes', most),
    {
      name: 'synth, 10,000 routes: peak memory',
      ...ratio(most.ours.kilobytes / 1024, most.plain.kilobytes / 1024),
      limit: MEMORY_LIMIT,
      unit: 'MB',
      note: 'of the whole process, with the checks',
    },
    ...limitedRows('synth, 10,000 routes and hosts', compare(stage, 'manyHosts', 10_000)),
    growthRow(stage, 'routes', 'oneEdge', 2500),
    growthRow(stage, 'routes and hosts', 'manyHosts', 2500),
  ];
}

/** The library against plain cdk8s, and the checks on top of both. */
function limitedRows(name: string, comparison: Comparison): Row[] {
  const { ours, unchecked, plain } = comparison;
  return [
    timeRow(`${name}: CPU time`, comparison),
    { name: `${name}: without the checks`, ...ratio(unchecked.milliseconds, plain.milliseconds), limit: TIME_LIMIT, unit: 'ms', note: SAME },
    {
      name: `${name}: the checks on top`, ...ratio(ours.milliseconds, unchecked.milliseconds), limit: CHECKS_LIMIT, unit: 'ms',
      note: 'base: without the checks',
    },
  ];
}

/** Rows for 50 to 200 edges in one app, with three routes each. */
export function chartRows(stage: Stage): Row[] {
  return [
    ...[50, 200].map(size => timeRow(`synth, ${size} charts: CPU time`, compare(stage, 'manyEdges', size))),
    growthRow(stage, 'charts', 'manyEdges', 100),
  ];
}

/** CPU time at twice the size, compared with twice the CPU time: 1 is linear. */
function growthRow(stage: Stage, what: string, demand: DemandName, half: number): Row {
  const run = (size: number) => stage.node('programs/synth.js', 'ours', demand, String(size), '-', stage.path('out', 'growth'));
  const time = (size: number) => (JSON.parse(run(size)) as Run).milliseconds;
  const growth = settledMedian(() => time(2 * half) / (2 * time(half)));
  return {
    name: `synth, ${count(half)} to ${count(2 * half)} ${what}: growth`, ours: growth, base: 1, ratio: growth, limit: GROWTH_LIMIT, unit: 'x',
    note: 'base: linear, by CPU time; the median of repeated pairs',
  };
}

/** Runs both programs on the same demand, after verifying that they write the same files. */
function compare(stage: Stage, demand: DemandName, size: number): Comparison {
  const fixed = stage.path('fixed.json');
  const synth = (program: string, outdir: string) => stage.node('programs/synth.js', program, demand, String(size), fixed, outdir);
  const outdirs = { ours: stage.path('out', 'ours'), plain: stage.path('out', 'plain') };
  rmSync(stage.path('out'), { recursive: true, force: true });
  stage.node('programs/record.js', demand, String(size), fixed);
  synth('ours', outdirs.ours);
  synth('plain', outdirs.plain);
  requireSameFiles(outdirs.ours, outdirs.plain);
  const run = (program: keyof Comparison) => () => (
    JSON.parse(synth(program, outdirs[program === 'plain' ? 'plain' : 'ours'])) as Record<keyof Run, number>);
  return race(ROUNDS, { ours: run('ours'), unchecked: run('unchecked'), plain: run('plain') }) as unknown as Comparison;
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

function timeRow(name: string, { ours, plain }: Comparison): Row {
  return { name, ...ratio(ours.milliseconds, plain.milliseconds), unit: 'ms', note: CHECKED };
}

function ratio(ours: number, base: number): Pick<Row, 'ours' | 'base' | 'ratio'> {
  return { ours, base, ratio: ours / base };
}

function count(size: number): string {
  return size.toLocaleString('en');
}
