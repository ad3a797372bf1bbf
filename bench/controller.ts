// The controller's own builder, in the same run: `lbc-plan -bench N` of conformance/oracles, which is written in Go.
import { runOracle } from '../conformance/oracle';
import type { Measures } from './race';

/** Milliseconds for a group of Ingresses with ten rules each: the median of five runs, from typed objects to the model, without loading the group. */
export function buildTime(ingresses: number): Measures {
  const { stdout, stderr } = runOracle('lbc-plan', '-bench', String(ingresses));
  const duration = /\bbuild=(?:(?<minutes>\d+)m)?(?<number>[\d.]+)(?<unit>µs|ms|s)/.exec(stdout)?.groups;
  if (duration === undefined) {
    throw new Error(`lbc-plan -bench printed no build time: ${stdout}${stderr}`);
  }
  const factor = { 'µs': 0.001, 'ms': 1, 's': 1000 }[duration.unit]!;
  return { build: Number(duration.minutes ?? 0) * 60_000 + Number(duration.number) * factor };
}
