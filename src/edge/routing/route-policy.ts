// What a route does about slow and failed requests: timeout and retries.
import type { Duration } from 'cdk8s';
import type { VirtualServiceSpecHttpRetries } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { renderDuration } from '../wire/duration';

/**
 * Outcomes after which Envoy tries again (Envoy 1.38, router filter, x-envoy-retry-on and x-envoy-retry-grpc-on; all that Istio 1.30
 * takes, pkg/config/validation/agent/validation.go).
 */
export enum RetryOn {
  /** The workload answered 5xx, or not at all: it includes CONNECT_FAILURE, RESET and REFUSED_STREAM. */
  SERVER_ERROR = '5xx',
  /** 502, 503 or 504. */
  GATEWAY_ERROR = 'gateway-error',
  /** The connection could not be opened. */
  CONNECT_FAILURE = 'connect-failure',
  /** The workload closed or reset the stream, or did not answer in time. */
  RESET = 'reset',
  /** The connection broke before any of the request was sent. */
  RESET_BEFORE_REQUEST = 'reset-before-request',
  /** The stream was refused before the workload saw it. */
  REFUSED_STREAM = 'refused-stream',
  /** 409. */
  RETRIABLE_4XX = 'retriable-4xx',
  /** A status that the request lists in x-envoy-retriable-status-codes. For those that are known before, there is `retryStatusCodes`. */
  RETRIABLE_STATUS_CODES = 'retriable-status-codes',
  /** The answer has a header that the request lists in x-envoy-retriable-header-names. */
  RETRIABLE_HEADERS = 'retriable-headers',
  /** A rate limit refused the request: the answer has x-envoy-ratelimited. */
  ENVOY_RATELIMITED = 'envoy-ratelimited',
  /** HTTP/3 failed after the connection was opened. */
  HTTP3_POST_CONNECT_FAILURE = 'http3-post-connect-failure',
  /** gRPC status CANCELLED. */
  CANCELLED = 'cancelled',
  /** gRPC status DEADLINE_EXCEEDED. */
  DEADLINE_EXCEEDED = 'deadline-exceeded',
  /** gRPC status INTERNAL. */
  INTERNAL = 'internal',
  /** gRPC status RESOURCE_EXHAUSTED. */
  RESOURCE_EXHAUSTED = 'resource-exhausted',
  /** gRPC status UNAVAILABLE. */
  UNAVAILABLE = 'unavailable',
}

/** What Istio takes where a route says nothing (Istio 1.30, pilot/pkg/networking/core/route/retry/retry.go). */
const DEFAULT_OUTCOMES = [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM, RetryOn.UNAVAILABLE, RetryOn.CANCELLED];

/** Statuses of final answers that have a name in Go 1.26 net/http: Istio refuses others. */
const STATUS = /^(20[0-8]|226|30[0-5]|30[78]|40\d|41[0-8]|42[1-689]|431|451|50[0-8]|51[01])$/;

/**
 * When and how often a request is tried again. A request that reached the workload may have had its effect already: retry those after
 * SERVER_ERROR, GATEWAY_ERROR or RESET only where a second time does no harm.
 */
export interface RetryPolicy {
  /** Further attempts after the first, 1 to 100. */
  readonly attempts: number;

  /**
   * Time for one attempt, at least 1 ms and not more than the timeout of the route.
   *
   * @default - the timeout of the route
   */
  readonly perTryTimeout?: Duration;

  /**
   * Outcomes after which the request is tried again.
   *
   * @default - Istio's own: connect-failure, refused-stream, unavailable, cancelled; **not 503 answers of the workload**
   */
  readonly retryOn?: RetryOn[];

  /**
   * Statuses of the answer, besides those outcomes, after which the request is tried again: 503, for instance.
   *
   * @default - none
   */
  readonly retryStatusCodes?: number[];

  /**
   * Time before the first further attempt, at least 1 ms; it grows from one to the next, at random.
   *
   * @default - 25 ms, the default of Envoy
   */
  readonly backoff?: Duration;

  /**
   * Whether further attempts may go to workloads in other localities.
   *
   * @default - false, the default of Istio
   */
  readonly retryRemoteLocalities?: boolean;

  /**
   * Whether further attempts avoid the pods that were tried before.
   *
   * @default - true, unless the workload has a load balancer that hashes
   */
  readonly ignorePreviousHosts?: boolean;
}

/** Istio's own retries, switched off. */
export const NO_RETRIES: VirtualServiceSpecHttpRetries = { attempts: 0 };

/** Writes a retry policy. @param timeout that of the route */
export function renderRetries(policy: RetryPolicy, timeout?: Duration): VirtualServiceSpecHttpRetries {
  const { attempts, perTryTimeout, backoff } = policy;
  const written = {
    attempts: requireInteger('retries.attempts', attempts, 1, 100),
    perTryTimeout: perTryTimeout && renderDuration('retries.perTryTimeout', perTryTimeout),
    retryOn: renderOutcomes(policy),
    backoff: backoff && renderDuration('retries.backoff', backoff),
    retryRemoteLocalities: policy.retryRemoteLocalities,
    retryIgnorePreviousHosts: policy.ignorePreviousHosts,
  };
  if (timeout && perTryTimeout && perTryTimeout.toMilliseconds({ integral: false }) > timeout.toMilliseconds({ integral: false })) {
    throw InvalidProps.value('retries.perTryTimeout', written.perTryTimeout, `must be at most the timeout of the route, ${renderDuration('timeout', timeout)}`);
  }
  return written;
}

/** Codes without outcomes come besides Istio's own: written alone they would replace them. */
function renderOutcomes({ retryOn, retryStatusCodes }: RetryPolicy): string | undefined {
  for (const [prop, list] of [['retryOn', retryOn], ['retryStatusCodes', retryStatusCodes]] as const) {
    const twice = list?.findIndex((one: RetryOn | number, index) => (list as unknown[]).indexOf(one) !== index) ?? -1;
    if (twice >= 0) {
      throw InvalidProps.value(`retries.${prop}[${twice}]`, list![twice], 'must be every one once');
    }
    if (list?.length === 0) {
      throw InvalidProps.value(`retries.${prop}`, [], 'must be at least one, or nothing for Istio\'s own list');
    }
  }
  retryStatusCodes?.forEach((code, index) => {
    if (!STATUS.test(String(code))) {
      throw InvalidProps.value(`retries.retryStatusCodes[${index}]`, code, 'must be the status of an answer that has a name, such as 503');
    }
  });
  return retryStatusCodes ? [...retryOn ?? DEFAULT_OUTCOMES, ...retryStatusCodes].join(',') : retryOn?.join(',');
}
