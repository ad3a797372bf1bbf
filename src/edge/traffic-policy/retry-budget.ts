// Retry budget: how many of a client's requests may be retries.
import type { DestinationRuleSpecTrafficPolicyRetryBudget } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import type { Fields } from '../wire/istio-fields';

/**
 * Which percentage of a client's active requests may be retries (Istio 1.30, TrafficPolicy.RetryBudget). Overrides
 * `connectionPool.http.maxRetries` (Envoy 1.38, circuit breakers). An empty object uses the defaults.
 */
export interface RetryBudget {
  /**
   * Percentage of active and pending requests, 0 to 100.
   *
   * @default - 20
   */
  readonly percent?: number;

  /**
   * Concurrent retries that are always allowed, regardless of the number of requests; at least 0.
   *
   * @default - 3
   */
  readonly minRetryConcurrency?: number;
}

/** Renders the budget. @throws InvalidProps for a value that Istio would refuse */
export function renderRetryBudget(prop: string, { percent, minRetryConcurrency }: RetryBudget): Fields<DestinationRuleSpecTrafficPolicyRetryBudget> {
  if (percent !== undefined && !(percent >= 0 && percent <= 100)) {
    throw InvalidProps.value(`${prop}.percent`, percent, 'must be a number from 0 to 100');
  }
  return {
    percent,
    minRetryConcurrency: minRetryConcurrency === undefined ? undefined : requireInteger(`${prop}.minRetryConcurrency`, minRetryConcurrency, 0, 2 ** 32 - 1),
  };
}
