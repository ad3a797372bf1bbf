// The GitOpsApps of this program: two that write one folder, and those whose synth was forgotten.
import { relative } from 'node:path';
import { EdgeError } from '../base/errors';

/** What is known of an app. */
export interface RecordedApp {
  readonly folder: string;
  /** Whether a chart is in it. */
  readonly hasCharts: () => boolean;
}

/** Shared by all copies of the package in a program. */
interface AppRecord {
  /** Apps that were neither synthesized nor validated. */
  readonly pending: Set<RecordedApp>;
  /** The number of apps so far. */
  count: number;
  /** The number of the app that wrote a folder last, and how many apps there were by then. */
  readonly writers: Map<string, { readonly number: number; readonly count: number }>;
}

const KEY = Symbol.for('cdk8s-alb-istio.gitops-apps');
const PROGRAM = globalThis as { [KEY]?: AppRecord };

function record(): AppRecord {
  PROGRAM[KEY] ??= { pending: new Set(), count: 0, writers: new Map() };
  return PROGRAM[KEY];
}

/**
 * Records a new app. At exit, the program reports each app with charts that was never synthesized: such a program changes nothing and
 * succeeds. Not in tests, which build apps to inspect them.
 *
 * @returns the number of the app
 */
export function recordApp(app: RecordedApp): number {
  const known = record();
  known.count++;
  if (process.env.NODE_ENV !== 'test' && process.env.NODE_TEST_CONTEXT === undefined) {
    if (known.pending.size === 0) {
      process.off('exit', reportPending).on('exit', reportPending);
    }
    known.pending.add(app);
  }
  return known.count;
}

/** Records that an app is used: synthesized, or validated for one of its charts. */
export function recordUse(app: RecordedApp): void {
  record().pending.delete(app);
}

/** @throws EdgeError if another app has written the folder since this one was created: each would delete the files of the other */
export function requireSoleWriter(folder: string, number: number): void {
  const last = record().writers.get(folder);
  if (last !== undefined && last.number !== number && last.count >= number) {
    throw new EdgeError(`${folder} was written by another GitOpsApp of this program, whose files this one would delete. Give each app its own folder`);
  }
}

/** Records that an app has written its folder. */
export function recordWriter(folder: string, number: number): void {
  const { writers, count } = record();
  writers.set(folder, { number, count });
}

/** A program that fails has another message already. */
function reportPending(code: number): void {
  for (const { folder, hasCharts } of code === 0 ? record().pending : []) {
    if (hasCharts()) {
      process.stderr.write(`${relative(process.cwd(), folder)} was not written: call synth() of its GitOpsApp at the end of the program\n`);
    }
  }
}
