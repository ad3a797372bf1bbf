// `alb-istio test` with the traffic of a log: where its requests end, or which would end elsewhere than before.
import { UsageError } from '../base/errors';
import { renderMovesJson, renderTrafficJson } from '../output/trace/traffic-json';
import { renderMovesText, renderTrafficText } from '../output/trace/traffic-text';
import { ReachedPlaces, coverageOf } from '../trace/route-tests/coverage';
import { endsOf, trace } from '../trace/trace';
import { type EndsOf, contradictionsOf, destinationsOf, movesOf } from '../trace/traffic/replay';
import type { Traffic } from '../trace/traffic/traffic';
import type { Options, Terminal } from './command';
import { readTraffic } from './log-files';
import { isCovered } from './min-coverage';
import { type TracedUnit, notAppliedIn, readTracedUnits, servingUnit } from './traced-units';

/** @returns 1 if a request does not end by design, or less is covered than demanded; with `--against` if one ends elsewhere */
export function testTraffic(paths: readonly string[], options: Options, minimum: number, terminal: Terminal): number {
  const traffic = readTraffic(options, terminal);
  const units = readTracedUnits(paths, options, terminal);
  return options.against === undefined ? showDestinations(traffic, units, minimum, options, terminal)
    : showMoves(traffic, readTracedUnits([options.against], options, terminal), units, options, terminal);
}

function showDestinations(traffic: Traffic, units: readonly TracedUnit[], minimum: number, { format }: Options, terminal: Terminal): number {
  const reached = new ReachedPlaces();
  const destinations = destinationsOf(traffic.requests, request => {
    const { hops, ends } = trace(servingUnit(units, request).models, request);
    reached.add(hops);
    return ends;
  });
  const coverage = coverageOf(units.map(({ models }) => models), reached);
  const render = format === 'json' ? renderTrafficJson : renderTrafficText;
  terminal.out(render(traffic, destinations, contradictionsOf(destinations), coverage, notAppliedIn(units)));
  return [destinations.every(({ isByDesign }) => isByDesign), isCovered(coverage, minimum, terminal)].every(Boolean) ? 0 : 1;
}

function showMoves(traffic: Traffic, before: readonly TracedUnit[], after: readonly TracedUnit[], { format }: Options, terminal: Terminal): number {
  const endsIn = (units: readonly TracedUnit[]): EndsOf => request => endsOf(servingUnit(units, request).models, request);
  const moves = movesOf(traffic.requests, endsIn(before), endsIn(after));
  terminal.out((format === 'json' ? renderMovesJson : renderMovesText)(traffic, moves, notAppliedIn(after)));
  return moves.length === 0 ? 0 : 1;
}

/** Whether the options name traffic. */
export function hasTraffic(options: Options): boolean {
  return options['from-har'] !== undefined || options['from-access-log'] !== undefined;
}

/** @throws UsageError for options that mean nothing together */
export function requireFitting({ against, write, 'min-coverage': minimum, format }: Options, isTraffic: boolean): void {
  const wrong = against !== undefined && !isTraffic ? '--against needs --from-har or --from-access-log'
    : against !== undefined && minimum !== undefined ? '--against has no --min-coverage'
      : write === true && isTraffic ? '--write needs a file of REQUESTS, and has neither --from-har nor --from-access-log'
        : write === true && (minimum !== undefined || format === 'json') ? '--write has neither --min-coverage nor --format json' : undefined;
  if (wrong !== undefined) {
    throw new UsageError(wrong);
  }
}
