// When a pod that answers badly is left out for a time.
import type { Duration } from 'cdk8s';
import type { DestinationRuleSpecTrafficPolicyOutlierDetection } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { renderDuration } from '../wire/duration';
import type { Fields } from '../wire/istio-fields';

const UINT32 = 2 ** 32 - 1;

/** When a pod that answers badly is left out for a time. An empty one takes Istio's defaults (Istio 1.30, OutlierDetection). */
export interface OutlierDetection {
  /**
   * 5xx answers in a row, and failures to connect, after which a pod is left out; 0 for never.
   *
   * @default - 5
   */
  readonly consecutive5xxErrors?: number;

  /**
   * 502, 503 and 504 answers in a row after which a pod is left out; 0 for never. They count as 5xx answers too, so the number has to
   * be less than that of 5xx answers.
   *
   * @default - never for this alone
   */
  readonly consecutiveGatewayErrors?: number;

  /**
   * Counts failures to connect, and requests without an answer, by themselves and not as 5xx answers.
   *
   * @default false
   */
  readonly splitExternalLocalOriginErrors?: boolean;

  /**
   * Failures to connect in a row after which a pod is left out, at least 1; only with `splitExternalLocalOriginErrors`.
   *
   * @default - 5
   */
  readonly consecutiveLocalOriginFailures?: number;

  /**
   * Time between two looks at all pods, at least 1 ms.
   *
   * @default - 10 seconds
   */
  readonly interval?: Duration;

  /**
   * Time for which a pod is left out the first time, at least 1 ms; the second time for twice as long, and so on.
   *
   * @default - 30 seconds
   */
  readonly baseEjectionTime?: Duration;

  /**
   * Percentage of the pods that may be left out at once, 1 to 100.
   *
   * @default - 10
   */
  readonly maxEjectionPercent?: number;

  /**
   * Percentage of good pods below which all pods get requests again, 0 to 100.
   *
   * @default - 0: never
   */
  readonly minHealthPercent?: number;
}

/** Writes the detection. @throws InvalidProps for a value that Istio would refuse, or take for another */
export function renderOutlierDetection(prop: string, detection: OutlierDetection): Fields<DestinationRuleSpecTrafficPolicyOutlierDetection> {
  const { splitExternalLocalOriginErrors, interval, baseEjectionTime } = detection;
  const bounded = (field: 'consecutive5xxErrors' | 'consecutiveGatewayErrors' | 'consecutiveLocalOriginFailures' | 'maxEjectionPercent' | 'minHealthPercent',
    min: number, max: number) => detection[field] === undefined ? undefined : requireInteger(`${prop}.${field}`, detection[field], min, max);
  const consecutive5xxErrors = bounded('consecutive5xxErrors', 0, UINT32);
  const consecutiveGatewayErrors = bounded('consecutiveGatewayErrors', 0, UINT32);
  if (consecutive5xxErrors && consecutiveGatewayErrors && consecutiveGatewayErrors >= consecutive5xxErrors) {
    throw InvalidProps.value(`${prop}.consecutiveGatewayErrors`, consecutiveGatewayErrors,
      `must be less than the ${consecutive5xxErrors} of consecutive5xxErrors, which count the same answers`);
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
    // Istio takes 0 for nothing said (pilot/pkg/networking/core/cluster_traffic_policy.go).
    maxEjectionPercent: bounded('maxEjectionPercent', 1, 100),
    minHealthPercent: bounded('minHealthPercent', 0, 100),
  };
}
