// How many of a client's requests may be retries.
import type { DestinationRuleSpecTrafficPolicyRetryBudget } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import type { Fields } from '../wire/istio-fields';

/**
 * How many of a client's requests at once may be retries, as a share of all (Istio 1.30, TrafficPolicy.RetryBudget). It stands in for
 * `connectionPool.http.maxRetries` (Envoy 1.38, circuit breakers). An empty one takes the defaults.
 */
export interface RetryBudget {
  /**
   * Percentage of the requests that are under way or wait, 0 to 100.
   *
   * @default - 20
   */
  readonly percent?: number;

  /**
   * Retries at once that are always allowed, however few requests there are; from 0.
   *
   * @default - 3
   */
  readonly minRetryConcurrency?: number;
}

/** Writes the budget. @throws InvalidProps for a value that Istio would refuse */
export function renderRetryBudget(prop: string, { percent, minRetryConcurrency }: RetryBudget): Fields<DestinationRuleSpecTrafficPolicyRetryBudget> {
  if (percent !== undefined && !(percent >= 0 && percent <= 100)) {
    throw InvalidProps.value(`${prop}.percent`, percent, 'must be a number from 0 to 100');
  }
  return {
    percent,
    minRetryConcurrency: minRetryConcurrency === undefined ? undefined : requireInteger(`${prop}.minRetryConcurrency`, minRetryConcurrency, 0, 2 ** 32 - 1),
  };
}
