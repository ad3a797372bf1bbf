// The mesh of many VirtualServices: compared with reading their YAML and, where the oracles are built, with istiod's own generation; linear in
// everything that it depends on.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasOracle, ORACLES } from '../conformance/oracle';
import { type Measures, race } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

/** Arguments of programs/mesh.ts. */
type Size = readonly [virtualServices: number, hosts: number, tenants: number, services: number, unrelated: number];

const LARGE: Size = [10_000, 1, 10, 1000, 0];
/** What `sim` needs besides the input: its own start, CRDs included. */
const SMALL: Size = [1, 1, 1, 1, 0];
/** Each pair doubles one thing; where a fixed cost would hide growth, the rest is small. */
const PAIRS: Readonly<Record<string, readonly [Size, Size]>> = {
  'VirtualServices': [[4000, 1, 10, 100, 0], [8000, 1, 10, 100, 0]],
  'hosts of VirtualServices': [[500, 40, 10, 100, 0], [500, 80, 10, 100, 0]],
  'tenants': [[2000, 1, 100, 200, 0], [4000, 1, 200, 400, 0]],
  'Services': [[10, 1, 10, 2000, 0], [10, 1, 10, 4000, 0]],
};
const WITHOUT: Size = [4000, 1, 10, 400, 0];
const WITH: Size = [4000, 1, 10, 400, 4000];

const ROUNDS = 3;
/** Runs of one process; the first ones include JIT compilation. */
const RUNS = '4';
const TIMES_PARSING = 2;
const SHARE_OF_ISTIOD = 0.1;
const MEGABYTES = 600;
const GROWTH_LIMIT = 1.1;

/** Rows for 10,000 VirtualServices with 1,000 Services, and for growth. */
export function meshRows(stage: Stage): Row[] {
  const run = (size: Size, ...more: string[]) => JSON.parse(stage.node('programs/mesh.js', ...size.map(String), RUNS, ...more)) as Measures;
  const { large } = race(2, { large: () => run(LARGE, '--parse') });
  const name = 'mesh, 10,000 VirtualServices';
  return [
    {
      name: `${name}: CPU time`, ours: large.mesh, base: large.parse, ratio: large.mesh / large.parse, limit: TIMES_PARSING, unit: 'ms',
      note: 'base: reading the YAML',
    },
    ...istiodRows(stage, name, large.mesh),
    {
      name: `${name}: memory`, ours: large.peak, base: MEGABYTES, ratio: large.peak / MEGABYTES, limit: 1, unit: 'MB',
      note: 'peak of the process, YAML included',
    },
    ...Object.entries(PAIRS).map(([what, [half, all]]): Row => {
      const times = race(ROUNDS, { half: () => run(half), all: () => run(all) });
      return {
        name: `mesh, twice the ${what}: growth`, ours: times.all.mesh, base: 2 * times.half.mesh, ratio: times.all.mesh / (2 * times.half.mesh),
        limit: GROWTH_LIMIT, unit: 'ms', note: 'CPU time; base: twice that of half as many',
      };
    }),
    unrelatedRow(run),
  ];
}

function unrelatedRow(run: (size: Size) => Measures): Row {
  const { without, some } = race(ROUNDS, { without: () => run(WITHOUT), some: () => run(WITH) });
  return {
    name: 'mesh, as many unrelated objects', ours: some.mesh, base: without.mesh, ratio: some.mesh / without.mesh, limit: GROWTH_LIMIT, unit: 'ms',
    note: 'CPU time; base: without them',
  };
}

/** The real istiod on the same input: the time of `sim dump` without that for a tiny input. No row where the oracles are not built. */
function istiodRows(stage: Stage, name: string, ours: number): Row[] {
  const [sim, env] = [join(ORACLES, 'sim'), join(ORACLES, 'env')];
  if (!hasOracle('sim')) {
    console.error(`no row for istiod: ${sim} is not built; conformance/oracles/setup.sh builds it`);
    return [];
  }
  const dump = (size: Size): number => {
    const input = stage.path('sim', size.join('-'));
    mkdirSync(input, { recursive: true });
    writeFileSync(join(input, 'mesh.yaml'), stage.node('programs/mesh.js', ...size.map(String), '1', '--print'));
    return stage.cpuTime(`. "${env}" && "${sim}" dump "${input}"`);
  };
  const base = dump(LARGE) - dump(SMALL);
  return [{
    name: `${name}: against istiod`, ours, base, ratio: ours / base, limit: SHARE_OF_ISTIOD, unit: 'ms',
    note: 'CPU time; base: sim dump, without its start',
  }];
}
