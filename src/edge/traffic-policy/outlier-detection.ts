// Outlier detection: when Envoy temporarily ejects a failing endpoint.
import type { Duration } from 'cdk8s';
import type { DestinationRuleSpecTrafficPolicyOutlierDetection } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { renderDuration } from '../wire/duration';
import type { Fields } from '../wire/istio-fields';

const UINT32 = 2 ** 32 - 1;

/** When Envoy temporarily ejects a failing endpoint. An empty object uses Istio's defaults (Istio 1.30, OutlierDetection). */
export interface OutlierDetection {
  /**
   * Consecutive 5xx responses or connection failures after which a pod is ejected; 0 for never.
   *
   * @default - 5
   */
  readonly consecutive5xxErrors?: number;

  /**
   * Consecutive 502, 503 or 504 responses after which a pod is ejected; 0 for never. They also count as 5xx responses, so the number must
   * be less than `consecutive5xxErrors`.
   *
   * @default - pods are not ejected for these alone
   */
  readonly consecutiveGatewayErrors?: number;

  /**
   * Counts connection failures and requests without a response separately, not as 5xx responses.
   *
   * @default false
   */
  readonly splitExternalLocalOriginErrors?: boolean;

  /**
   * Consecutive connection failures after which a pod is ejected, at least 1; only with `splitExternalLocalOriginErrors`.
   *
   * @default - 5
   */
  readonly consecutiveLocalOriginFailures?: number;

  /**
   * Time between two evaluations, at least 1 ms.
   *
   * @default - 10 seconds
   */
  readonly interval?: Duration;

  /**
   * Duration of the first ejection of a pod, at least 1 ms; the second takes twice as long, and so on.
   *
   * @default - 30 seconds
   */
  readonly baseEjectionTime?: Duration;

  /**
   * Maximum percentage of pods that can be ejected at the same time, 1 to 100.
   *
   * @default - 10
   */
  readonly maxEjectionPercent?: number;

  /**
   * Percentage of healthy pods below which all pods receive requests again, 0 to 100.
   *
   * @default - 0: never
   */
  readonly minHealthPercent?: number;
}

/** Renders the detection. @throws InvalidProps for a value that Istio would refuse or interpret differently */
export function renderOutlierDetection(prop: string, detection: OutlierDetection): Fields<DestinationRuleSpecTrafficPolicyOutlierDetection> {
  const { splitExternalLocalOriginErrors, interval, baseEjectionTime } = detection;
  const bounded = (field: 'consecutive5xxErrors' | 'consecutiveGatewayErrors' | 'consecutiveLocalOriginFailures' | 'maxEjectionPercent' | 'minHealthPercent',
    min: number, max: number) => detection[field] === undefined ? undefined : requireInteger(`${prop}.${field}`, detection[field], min, max);
  const consecutive5xxErrors = bounded('consecutive5xxErrors', 0, UINT32);
  const consecutiveGatewayErrors = bounded('consecutiveGatewayErrors', 0, UINT32);
  if (consecutive5xxErrors && consecutiveGatewayErrors && consecutiveGatewayErrors >= consecutive5xxErrors) {
    throw InvalidProps.value(`${prop}.consecutiveGatewayErrors`, consecutiveGatewayErrors,
      `must be less than consecutive5xxErrors, which is ${consecutive5xxErrors} and counts the same responses`);
  }
  const consecutiveLocalOriginFailures = bounded('consecutiveLocalOriginFailures', 1, UINT32);
  if (consecutiveLocalOriginFailures !== undefined && !splitExternalLocalOriginErrors) {
    throw InvalidProps.conflict(`${prop}.consecutiveLocalOriginFailures`, consecutiveLocalOriginFailures,
      'cannot be set without splitExternalLocalOriginErrors');
  }
  return {
    consecutive5xxErrors,
    consecutiveGatewayErrors,
    splitExternalLocalOriginErrors,
    consecutiveLocalOriginFailures,
    interval: interval && renderDuration(`${prop}.interval`, interval),
    baseEjectionTime: baseEjectionTime && renderDuration(`${prop}.baseEjectionTime`, baseEjectionTime),
    // Istio treats 0 as unset (pilot/pkg/networking/core/cluster_traffic_policy.go).
    maxEjectionPercent: bounded('maxEjectionPercent', 1, 100),
    minHealthPercent: bounded('minHealthPercent', 0, 100),
  };
}
