// Retries: what a route does about failed requests.
import type { Duration } from 'cdk8s';
import type { VirtualServiceSpecHttpRetries } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { renderDuration } from '../wire/duration';

/**
 * Conditions under which Envoy retries (Envoy 1.38, router filter, x-envoy-retry-on and x-envoy-retry-grpc-on): all that Istio 1.30
 * accepts (pkg/config/validation/agent/validation.go).
 */
export enum RetryOn {
  /** The workload responded with 5xx or did not respond. Includes CONNECT_FAILURE, RESET and REFUSED_STREAM. */
  SERVER_ERROR = '5xx',
  /** The response is 502, 503 or 504. */
  GATEWAY_ERROR = 'gateway-error',
  /** The connection could not be opened. */
  CONNECT_FAILURE = 'connect-failure',
  /** The workload closed or reset the stream, or did not respond in time. */
  RESET = 'reset',
  /** The connection failed before any part of the request was sent. */
  RESET_BEFORE_REQUEST = 'reset-before-request',
  /** The stream was refused before the workload saw it. */
  REFUSED_STREAM = 'refused-stream',
  /** The response is 409. */
  RETRIABLE_4XX = 'retriable-4xx',
  /** The status is listed in x-envoy-retriable-status-codes of the request. Use `retryStatusCodes` for a fixed list. */
  RETRIABLE_STATUS_CODES = 'retriable-status-codes',
  /** The response has a header that is listed in x-envoy-retriable-header-names of the request. */
  RETRIABLE_HEADERS = 'retriable-headers',
  /** A rate limit rejected the request: the response has x-envoy-ratelimited. */
  ENVOY_RATELIMITED = 'envoy-ratelimited',
  /** An HTTP/3 request failed after the connection was established. */
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

/** Istio's default for a route without retryOn (Istio 1.30, pilot/pkg/networking/core/route/retry/retry.go). */
const DEFAULT_CONDITIONS = [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM, RetryOn.UNAVAILABLE, RetryOn.CANCELLED];

/** Final statuses that have a name in Go 1.26 net/http: Istio rejects others. */
const STATUS = /^(20[0-8]|226|30[0-5]|30[78]|40\d|41[0-8]|42[1-689]|431|451|50[0-8]|51[01])$/;

/**
 * When and how often a request is retried. A request that reached the workload may already have had its effect: retry on SERVER_ERROR,
 * GATEWAY_ERROR or RESET only if requests are idempotent.
 */
export interface RetryPolicy {
  /** Maximum number of retries, 1 to 100. */
  readonly attempts: number;

  /**
   * Timeout for each attempt: at least 1 ms and at most the timeout of the route.
   *
   * @default - the timeout of the route
   */
  readonly perTryTimeout?: Duration;

  /**
   * Conditions under which the request is retried.
   *
   * @default - Istio's default: connect-failure, refused-stream, unavailable, cancelled; **not 503 responses of the workload**
   */
  readonly retryOn?: RetryOn[];

  /**
   * Response statuses that are retried in addition to `retryOn`, such as 503.
   *
   * @default - none
   */
  readonly retryStatusCodes?: number[];

  /**
   * Base interval of the randomized exponential backoff between attempts, at least 1 ms.
   *
   * @default - 25 ms, the default of Envoy
   */
  readonly backoff?: Duration;

  /**
   * Whether retries may go to other localities.
   *
   * @default - false, the default of Istio
   */
  readonly retryRemoteLocalities?: boolean;

  /**
   * Whether retries avoid the pods that were already tried.
   *
   * @default - true, unless the workload uses consistent hashing
   */
  readonly ignorePreviousHosts?: boolean;
}

/** Disables Istio's default retries. */
export const NO_RETRIES: VirtualServiceSpecHttpRetries = { attempts: 0 };

/** Renders a retry policy. @param timeout the timeout of the route */
export function renderRetries(policy: RetryPolicy, timeout?: Duration): VirtualServiceSpecHttpRetries {
  const { attempts, perTryTimeout, backoff } = policy;
  const rendered = {
    attempts: requireInteger('retries.attempts', attempts, 1, 100),
    perTryTimeout: perTryTimeout && renderDuration('retries.perTryTimeout', perTryTimeout),
    retryOn: renderConditions(policy),
    backoff: backoff && renderDuration('retries.backoff', backoff),
    retryRemoteLocalities: policy.retryRemoteLocalities,
    retryIgnorePreviousHosts: policy.ignorePreviousHosts,
  };
  if (timeout && perTryTimeout && perTryTimeout.toMilliseconds({ integral: false }) > timeout.toMilliseconds({ integral: false })) {
    const limit = renderDuration('timeout', timeout);
    throw InvalidProps.value('retries.perTryTimeout', rendered.perTryTimeout, `must be at most the timeout of the route, ${limit}`);
  }
  return rendered;
}

/** Status codes without `retryOn` are added to Istio's default conditions, which they would otherwise replace. */
function renderConditions({ retryOn, retryStatusCodes }: RetryPolicy): string | undefined {
  for (const [prop, list] of [['retryOn', retryOn], ['retryStatusCodes', retryStatusCodes]] as const) {
    const duplicate = list?.findIndex((one: RetryOn | number, index) => (list as unknown[]).indexOf(one) !== index) ?? -1;
    if (duplicate >= 0) {
      throw InvalidProps.duplicate(`retries.${prop}[${duplicate}]`, list![duplicate], `in ${prop}`);
    }
    if (list?.length === 0) {
      throw InvalidProps.value(`retries.${prop}`, [], 'must have at least one entry; leave it unset for Istio\'s default');
    }
  }
  retryStatusCodes?.forEach((code, index) => {
    if (!STATUS.test(String(code))) {
      throw InvalidProps.value(`retries.retryStatusCodes[${index}]`, code, 'must be a registered final HTTP status, such as 503');
    }
  });
  return retryStatusCodes ? [...retryOn ?? DEFAULT_CONDITIONS, ...retryStatusCodes].join(',') : retryOn?.join(',');
}
