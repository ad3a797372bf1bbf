// Compares the findings of the checks for random configurations with the messages that `istioctl analyze` has in a cluster, by code and object.
//
//   tsx conformance/analyzers.ts [--count 2000] [--seed N] [--show 3] [--only CODE] [--raw]
//
// --only shows the disagreements about the codes that contain CODE, --raw does not shrink them.
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { addTo } from '../src/base/multimap';
import { check } from '../src/checks/runner';
import { Subject } from '../src/checks/subject';
import { manifestsOf } from '../src/manifests/input';
import type { PlainObject } from '../src/manifests/plain-json';
import { COMPARED, type Single } from './analyzer-differences';
import { analyzerInput } from './analyzer-inputs';
import { type Disagreement, chunks, report, yamlOf } from './disagreements';
import { answer } from './oracle';
import { writeRun } from './results';
import { Judge } from './versions';

const BATCH = 250;

/** A tenth of a second each. */
const LEAST = 2000;

interface Message {
  readonly code: string;
  /** Such as `Gateway edge/gw`. */
  readonly origin: string;
  readonly message: string;
}

interface Compared {
  readonly agreed: number;
  readonly explained: number;
  readonly found: readonly Found[];
}

interface Found extends Disagreement {
  /** The code, and who reports it alone. */
  readonly kind: string;
}

function judge(inputs: readonly (readonly object[])[]): Message[][] {
  return answer<Message[]>('analyze-live', inputs.map(yamlOf));
}

/** One check reports both. */
const codeOf = (code: string) => (code === 'IST0112' ? 'IST0101' : code);

/** The texts about each object, by code and object. The checks report the workload, and the oracle calls its only pod after it. */
function theirsOf(messages: readonly Message[]): Map<string, string[]> {
  const all = new Map<string, string[]>();
  messages.forEach(({ code, origin, message }) => addTo(all, `${codeOf(code)} ${origin.replace(/^Pod (.*)-0$/, 'Deployment $1')}`, message));
  return all;
}

function oursOf(objects: readonly PlainObject[]): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const { related, object: { kind, namespace, name }, pointer, message } of check(objects).findings) {
    const codes = new Set(related.map(codeOf));
    codes.forEach(code => addTo(all, `${code} ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`, `${pointer} ${message}`));
  }
  return all;
}

function compared(input: readonly object[], messages: readonly Message[]): Compared {
  const objects = input as readonly PlainObject[];
  const [ours, theirs] = [oursOf(objects), theirsOf(messages)];
  const subject = new Subject(manifestsOf(objects));
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].filter(key => key.split(' ')[0] in COMPARED);
  const single = keys.filter(key => !ours.has(key) || !theirs.has(key));
  const open = single.filter(key => {
    const [code, kind, full] = key.split(' ');
    const [name, namespace = ''] = full.split('/').reverse();
    const one: Single = { subject, kind, namespace, name, messages: theirs.get(key) ?? [] };
    return !COMPARED[code][ours.has(key) ? 'ours' : 'theirs'].some(({ holds }) => holds(one));
  });
  return {
    agreed: keys.length - single.length,
    explained: single.length - open.length,
    found: open.map(key => ({ objects, place: key, ours: ours.get(key), theirs: theirs.get(key), kind: `${key.split(' ')[0]} of ${ours.has(key) ? 'the checks' : 'istioctl'} alone` })),
  };
}

function main(): number {
  const text = (value: string) => ({ type: 'string', default: value } as const);
  const { values } = parseArgs({ options: { only: text(''), raw: { type: 'boolean', default: false }, count: text(String(LEAST)), seed: text(String(Date.now() % 1_000_000)), show: text('3') } });
  const [count, seed, show] = [values.count, values.seed, values.show].map(Number);
  const began = Date.now();
  const results = chunks(fc.sample(analyzerInput, { numRuns: count, seed }), BATCH).flatMap(batch => judge(batch).map((messages, index) => compared(batch[index], messages)));
  const sum = (key: 'agreed' | 'explained') => results.reduce((total, one) => total + one[key], 0);
  const found = results.flatMap(one => one.found).filter(({ kind }) => kind.includes(values.only));
  report(found, {
    kindOf: ({ kind }) => kind, attempts: 150, together: 30, details: () => '',
    judge: candidates => judge(candidates).map((messages, index) => [...compared(candidates[index], messages).found]),
  }, { show, raw: values.raw });
  const disagreeing = results.filter(one => one.found.length > 0).length;
  console.log(`analyzers: ${count} configurations (seed ${seed}): ${sum('agreed')} objects reported by both, ${sum('explained')} by one with a reason, ${disagreeing} disagree`);
  writeRun('analyzers', {
    judges: [Judge.ISTIO], began, seed, least: LEAST,
    counts: { 'configurations': count, 'objects reported by both': sum('agreed'), 'objects reported by one, with a reason': sum('explained'), 'disagreements': disagreeing },
  });
  return found.length > 0 ? 1 : 0;
}

process.exitCode = main();
