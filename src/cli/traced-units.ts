// Units of manifests with the models that traces walk, and the unit that serves a request.
import { UsageError } from '../base/errors';
import { type ClientRequest, formatRequest } from '../trace/client-request';
import { balancedRequest } from '../trace/alb/rule-match';
import { type TraceModels, prepareTrace } from '../trace/models';
import type { NotApplied } from '../trace/not-applied';
import { endsOf } from '../trace/trace';
import { type Death, FOREIGN, type TraceEnd } from '../trace/hops/trace-end';
import type { Terminal } from './command';
import { readFilledUnits, type UnitOptions } from './units';

/** What is applied together, with its models. */
export interface TracedUnit {
  readonly folder: string;
  readonly models: TraceModels;
}

/** The units of some paths. @throws UsageError for a path that cannot be read, and for paths without manifests */
export function readTracedUnits(paths: readonly string[], options: UnitOptions, terminal: Terminal): TracedUnit[] {
  return readFilledUnits(paths, options, terminal).map(({ folder, manifests, settings: { controller, mesh, complete } }) => (
    { folder, models: prepareTrace(manifests, { controller, mesh, complete }) }));
}

/** The objects of the units that the API server, a webhook or the controller refuses. */
export function notAppliedIn(units: readonly TracedUnit[]): NotApplied[] {
  return units.flatMap(({ models }) => models.notApplied);
}

/** Ways to die of requests that a unit is not meant for, from those that get furthest. */
const ELSEWHERE: readonly ReadonlySet<Death>[] = [
  FOREIGN, new Set<Death>(['no-alb-listener', 'no-listener']),
  new Set<Death>(['no-load-balancer', 'several-load-balancers', 'load-balancer-refused', 'no-gateway']),
];

/**
 * The units that serve a request: of those with a load balancer for its host, the ones where it gets further than to a load balancer or a gateway that does
 * not have the host. If it does so in none, the first of those where it gets furthest.
 */
export function servingUnits(units: readonly TracedUnit[], request: ClientRequest): readonly TracedUnit[] {
  if (units.length === 1) {
    return units;
  }
  const isBalanced = request.via === undefined || request.via.is === 'load-balancer';
  const fitting = isBalanced ? bestOf(units, ({ models }) => models.loadBalancers.fitOf(balancedRequest(request))) : units;
  const found = bestOf(fitting, ({ models }) => -distanceOf(endsOf(models, request)));
  return distanceOf(endsOf(found[0].models, request)) === 0 ? found : found.slice(0, 1);
}

/** The unit that serves a request. @throws UsageError if several serve it */
export function servingUnit(units: readonly TracedUnit[], request: ClientRequest): TracedUnit {
  const found = servingUnits(units, request);
  if (found.length > 1) {
    throw ambiguous(found, request);
  }
  return found[0];
}

/** The error for a request that several units serve, where one is needed. */
export function ambiguous(found: readonly TracedUnit[], request: ClientRequest): UsageError {
  const folders = found.map(({ folder }) => folder).join(', ');
  return new UsageError(`${found.length} folders serve the request "${formatRequest(request)}": ${folders}; pass one of them`);
}

function bestOf<T>(items: readonly T[], scoreOf: (item: T) => number): readonly T[] {
  const scores = items.map(scoreOf);
  const best = Math.max(...scores);
  return items.filter((_, index) => scores[index] === best);
}

/** 0 if the request is served. */
function distanceOf(ends: readonly TraceEnd[]): number {
  return ELSEWHERE.findIndex(reasons => ends.every(({ reason }) => reason !== undefined && reasons.has(reason))) + 1;
}
