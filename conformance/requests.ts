// Sends random requests through Envoys that the real istiod programs from random configurations, and compares where they end with the model.
//
//   tsx conformance/requests.ts [--count 10000] [--seed N] [--show 3] [--only KIND] [--raw]
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { prepareTrace } from '../src/inspect';
import { readYaml } from '../src/manifests/yaml';
import type { RouteCase } from '../test/conformance/route-verdict';
import { type Disagreement, chunks, report, yamlOf } from './disagreements';
import { requestsTo } from './mesh-requests';
import { answer } from './oracle';
import { writeRun } from './results';
import { compare } from './route-comparison';
import { routeInput } from './route-inputs';
import { Judge } from './versions';

/** Requests to one configuration: programming the Envoys takes most of the time. */
const REQUESTS = 50;

/** Configurations that one process of the oracle gets. */
const BATCH = 10;

type Request = RouteCase['request'];

interface Found extends Disagreement {
  readonly verdict: RouteCase;
}

interface Configuration {
  readonly objects: readonly object[];
  readonly requests: readonly Request[];
}

/** Whether istiod itself crashes, which it does when a server has the hosts `*\/*` and, later, one of its own namespace. */
function crashesIstiod(objects: readonly object[]): boolean {
  return JSON.stringify(objects).includes('"*/*"');
}

/** What Envoy did with the requests of each configuration; fewer answers than requests where istiod or Envoy refused the configuration. */
function judge(configurations: readonly Configuration[]): RouteCase[][] {
  const answers = answer<RouteCase>('sim', configurations.map(({ objects, requests }, index) => ({ name: String(index), yaml: yamlOf(objects), requests })));
  return configurations.map((_, index) => answers.filter(verdict => verdict.config === String(index) && !dialsBlock(verdict) && !isServedInTls(verdict)));
}

/** Whether an application reads TLS itself: those of the oracle do so on each port, also where it declares HTTP. */
function isServedInTls({ result: { served, sidecar } }: RouteCase): boolean {
  return sidecar === undefined && served?.ns !== undefined && served.tls !== 'plaintext';
}

/** Whether the host has a block of addresses: the oracle does not know which of them the client dials, and says so by a panic of the simulation. */
function dialsBlock({ result }: RouteCase): boolean {
  return JSON.stringify(result).includes('panic: ParseAddr(');
}

function disagreementsOf(objects: readonly object[], verdicts: readonly RouteCase[]): { readonly found: Found[]; readonly undecided: number } {
  const models = prepareTrace(readYaml(yamlOf(objects), 'input.yaml'));
  const all = verdicts.map(verdict => ({ ...compare(models, verdict), verdict }));
  return {
    found: all.flatMap(({ differences, verdict }) => differences.map(one => ({ ...one, objects, verdict }))), undecided: all.filter(({ isUndecided }) => isUndecided).length,
  };
}

/** Of fates, the field in which they differ. */
function at(value: unknown, place: string): unknown {
  const [first] = [value].flat() as readonly (Readonly<Record<string, unknown>> | undefined)[];
  return place.startsWith('/trace/') ? first?.[place.split('/')[2]] : value;
}

function kindOf({ place, ours, theirs, verdict: { request } }: Found): string {
  const short = (value: unknown) => (typeof value === 'string' && value.length > 30 ? value.slice(0, 30) : JSON.stringify(value) ?? 'nothing');
  return `${request.entry === 'gateway' ? 'gateway' : 'pod'} ${place.replace(/\d+/g, 'N')}${/status|error|refusedBy/.test(place) ? ` ${short(at(ours, place))} / ${short(at(theirs, place))}` : ''}`;
}

function main(): number {
  const text = (value: string) => ({ type: 'string', default: value } as const);
  const { values } = parseArgs({
    options: { count: text('10000'), seed: text(String(Date.now() % 1_000_000)), show: text('3'), only: text(''), raw: { type: 'boolean', default: false } },
  });
  const [count, seed, show] = [values.count, values.seed, values.show].map(Number);
  const began = Date.now();
  const seen = { requests: 0, configurations: 0, 'reached a route': 0, 'forwarded': 0, 'redirected': 0, 'answered by a proxy': 0, 'undecided by the trace': 0 };
  const found: Found[] = [];
  // Configurations that istiod or Envoy refuses as a whole answer nothing, so there are more than the requests need.
  const input = routeInput.filter(objects => !crashesIstiod(objects)).chain(objects => fc.record({ objects: fc.constant(objects), requests: requestsTo(objects, REQUESTS) }));
  const configurations = fc.sample(input, { numRuns: 2 * Math.ceil(count / REQUESTS), seed });
  for (const batch of chunks(configurations, BATCH)) {
    if (seen.requests >= count) {
      break;
    }
    judge(batch).forEach((verdicts, index) => {
      seen.configurations += Number(verdicts.length > 0);
      for (const { result } of verdicts) {
        const [end] = result.ends as readonly { readonly kind: string }[];
        seen.requests += 1;
        seen['reached a route'] += Number(result.routeIndex !== undefined || end?.kind === 'cluster');
        seen.forwarded += Number(result.served !== undefined);
        seen.redirected += Number(end?.kind === 'redirect');
        seen['answered by a proxy'] += Number(end?.kind === 'response');
      }
      const one = disagreementsOf(batch[index].objects, verdicts);
      seen['undecided by the trace'] += one.undecided;
      found.push(...one.found.filter(own => kindOf(own).includes(values.only)));
    });
    process.stdout.write(`\r${seen.requests} of ${count} requests, ${found.length} disagreements`);
  }
  console.log('');
  report(found, {
    kindOf, attempts: 60, together: 60, details: ({ verdict: { request, result } }) => `${JSON.stringify(request)}\n${JSON.stringify(result)}`,
    judge: (candidates, { verdict: { request } }) => judge(candidates.map(objects => ({ objects, requests: [request] })))
      .map((verdicts, index) => disagreementsOf(candidates[index], verdicts).found),
  }, { show, raw: values.raw });
  const disagreements = new Set(found.map(({ verdict }) => verdict)).size;
  console.log(`requests: ${JSON.stringify(seen)} (seed ${seed}), ${disagreements} disagree, ${Math.round((Date.now() - began) / 1000)} s`);
  writeRun('requests', { judges: [Judge.ISTIO, Judge.ENVOY], began, seed, counts: { ...seen, disagreements } });
  return disagreements > 0 ? 1 : 0;
}

process.exitCode = main();
