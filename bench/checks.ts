// The checks over the manifests of many tenants, whose CPU time must grow linearly, and the command on a large file, compared with its peers.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ORACLES, hasOracle } from '../conformance/oracle';
import { schemaOf, validatedKinds } from '../src/api-server/crd/validator';
import { commandRow } from './command';
import { type Measures, race, settledMedian } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

const SIZES = [1000, 2000, 4000] as const;
const GROWTH_LIMIT = 1.1;
const ROUNDS = 7;

/** Rows for 1,000 to 4,000 tenants in one input, with seven objects each and the Ingresses of fifty in one group. */
export function checkRows(stage: Stage): Row[] {
  const [few, half, most] = SIZES;
  const best = race(ROUNDS, { few: () => measure(stage, few), half: () => measure(stage, half), most: () => measure(stage, most) });
  return [
    growth(half, best.half, few, best.few),
    { ...growth(most, best.most, half, best.half), limit: GROWTH_LIMIT },
    ...fileRows(stage),
    commandRow(stage, 'check', 'check'),
  ];
}

/** Arguments of programs/mesh.ts: VirtualServices, hosts of each, tenants, Services, other objects. */
const LARGE = [10_000, 1, 100, 1000, 0];
const SHARE_OF_KUBECONFORM = 1 / 2;
const SHARE_OF_ANALYZERS = 1 / 6;
const MOST_MEGABYTES = 1024;

/** All checks on a file with 10,000 VirtualServices and 1,000 Services, on one core, against schema validation and against istioctl's analyzers. */
function fileRows(stage: Stage): Row[] {
  const folder = stage.path('checked');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'mesh.yaml'), stage.node('programs/mesh.js', ...LARGE.map(String), '1', '--print'));
  const name = 'check, 10,000 VirtualServices';
  const ours = settledMedian(() => stage.cpuTime(`node --single-threaded lib/cli.js check "${folder}"`));
  const memory = Number(/maxRSS (\d+)/.exec(stage.node('-r', './programs/peak-memory.js', 'lib/cli.js', 'check', folder))![1]) / 1024;
  return [
    ...peerRow(`${name}: against kubeconform`, ours, SHARE_OF_KUBECONFORM, hasCommand('kubeconform'), 'kubeconform is not on the path',
      () => stage.cpuTime(`kubeconform -n 1 -ignore-missing-schemas -schema-location "${writeSchemas(stage)}" "${folder}"`)),
    ...peerRow(`${name}: against istioctl's analyzers`, ours, SHARE_OF_ANALYZERS, hasOracle('check'), 'conformance/oracles/setup.sh has not been run',
      () => stage.cpuTime(`{ . "${join(ORACLES, 'env')}"; "${join(ORACLES, 'check')}" analyze "${folder}" || true; }`)),
    { name: `${name}: peak memory`, ours: memory, base: MOST_MEGABYTES, ratio: memory / MOST_MEGABYTES, limit: 1, unit: 'MB', note: 'of the whole process' },
  ];
}

function peerRow(name: string, ours: number, limit: number, isThere: boolean, why: string, measurePeer: () => number): Row[] {
  if (!isThere) {
    console.error(`no row for ${name}: ${why}`);
    return [];
  }
  const base = measurePeer();
  return [{ name, ours, base, ratio: ours / base, limit, unit: 'ms', note: 'CPU time of the process, from the file on disk' }];
}

/** The schemas of Istio's kinds, where kubeconform finds them without network; built-in kinds it skips. @returns the template of their paths */
function writeSchemas(stage: Stage): string {
  const folder = stage.path('schemas');
  mkdirSync(folder, { recursive: true });
  for (const kind of validatedKinds()) {
    const [group, version, name] = kind.split(/[/ ]/);
    writeFileSync(join(folder, `${name.toLowerCase()}-${group.split('.')[0]}-${version}.json`), JSON.stringify(schemaOf(kind)));
  }
  return `${folder}/{{.ResourceKind}}{{.KindSuffix}}.json`;
}

function hasCommand(name: string): boolean {
  return spawnSync(name, ['-v']).status === 0;
}

function measure(stage: Stage, tenants: number): Measures {
  // A large young generation, so that garbage collection depends less on when it starts.
  return JSON.parse(stage.node('--max-semi-space-size=64', 'programs/tenants.js', String(tenants))) as Measures;
}

function growth(tenants: number, ours: Measures, fewer: number, base: Measures): Row {
  return {
    name: `check, ${fewer.toLocaleString('en')} to ${tenants.toLocaleString('en')} tenants: growth`,
    ours: ours.milliseconds,
    base: 2 * base.milliseconds,
    ratio: ours.milliseconds / (2 * base.milliseconds),
    unit: 'ms',
    note: `CPU time; base: twice ${fewer.toLocaleString('en')} tenants`,
  };
}
