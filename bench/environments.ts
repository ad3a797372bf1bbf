// A fleet: one process writes many environments, each into its own folder.
import { readdirSync, rmSync } from 'node:fs';
import { type Measures, race } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

const SIZES = [50, 100, 200] as const;
const GROWTH_LIMIT = 1.1;
const ROUNDS = 5;

/** Rows for 50 to 200 environments: two workloads, an edge with five routes and a canary, and the objects for Flux and Argo CD. */
export function environmentRows(stage: Stage): Row[] {
  const [few, half, most] = SIZES;
  const best = race(ROUNDS, {
    few: () => synth(stage, few, 'few', true),
    half: () => synth(stage, half, 'half', true),
    most: () => synth(stage, most, 'most', true),
    again: () => synth(stage, most, 'again', false),
  });
  requireFolders(stage.path('out', 'again', 'dist'), most);
  const time = (name: keyof typeof best) => best[name].milliseconds;
  return [
    { ...row(`synth, ${half} to ${most} environments: growth`, time('most'), 2 * time('half'), 'ms', `base: twice ${half} environments`), limit: GROWTH_LIMIT },
    row(`synth, ${few} to ${half} environments: growth`, time('half'), 2 * time('few'), 'ms', `base: twice ${few} environments`),
    row('synth, one environment: time', time('most') / most, time('half') / half, 'ms', `one of ${most}; base: one of ${half}`),
    row(`synth, ${most} environments, nothing changed`, time('again'), time('most'), 'ms', 'base: into folders that are not there'),
    row(`synth, ${most} environments: peak memory`, megabytes(best.most), megabytes(best.half), 'MB', `of the whole process; base: ${half} environments`),
  ];
}

/** One process that writes environments, into new folders or into folders it has written before. */
function synth(stage: Stage, count: number, name: string, afresh: boolean): Measures {
  if (afresh) {
    rmSync(stage.path('out', name), { recursive: true, force: true });
  }
  return JSON.parse(stage.node('programs/environments.js', String(count), `out/${name}`)) as Measures;
}

/** All folders have been written, so the times cover all of the work. */
function requireFolders(dist: string, count: number): void {
  const found = readdirSync(dist).length;
  if (found !== count) {
    throw new Error(`${dist} has ${found} folders, not ${count}`);
  }
}

function megabytes({ kilobytes }: Measures): number {
  return kilobytes / 1024;
}

function row(name: string, ours: number, base: number, unit: Row['unit'], note: string): Row {
  return { name, ours, base, ratio: ours / base, unit, note };
}
