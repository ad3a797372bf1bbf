// Requests traced through a prepared mesh: how many a second on one core, whether more hosts cost more, and the command on an example.
import { commandRow } from './command';
import { type Measures, race } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

/** Arguments of programs/trace.ts. */
const HOSTS = 1000;
const ROUTES = 20;
/** Runs of one process; the first ones include JIT compilation. */
const RUNS = 6;
const ROUNDS = 2;

/** Microseconds of a request at 200,000 a second, and with hops at 50,000. */
const LIMITS: Readonly<Record<string, number>> = { ends: 5, hops: 20 };
const GROWTH_LIMIT = 1.2;

/** Rows for both ways in, for ten times as many hosts, and for the command. */
export function traceRows(stage: Stage): Row[] {
  // On one core: garbage is collected and code compiled there, too.
  const run = (hosts: number, way: string) => (
    JSON.parse(stage.node('--single-threaded', 'programs/trace.js', ...[hosts, ROUTES, way, RUNS].map(String))) as Measures);
  const { gateway, balanced, more } = race(ROUNDS, {
    gateway: () => run(HOSTS, 'gateway'), balanced: () => run(HOSTS, 'load-balancer'), more: () => run(10 * HOSTS, 'gateway'),
  });
  return [
    ...rowsOf('a gateway', gateway), ...rowsOf('a load balancer', balanced),
    {
      name: 'trace, ten times the hosts: growth', ours: more.ends, base: gateway.ends, ratio: more.ends / gateway.ends, limit: GROWTH_LIMIT, unit: 'µs',
      note: 'CPU time of the ends of a request; the same requests in a mesh of ten times the hosts',
    },
    commandRow(stage, 'trace', "trace 'GET https://bookinfo.example.com/productpage'"),
  ];
}

function rowsOf(way: string, measures: Measures): Row[] {
  return Object.entries(LIMITS).map(([what, base]): Row => ({
    name: `trace, 1,000 hosts by ${way}: ${what}`, ours: measures[what], base, ratio: measures[what] / base, limit: 1, unit: 'µs',
    note: `CPU time of a request; base: ${(1e6 / base).toLocaleString('en')} a second`,
  }));
}
