// Units of manifests with the models that traces walk, and the unit that serves a request.
import { UsageError } from '../base/errors';
import { type ClientRequest, formatRequest } from '../trace/client-request';
import { type TraceModels, prepareTrace } from '../trace/models';
import { endsOf } from '../trace/trace';
import type { Death, TraceEnd } from '../trace/trace-end';
import type { Options, Terminal } from './command';
import { readFilledUnits } from './units';

/** What is applied together, with its models. */
export interface TracedUnit {
  readonly folder: string;
  readonly models: TraceModels;
}

/** The units of some paths. @throws UsageError for a path that cannot be read, and for paths without manifests */
export function readTracedUnits(paths: readonly string[], options: Pick<Options, 'config' | 'ignore'>, terminal: Terminal): TracedUnit[] {
  return readFilledUnits(paths, options, terminal)
    .map(({ folder, manifests, settings: { controller, mesh } }) => ({ folder, models: prepareTrace(manifests, { controller, mesh }) }));
}

/** Ways to die of requests that a unit is not meant for, from those that get furthest. */
const ELSEWHERE: readonly ReadonlySet<Death>[] = [
  new Set<Death>(['no-rule', 'no-virtual-host', 'no-filter-chain']), new Set<Death>(['no-alb-listener', 'no-listener']),
  new Set<Death>(['no-load-balancer', 'load-balancer-refused', 'no-gateway']),
];

/**
 * The unit that serves a request: the one where it gets further than to a load balancer or a gateway that does not have its host. If none does, the first
 * of those where it gets furthest.
 *
 * @throws UsageError if several serve it
 */
export function servingUnit(units: readonly TracedUnit[], request: ClientRequest): TracedUnit {
  if (units.length === 1) {
    return units[0];
  }
  const distances = units.map(({ models }) => distanceOf(endsOf(models, request)));
  const nearest = Math.min(...distances);
  const found = units.filter((_, index) => distances[index] === nearest);
  if (nearest === 0 && found.length > 1) {
    const folders = found.map(({ folder }) => folder).join(', ');
    throw new UsageError(`${found.length} folders serve the request "${formatRequest(request)}": ${folders}; pass one of them`);
  }
  return found[0];
}

/** 0 if the request is served. */
function distanceOf(ends: readonly TraceEnd[]): number {
  return ELSEWHERE.findIndex(reasons => ends.every(({ reason }) => reason !== undefined && reasons.has(reason))) + 1;
}
