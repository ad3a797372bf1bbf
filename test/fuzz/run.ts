// `npm run fuzz`: many inputs through the readers, the models and their renderers. Exits with 1 if one throws or hangs.
//
//   tsx test/fuzz/run.ts [--count 100000] [--seed N] [--manifests FOLDER]… [--case N]
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attempt } from './attempt';
import { Chance } from './chance';
import { readCorpus } from './corpus';
import { FAMILIES, type Family, inputOf } from './inputs';

/** What a process reports of its cases. */
interface Report {
  readonly counts: Record<string, number>;
  readonly faults: { readonly index: number; readonly message: string }[];
  readonly slowest: { readonly index: number; readonly milliseconds: number };
}

/** A case that takes longer has hung, even on a busy machine. */
const HANG_SECONDS = 300;
/** A process that has run more cases is replaced, so that what one case leaves behind cannot slow the others down for long. */
const BATCH = 5_000;
const MAX_SHOWN = 10;

/** The family and the input of a case. */
function caseOf(seed: number, index: number, corpus: ReturnType<typeof readCorpus>): [Family, string] {
  const family = FAMILIES[index % FAMILIES.length];
  return [family, inputOf(family, corpus, new Chance(seed, index))];
}

/** Runs cases in this process, and writes the number of the current one to a file for the process that watches. */
function runCases(seed: number, from: number, to: number, folders: readonly string[], progress: string): Report {
  const corpus = readCorpus(folders);
  const report = { counts: {} as Record<string, number>, faults: [] as { index: number; message: string }[], slowest: { index: from, milliseconds: 0 } };
  for (let index = from; index < to; index++) {
    writeFileSync(progress, String(index));
    const [family, input] = caseOf(seed, index, corpus);
    const start = performance.now();
    let outcome: string;
    try {
      outcome = attempt(input);
    } catch (error) {
      outcome = 'FAULT';
      report.faults.push({ index, message: error instanceof Error ? error.stack ?? error.message : String(error) });
    }
    const milliseconds = performance.now() - start;
    report.counts[`${family}: ${outcome}`] = (report.counts[`${family}: ${outcome}`] ?? 0) + 1;
    if (milliseconds > report.slowest.milliseconds) {
      report.slowest = { index, milliseconds };
    }
  }
  return report;
}

/** Runs cases in a process of their own. @returns the report, or the number of the case that hangs or ends the process */
function watched(args: readonly string[], progress: string, first: number): Promise<Report | number> {
  return new Promise(resolve => {
    let last = '';
    let since = Date.now();
    const child: ChildProcess = fork(__filename, [...args], { execArgv: process.execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const read = () => readFileSync(progress, 'utf8');
    const timer = setInterval(() => {
      [last, since] = read() === last ? [last, since] : [read(), Date.now()];
      if (last !== '' && Date.now() - since > HANG_SECONDS * 1000) {
        child.kill('SIGKILL');
      }
    }, 1000);
    let report: Report | undefined;
    child.on('message', message => { report = message as Report; });
    child.on('exit', () => {
      clearInterval(timer);
      resolve(report ?? Number(read() || first));
    });
  });
}

async function main(): Promise<number> {
  const text = (value: string) => ({ type: 'string', default: value } as const);
  const { values } = parseArgs({ options: {
    'count': text('100000'), 'seed': text('1'), 'manifests': { type: 'string', multiple: true, default: [] }, 'case': { type: 'string' },
    'from': { type: 'string' }, 'to': text('0'), 'progress': text(''),
  } });
  const { seed, count } = { seed: Number(values.seed), count: Number(values.count) };
  if (values.case !== undefined) {
    const [family, input] = caseOf(seed, Number(values.case), readCorpus(values.manifests));
    console.error(`case ${values.case} of seed ${seed}: ${family}`);
    console.log(input);
    console.error(attempt(input));
    return 0;
  }
  if (values.from !== undefined) {
    process.send!(runCases(seed, Number(values.from), Number(values.to), values.manifests, values.progress));
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const progress = join(folder, 'progress');
  const total: { counts: Record<string, number>; faults: string[]; slowest: Report['slowest'] } = { counts: {}, faults: [], slowest: { index: 0, milliseconds: 0 } };
  const start = Date.now();
  for (let from = 0; from < count;) {
    const to = Math.min(count, from + BATCH);
    writeFileSync(progress, '');
    const more = values.manifests.flatMap(own => ['--manifests', own]);
    const report = await watched(['--seed', String(seed), '--from', String(from), '--to', String(to), '--progress', progress, ...more], progress, from);
    if (typeof report === 'number') {
      total.faults.push(`case ${report}: hangs, or ends the process`);
      from = report + 1;
      continue;
    }
    Object.entries(report.counts).forEach(([name, number]) => { total.counts[name] = (total.counts[name] ?? 0) + number; });
    total.faults.push(...report.faults.map(({ index, message }) => `case ${index}: ${message}`));
    total.slowest = report.slowest.milliseconds > total.slowest.milliseconds ? report.slowest : total.slowest;
    console.error(`${to} cases, ${total.faults.length} faults`);
    from = to;
  }
  rmSync(folder, { recursive: true });
  total.faults.slice(0, MAX_SHOWN).forEach(fault => console.log(fault));
  Object.entries(total.counts).sort().forEach(([name, number]) => console.log(`${name}: ${number}`));
  const seconds = Math.round((Date.now() - start) / 1000);
  console.log(`fuzz: ${count} cases (seed ${seed}), ${total.faults.length} faults, ${seconds} s; the slowest, case ${total.slowest.index}: ${Math.round(total.slowest.milliseconds)} ms`);
  return total.faults.length > 0 ? 1 : 0;
}

void main().then(code => { process.exitCode = code; });
