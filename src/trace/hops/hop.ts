// Hops: the steps of a trace, in the order of the road.
import type { Place } from '../../mesh/objects/config';

/** Where a step happens. */
export type Station = 'alb-listener' | 'alb-rule' | 'target-group' | 'gateway-listener' | 'filter-chain' | 'rate-limit' | 'virtual-host' | 'route'
  | 'authentication' | 'authorization' | 'cluster' | 'sidecar' | 'workload';

/** A candidate that came earlier and did not fit. */
export interface PassedOver {
  /** Absent for what no object says. */
  readonly place?: Place;
  /** What it is, such as `rule 2`. */
  readonly what: string;
  /** Why it does not fit: the first condition that the request does not meet. */
  readonly why: string;
}

/** One step. */
export interface Hop {
  readonly at: Station;
  /** What decided: an object and a pointer into it; absent for defaults. */
  readonly place?: Place;
  /** What happens, in words. */
  readonly detail: string;
  readonly passedOver: readonly PassedOver[];
  /** Share of the requests that take the step, from 0 to 1. */
  readonly probability: number;
  /** What does not end this request, and will hurt all the same, such as a health check that cannot succeed. */
  readonly warning?: string;
  /**
   * The record of the plan or the mesh that the step is about: a listener, a rule, a target group, a filter chain, a virtual host, a route, a cluster with
   * its name, or an endpoint.
   */
  readonly model?: object;
}

/** A step that all requests take. */
export function hop(at: Station, detail: string, place?: Place, passedOver: readonly PassedOver[] = NOTHING): Hop {
  return place === undefined ? { at, detail, passedOver, probability: 1 } : { at, place, detail, passedOver, probability: 1 };
}

const NOTHING: readonly PassedOver[] = [];

/** A step with the record of the models that it is about. */
export function about(model: object, { at, place, detail, passedOver, probability }: Hop): Hop {
  return place === undefined ? { at, detail, passedOver, probability, model } : { at, place, detail, passedOver, probability, model };
}

/** A step that a share of the requests takes. */
export function shared(step: Hop, probability: number): Hop {
  return probability === step.probability ? step : { ...step, probability };
}

/** A step with what will hurt, if anything does. */
export function withWarning(step: Hop, warning: string | undefined): Hop {
  return warning === undefined ? step : { ...step, warning };
}
