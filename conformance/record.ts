// Records what the real systems answer, as cases in test/conformance that the tests replay.
//
//   tsx conformance/record.ts [FILE…]                    answers the inputs of these files again, or those of all files
//   tsx conformance/record.ts add FILE NAME YAML [--topic TOPIC] [--note NOTE] [--flags FLAGS] [--requests REQUESTS]
//                                                        adds the YAML as a case of that name, or the requests to it as cases
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { addMesh, recordMeshes } from './record-mesh';
import { recordRequests, addRequests } from './record-requests';
import { recordPlans, addPlan } from './record-plans';
import { type Recorded } from './recorded';
import { writeRun } from './results';
import { Judge } from './versions';

interface Recorder {
  readonly judges: readonly Judge[];
  readonly record: (file: string) => Recorded;
  readonly add: (file: string, one: Added) => void;
}

/** A new case. */
export interface Added {
  readonly name: string;
  readonly yaml: string;
  readonly topic: string;
  readonly note?: string;
  readonly flags?: string;
  /** The path of a file of requests. */
  readonly requests?: string;
}

const PLANS: Recorder = { judges: [Judge.CONTROLLER], record: recordPlans, add: addPlan };
const MESHES: Recorder = { judges: [Judge.ISTIO], record: recordMeshes, add: addMesh };
const REQUESTS: Recorder = { judges: [Judge.ISTIO, Judge.ENVOY], record: recordRequests, add: addRequests };

/** What answers the cases of each file. Files `*-own.json` hold the cases that this project added. */
const FILES: Readonly<Record<string, Recorder>> = {
  'mesh-own.json': MESHES,
  'plans.json': PLANS,
  'plans-own.json': PLANS,
  'routes.json': REQUESTS,
  'routes-own.json': REQUESTS,
};

function main(args: readonly string[]): number {
  const isAdding = args[0] === 'add';
  const text = { type: 'string' } as const;
  const { positionals, values } = parseArgs({
    args: args.slice(isAdding ? 1 : 0), allowPositionals: true, options: { topic: text, note: text, flags: text, requests: text },
  });
  const files = isAdding ? positionals.slice(0, 1) : positionals;
  const unknown = files.filter(file => !(file in FILES));
  if (unknown.length > 0 || (isAdding && positionals.length !== 3)) {
    console.error(unknown.length > 0 ? `${unknown.join(', ')} must be one of ${Object.keys(FILES).join(', ')}` : 'add needs FILE NAME YAML');
    return 2;
  }
  if (isAdding) {
    const [file, name, path] = positionals;
    FILES[file].add(file, { topic: 'own', ...values, name, yaml: readFileSync(path, 'utf8') });
    return 0;
  }
  for (const file of files.length > 0 ? files : Object.keys(FILES)) {
    const began = Date.now();
    const { cases, added, changed, kept, missing } = FILES[file].record(file);
    console.log(`${file}: ${cases} cases, ${added} new, ${changed} changed, ${kept} kept from another version, ${missing} without an answer`);
    writeRun(file, { judges: FILES[file].judges, began, counts: { cases, changed, 'answered by another version': kept, 'without an answer': missing } });
    if (missing > 0) {
      return 1;
    }
  }
  return 0;
}

process.exitCode = main(process.argv.slice(2));
