// Fault injection: requests that are delayed, or that fail without reaching the workload.
import type { Duration } from 'cdk8s';
import type { VirtualServiceSpecHttpFault, VirtualServiceSpecHttpFaultAbort } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { enumOf, requireProps } from '../../base/prop-types';
import { renderDuration } from '../wire/duration';
import { renderPercentage } from '../wire/percentage';

/** Status of a gRPC response. */
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

/** A response in place of the workload's. */
export class FaultAbort {
  /**
   * Responds with an HTTP status.
   *
   * @param status 200 to 599
   * @param percentage share of the requests: 0, or from 0.0001 to 100. Required, because Istio's default is 0
   */
  public static http(status: number, percentage: number): FaultAbort {
    return new FaultAbort({ httpStatus: requireInteger('status', status, 200, 599), percentage: renderPercentage('percentage', percentage) });
  }

  /** Responds with a gRPC status. @param percentage share of the requests: 0, or from 0.0001 to 100 */
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

/** A delay before requests are forwarded. */
export interface FaultDelay {
  /** How long requests are delayed, at least 1 ms. */
  readonly duration: Duration;
  /** Share of the requests: 0, or from 0.0001 to 100. */
  readonly percentage: number;
}

/**
 * Injects faults, to test how callers handle them. If both apply to a request, it is delayed first and then fails. The timeout and the
 * retries of the route do not apply (Envoy 1.38, fault filter, which precedes the router).
 */
export interface FaultInjection {
  /**
   * Delays requests.
   *
   * @default - no delay
   */
  readonly delay?: FaultDelay;

  /**
   * Fails requests.
   *
   * @default - no failures
   */
  readonly abort?: FaultAbort;
}

/** Renders the faults. */
export function renderFault({ delay, abort }: FaultInjection): VirtualServiceSpecHttpFault {
  if (delay === undefined && abort === undefined) {
    throw InvalidProps.value('fault', {}, 'must set delay, abort, or both');
  }
  return {
    delay: delay && {
      fixedDelay: renderDuration('fault.delay.duration', delay.duration),
      percentage: renderPercentage('fault.delay.percentage', delay.percentage),
    },
    abort: abort?._render(),
  };
}
