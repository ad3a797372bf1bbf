// How many connections and requests a client may have open to a workload, and for how long.
import type { Duration } from 'cdk8s';
import type { DestinationRuleSpecTrafficPolicyConnectionPool, DestinationRuleSpecTrafficPolicyConnectionPoolHttp, DestinationRuleSpecTrafficPolicyConnectionPoolTcp } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { renderDuration, renderDurationOrZero } from '../wire/duration';
import { type Fields } from '../wire/istio-fields';

/** Whether requests of HTTP/1.1 go on as HTTP/2. */
export enum H2UpgradePolicy {
  /** As the mesh has it. */
  DEFAULT = 'DEFAULT',
  /** They stay as they are. */
  DO_NOT_UPGRADE = 'DO_NOT_UPGRADE',
  /** They go on as HTTP/2, which the workload has to understand. */
  UPGRADE = 'UPGRADE',
}

/** Probes that keep an idle connection open, and find a dead one. */
export interface TcpKeepalive {
  /**
   * Probes without an answer after which the connection is dead, at least 1.
   *
   * @default - the operating system's; 9 on Linux
   */
  readonly probes?: number;

  /**
   * Time without traffic before the first probe, at least 1 ms.
   *
   * @default - the operating system's; 2 hours on Linux
   */
  readonly time?: Duration;

  /**
   * Time between probes, at least 1 ms.
   *
   * @default - the operating system's; 75 seconds on Linux
   */
  readonly interval?: Duration;
}

/** Bounds on connections. */
export interface TcpConnectionPool {
  /**
   * Connections to the whole workload, from 1.
   *
   * @default - no bound
   */
  readonly maxConnections?: number;

  /**
   * Time to open a connection, at least 1 ms.
   *
   * @default - the mesh's; 10 seconds
   */
  readonly connectTimeout?: Duration;

  /**
   * Probes on idle connections; an empty object for the operating system's own.
   *
   * @default - none
   */
  readonly tcpKeepalive?: TcpKeepalive;

  /**
   * Time after which a connection is closed, in use or not; at least 1 ms.
   *
   * @default - no bound
   */
  readonly maxConnectionDuration?: Duration;

  /**
   * Time without traffic after which a connection is closed; 0 for never.
   *
   * @default - 1 hour
   */
  readonly idleTimeout?: Duration;
}

/** Bounds on requests. */
export interface HttpConnectionPool {
  /**
   * Requests that wait for a connection, from 1; of HTTP/2 too. More are answered with 503.
   *
   * @default - no bound
   */
  readonly http1MaxPendingRequests?: number;

  /**
   * Requests at once, from 1; of HTTP/1.1 too. More are answered with 503.
   *
   * @default - no bound
   */
  readonly http2MaxRequests?: number;

  /**
   * Requests after which a connection is closed, 1 to 536870912 (2^29); 1 for a new connection each time.
   *
   * @default - no bound
   */
  readonly maxRequestsPerConnection?: number;

  /**
   * Retries at once to the whole workload, from 1. A retry budget stands in for it where there is one.
   *
   * @default - no bound
   */
  readonly maxRetries?: number;

  /**
   * Time without requests after which a connection is closed, at least 1 ms.
   *
   * @default - 1 hour
   */
  readonly idleTimeout?: Duration;

  /**
   * Whether requests of HTTP/1.1 go on as HTTP/2.
   *
   * @default - as the mesh has it
   */
  readonly h2UpgradePolicy?: H2UpgradePolicy;

  /**
   * Speaks to the workload the version of HTTP that the client spoke.
   *
   * @default false
   */
  readonly useClientProtocol?: boolean;

  /**
   * Requests at once on one connection of HTTP/2, from 1.
   *
   * @default - 2147483647
   */
  readonly maxConcurrentStreams?: number;
}

/** How many connections and requests a client may have open to a workload (Istio 1.30, ConnectionPoolSettings). Every client counts for itself. */
export interface ConnectionPool {
  /**
   * Bounds on connections, whatever they carry.
   *
   * @default - Istio's own
   */
  readonly tcp?: TcpConnectionPool;

  /**
   * Bounds on requests.
   *
   * @default - Istio's own
   */
  readonly http?: HttpConnectionPool;
}

const INT32 = 2 ** 31 - 1;
const UINT32 = 2 ** 32 - 1;

/** Writes the pool. @throws InvalidProps for a value that Istio would refuse, or take for another */
export function renderConnectionPool(prop: string, pool: ConnectionPool): Fields<DestinationRuleSpecTrafficPolicyConnectionPool> {
  const { tcp, http } = pool;
  if (tcp === undefined && http === undefined) {
    throw InvalidProps.value(prop, pool, 'must be tcp or http, or both');
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
    throw InvalidProps.value(`${prop}.useClientProtocol`, useClientProtocol, 'must be false with h2UpgradePolicy UPGRADE, which changes the protocol');
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

/** Istio takes 0 for nothing said, and so for no bound at all (pilot/pkg/networking/core/cluster_traffic_policy.go). */
function positive(prop: string, value: number | undefined, max: number): number | undefined {
  return value === undefined ? undefined : requireInteger(prop, value, 1, max);
}

function time(prop: string, value: Duration | undefined): string | undefined {
  return value && renderDuration(prop, value);
}
