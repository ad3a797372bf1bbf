// Builds random load balancers with hosts and paths of their own with the real AWS Load Balancer Controller, and compares which Ingress decides about each
// request with what the calls of `addHost` and `addPaths` say.
//
//   tsx conformance/families.ts [--count 500] [--seed N] [--show 5]
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { decided, family, made, type MadeFamily, REQUESTS, type Resources, wanted } from './family';
import { answer } from './oracle';
import { writeRun } from './results';
import { Judge } from './versions';

interface Answer {
  readonly error?: string;
  readonly result: { readonly groups?: readonly { readonly error?: string; readonly stack?: { readonly resources: Resources } }[]; readonly webhooks?: readonly object[] };
}

/** What is wrong with a program: each request that another Ingress decides about, or why there is no load balancer. */
function faultsOf(program: MadeFamily, { error, result }: Answer): string[] {
  const [{ error: refused, stack } = {}, ...others] = result?.groups ?? [];
  const failure = error ?? refused ?? (result.webhooks?.length ? JSON.stringify(result.webhooks) : stack === undefined || others.length > 0 ? 'not one load balancer' : undefined);
  return failure !== undefined ? [failure] : REQUESTS.flatMap(({ host, path }) => {
    const [ours, theirs] = [wanted(program, host, path), decided(stack!.resources, host, path)];
    return ours === theirs ? [] : [`${host}${path}: the calls say ${ours}, the controller built ${theirs}`];
  });
}

function main(): number {
  const text = (value: string) => ({ type: 'string', default: value } as const);
  const { values } = parseArgs({ options: { count: text('500'), seed: text(String(Date.now() % 1_000_000)), show: text('5') } });
  const [count, seed, show] = [values.count, values.seed, values.show].map(Number);
  const began = Date.now();
  const programs = fc.sample(family, { numRuns: count, seed }).map(made);
  const answers = answer<Answer>('lbc-plan', programs.map(({ yaml }, index) => ({ name: String(index), topic: 'family', input: yaml })));
  const faults = programs.flatMap((program, index) => faultsOf(program, answers[index]).map(fault => ({ fault, program })));
  faults.slice(0, show).forEach(({ fault, program: { yaml } }) => console.log(`--- ${fault}\n${yaml}`));
  const requests = count * REQUESTS.length;
  console.log(`families: ${count} programs (seed ${seed}), ${requests} requests, ${faults.length} disagreements`);
  writeRun('families', { judges: [Judge.CONTROLLER], began, seed, least: 121, counts: { programs: count, requests, disagreements: faults.length } });
  return faults.length > 0 ? 1 : 0;
}

process.exitCode = main();
