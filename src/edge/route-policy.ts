// What a route does about slow and failed requests: timeout and retries.
import { Duration } from 'cdk8s';
import type { VirtualServiceSpecHttpRetries } from '../../imports/istio/networking.istio.io';
import { InvalidProps } from '../base/errors';
import { requireInteger } from '../base/kubernetes-name';

/** Outcomes after which Envoy tries again (Envoy 1.38, router filter, x-envoy-retry-on and x-envoy-retry-grpc-on). */
export enum RetryOn {
  /** The workload answered 5xx, or not at all. */
  SERVER_ERROR = '5xx',
  /** 502, 503 or 504. */
  GATEWAY_ERROR = 'gateway-error',
  /** The connection could not be opened. */
  CONNECT_FAILURE = 'connect-failure',
  /** The workload closed or reset the stream, or did not answer in time. */
  RESET = 'reset',
  /** The stream was refused before the workload saw it. */
  REFUSED_STREAM = 'refused-stream',
  /** 409. */
  RETRIABLE_4XX = 'retriable-4xx',
  /** gRPC status CANCELLED. */
  CANCELLED = 'cancelled',
  /** gRPC status UNAVAILABLE. */
  UNAVAILABLE = 'unavailable',
}

/** When and how often a request is tried again. */
export interface RetryPolicy {
  /** Further attempts after the first, at least 1. */
  readonly attempts: number;

  /**
   * Time for one attempt, at least 1 ms.
   *
   * @default - the timeout of the route
   */
  readonly perTryTimeout?: Duration;

  /**
   * Outcomes after which the request is tried again.
   *
   * @default - Istio's own: connect-failure, refused-stream, unavailable, cancelled; not 503 answers of the workload
   */
  readonly retryOn?: RetryOn[];
}

/** Writes a duration as Istio reads it: a whole number of milliseconds, at least one. */
export function renderDuration(prop: string, duration: Duration): string {
  const milliseconds = duration.toMilliseconds({ integral: false });
  if (!Number.isInteger(milliseconds) || milliseconds < 1) {
    throw new InvalidProps(prop, `${milliseconds} ms`, 'whole milliseconds, at least 1');
  }
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

/** Writes a retry policy. */
export function renderRetries(policy: RetryPolicy): VirtualServiceSpecHttpRetries {
  if (policy.retryOn?.length === 0) {
    throw new InvalidProps('retries.retryOn', [], 'at least one outcome, or nothing for Istio\'s own list');
  }
  return {
    attempts: requireInteger('retries.attempts', policy.attempts, 1, 100),
    perTryTimeout: policy.perTryTimeout && renderDuration('retries.perTryTimeout', policy.perTryTimeout),
    retryOn: policy.retryOn?.join(','),
  };
}
