// How many connections and requests a client may have open to a workload, and for how long.
import type { Duration } from 'cdk8s';
import type {
  DestinationRuleSpecTrafficPolicyConnectionPool, DestinationRuleSpecTrafficPolicyConnectionPoolHttp,
  DestinationRuleSpecTrafficPolicyConnectionPoolTcp,
} from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { renderDuration, renderDurationOrZero } from '../wire/duration';
import { type Fields } from '../wire/istio-fields';

/** Whether HTTP/1.1 requests are upgraded to HTTP/2. */
export enum H2UpgradePolicy {
  /** The mesh-wide setting. */
  DEFAULT = 'DEFAULT',
  /** Requests are not upgraded. */
  DO_NOT_UPGRADE = 'DO_NOT_UPGRADE',
  /** Requests are upgraded to HTTP/2, which the workload must support. */
  UPGRADE = 'UPGRADE',
}

/** TCP keepalive probes, which keep an idle connection open and detect a dead one. */
export interface TcpKeepalive {
  /**
   * Unanswered probes after which the connection is considered dead, at least 1.
   *
   * @default - the operating system's default; 9 on Linux
   */
  readonly probes?: number;

  /**
   * Time without traffic before the first probe, at least 1 ms.
   *
   * @default - the operating system's default; 2 hours on Linux
   */
  readonly time?: Duration;

  /**
   * Time between probes, at least 1 ms.
   *
   * @default - the operating system's default; 75 seconds on Linux
   */
  readonly interval?: Duration;
}

/** Limits on connections. */
export interface TcpConnectionPool {
  /**
   * Maximum number of connections to the whole workload, at least 1.
   *
   * @default - no limit
   */
  readonly maxConnections?: number;

  /**
   * Time to open a connection, at least 1 ms.
   *
   * @default - the mesh-wide setting; 10 seconds
   */
  readonly connectTimeout?: Duration;

  /**
   * Keepalive probes; an empty object for the operating system's defaults.
   *
   * @default - none
   */
  readonly tcpKeepalive?: TcpKeepalive;

  /**
   * Maximum lifetime of a connection, whether or not it is in use; at least 1 ms.
   *
   * @default - no limit
   */
  readonly maxConnectionDuration?: Duration;

  /**
   * Idle time after which a connection is closed; 0 for never.
   *
   * @default - 1 hour
   */
  readonly idleTimeout?: Duration;
}

/** Limits on requests. */
export interface HttpConnectionPool {
  /**
   * Maximum number of requests waiting for a connection, at least 1; for HTTP/2 too. Further requests receive a 503.
   *
   * @default - no limit
   */
  readonly http1MaxPendingRequests?: number;

  /**
   * Maximum number of concurrent requests, at least 1; for HTTP/1.1 too. Further requests receive a 503.
   *
   * @default - no limit
   */
  readonly http2MaxRequests?: number;

  /**
   * Requests after which a connection is closed, 1 to 536870912 (2^29); 1 for a new connection per request.
   *
   * @default - no limit
   */
  readonly maxRequestsPerConnection?: number;

  /**
   * Maximum number of concurrent retries to the whole workload, at least 1. A retry budget overrides it.
   *
   * @default - no limit
   */
  readonly maxRetries?: number;

  /**
   * Time without active requests after which a connection is closed, at least 1 ms.
   *
   * @default - 1 hour
   */
  readonly idleTimeout?: Duration;

  /**
   * Whether HTTP/1.1 requests are upgraded to HTTP/2.
   *
   * @default - the mesh-wide setting
   */
  readonly h2UpgradePolicy?: H2UpgradePolicy;

  /**
   * Uses the client's HTTP version for the connection to the workload.
   *
   * @default false
   */
  readonly useClientProtocol?: boolean;

  /**
   * Maximum number of concurrent streams on an HTTP/2 connection, at least 1.
   *
   * @default - 2147483647
   */
  readonly maxConcurrentStreams?: number;
}

/** How many connections and requests a client may have open to a workload (Istio 1.30, ConnectionPoolSettings). Limits apply to each client separately. */
export interface ConnectionPool {
  /**
   * Limits on connections of any protocol.
   *
   * @default - Istio's defaults
   */
  readonly tcp?: TcpConnectionPool;

  /**
   * Limits on requests.
   *
   * @default - Istio's defaults
   */
  readonly http?: HttpConnectionPool;
}

const INT32 = 2 ** 31 - 1;
const UINT32 = 2 ** 32 - 1;

/** Renders the pool. @throws InvalidProps for a value that Istio would refuse or interpret differently */
export function renderConnectionPool(prop: string, pool: ConnectionPool): Fields<DestinationRuleSpecTrafficPolicyConnectionPool> {
  const { tcp, http } = pool;
  if (tcp === undefined && http === undefined) {
    throw InvalidProps.value(prop, pool, 'must have tcp, http or both');
  }
  return { tcp: tcp && renderTcp(`${prop}.tcp`, tcp), http: http && renderHttp(`${prop}.http`, http) };
}

function renderTcp(prop: string, tcp: TcpConnectionPool): Fields<DestinationRuleSpecTrafficPolicyConnectionPoolTcp> {
  const { maxConnections, connectTimeout, tcpKeepalive, maxConnectionDuration, idleTimeout } = tcp;
  return {
    maxConnections: positive(`${prop}.maxConnections`, maxConnections, INT32),
    connectTimeout: time(`${prop}.connectTimeout`, connectTimeout),
    tcpKeepalive: tcpKeepalive && {
      probes: positive(`${prop}.tcpKeepalive.probes`, tcpKeepalive.probes, UINT32),
      time: time(`${prop}.tcpKeepalive.time`, tcpKeepalive.time),
      interval: time(`${prop}.tcpKeepalive.interval`, tcpKeepalive.interval),
    },
    maxConnectionDuration: time(`${prop}.maxConnectionDuration`, maxConnectionDuration),
    idleTimeout: idleTimeout && renderDurationOrZero(`${prop}.idleTimeout`, idleTimeout),
  };
}

function renderHttp(prop: string, http: HttpConnectionPool): Fields<DestinationRuleSpecTrafficPolicyConnectionPoolHttp> {
  const { h2UpgradePolicy, useClientProtocol } = http;
  if (useClientProtocol && h2UpgradePolicy === H2UpgradePolicy.UPGRADE) {
    throw InvalidProps.value(`${prop}.useClientProtocol`, useClientProtocol, 'must be false when h2UpgradePolicy is UPGRADE, which changes the protocol');
  }
  return {
    http1MaxPendingRequests: positive(`${prop}.http1MaxPendingRequests`, http.http1MaxPendingRequests, INT32),
    http2MaxRequests: positive(`${prop}.http2MaxRequests`, http.http2MaxRequests, INT32),
    maxRequestsPerConnection: positive(`${prop}.maxRequestsPerConnection`, http.maxRequestsPerConnection, 2 ** 29),
    maxRetries: positive(`${prop}.maxRetries`, http.maxRetries, INT32),
    idleTimeout: time(`${prop}.idleTimeout`, http.idleTimeout),
    h2UpgradePolicy,
    useClientProtocol,
    maxConcurrentStreams: positive(`${prop}.maxConcurrentStreams`, http.maxConcurrentStreams, INT32),
  };
}

/** Istio treats 0 as unset, which means no limit (pilot/pkg/networking/core/cluster_traffic_policy.go). */
function positive(prop: string, value: number | undefined, max: number): number | undefined {
  return value === undefined ? undefined : requireInteger(prop, value, 1, max);
}

function time(prop: string, value: Duration | undefined): string | undefined {
  return value && renderDuration(prop, value);
}
