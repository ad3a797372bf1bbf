// Faults on purpose: requests that wait, or that fail without reaching the workload.
import type { Duration } from 'cdk8s';
import type { VirtualServiceSpecHttpFault, VirtualServiceSpecHttpFaultAbort } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { enumOf, requireProps } from '../../base/prop-types';
import { renderDuration } from '../wire/duration';
import { renderPercentage } from '../wire/percentage';

/** Status of a gRPC answer. */
export enum GrpcStatus {
  OK = 'OK',
  CANCELLED = 'CANCELLED',
  UNKNOWN = 'UNKNOWN',
  INVALID_ARGUMENT = 'INVALID_ARGUMENT',
  DEADLINE_EXCEEDED = 'DEADLINE_EXCEEDED',
  NOT_FOUND = 'NOT_FOUND',
  ALREADY_EXISTS = 'ALREADY_EXISTS',
  PERMISSION_DENIED = 'PERMISSION_DENIED',
  RESOURCE_EXHAUSTED = 'RESOURCE_EXHAUSTED',
  FAILED_PRECONDITION = 'FAILED_PRECONDITION',
  ABORTED = 'ABORTED',
  OUT_OF_RANGE = 'OUT_OF_RANGE',
  UNIMPLEMENTED = 'UNIMPLEMENTED',
  INTERNAL = 'INTERNAL',
  UNAVAILABLE = 'UNAVAILABLE',
  DATA_LOSS = 'DATA_LOSS',
  UNAUTHENTICATED = 'UNAUTHENTICATED',
}

/** Requests that fail. */
export class FaultAbort {
  /**
   * Answers with an HTTP status.
   *
   * @param status 200 to 599
   * @param percentage share of the requests: 0, or from 0.0001 to 100. Istio's own default is 0, so it has to be said
   */
  public static http(status: number, percentage: number): FaultAbort {
    return new FaultAbort({ httpStatus: requireInteger('status', status, 200, 599), percentage: renderPercentage('percentage', percentage) });
  }

  /** Answers with a gRPC status. @param percentage share of the requests: 0, or from 0.0001 to 100 */
  public static grpc(status: GrpcStatus, percentage: number): FaultAbort {
    const grpcStatus = requireProps(enumOf<GrpcStatus>('GrpcStatus'), status, '', 'status');
    return new FaultAbort({ grpcStatus, percentage: renderPercentage('percentage', percentage) });
  }

  private constructor(private readonly abort: VirtualServiceSpecHttpFaultAbort) {}

  /** @internal */
  public _render(): VirtualServiceSpecHttpFaultAbort {
    return this.abort;
  }
}

/** Requests that wait. */
export interface FaultDelay {
  /** How long they wait before they are sent on, at least 1 ms. */
  readonly duration: Duration;
  /** Share of the requests: 0, or from 0.0001 to 100. */
  readonly percentage: number;
}

/**
 * Faults on purpose, to see how callers take them. Both may meet the same request: first it waits, then it fails. The timeout and the
 * retries of the route have no part in it (Envoy 1.38, fault filter, which comes before the router).
 */
export interface FaultInjection {
  /**
   * Requests that wait.
   *
   * @default - none
   */
  readonly delay?: FaultDelay;

  /**
   * Requests that fail.
   *
   * @default - none
   */
  readonly abort?: FaultAbort;
}

/** Writes the faults. */
export function renderFault({ delay, abort }: FaultInjection): VirtualServiceSpecHttpFault {
  if (delay === undefined && abort === undefined) {
    throw InvalidProps.value('fault', {}, 'must be a delay, an abort, or both');
  }
  return {
    delay: delay && {
      fixedDelay: renderDuration('fault.delay.duration', delay.duration),
      percentage: renderPercentage('fault.delay.percentage', delay.percentage),
    },
    abort: abort?._render(),
  };
}
