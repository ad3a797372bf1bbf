// Traffic policy: load balancing, connection pool, outlier detection and TLS that clients apply to a workload.
import type { DestinationRuleSpecTrafficPolicy, DestinationRuleSpecTrafficPolicyPortLevelSettings } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requirePort } from '../../base/number';
import { ClientTls } from './client-tls';
import { type ConnectionPool, renderConnectionPool } from './connection-pool';
import type { Fields } from '../wire/istio-fields';
import { LoadBalancing } from './load-balancing';
import { type OutlierDetection, renderOutlierDetection } from './outlier-detection';
import { renderRetryBudget, type RetryBudget } from './retry-budget';
import { renderTunnel, type Tunnel } from './tunnel';

/** Versions of the PROXY protocol. */
export enum ProxyProtocolVersion {
  /** The text format. */
  V1 = 'V1',
  /** The binary format. */
  V2 = 'V2',
}

/** Settings for all ports, or for one port. */
export interface TrafficSettings {
  /**
   * Which pod receives a request.
   *
   * @default - LoadBalancing.leastRequest(), as in Istio
   */
  readonly loadBalancer?: LoadBalancing;

  /**
   * How many connections and requests a client may have open, and for how long.
   *
   * @default - no limit on their number; 10 seconds to connect, closed after an hour of inactivity
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * When Envoy temporarily ejects a failing endpoint; an empty object for Istio's defaults.
   *
   * @default - never
   */
  readonly outlierDetection?: OutlierDetection;

  /**
   * TLS to a workload without sidecars.
   *
   * @default - the mesh decides: mutual TLS to pods with a sidecar, plaintext to others
   */
  readonly tls?: ClientTls;
}

/** Settings for one port of the Service. They replace all settings for all ports. */
export interface PortTrafficPolicy extends TrafficSettings {
  /** Port of the Service, 1 to 65535. */
  readonly port: number;
}

/** How clients connect to a workload or one of its versions (Istio 1.30, TrafficPolicy). */
export interface TrafficPolicy extends TrafficSettings {
  /**
   * Settings for individual ports. A port with an entry inherits nothing from the settings for all ports: whatever the entry does not
   * set has Istio's default (pilot/pkg/networking/util/util.go).
   *
   * @default - the same for all ports
   */
  readonly ports?: PortTrafficPolicy[];

  /**
   * How many of a client's requests may be retries.
   *
   * @default - limited only by `connectionPool.http.maxRetries`
   */
  readonly retryBudget?: RetryBudget;

  /**
   * Sends the client's address to the workload in the PROXY protocol, which the workload must support.
   *
   * @default - the PROXY protocol is not used
   */
  readonly proxyProtocol?: ProxyProtocolVersion;

  /**
   * Tunnels connections through the workload, which is a forward proxy.
   *
   * @default - none
   */
  readonly tunnel?: Tunnel;
}

/** Limit of the CRD in Istio 1.30. */
const MAX_PORTS = 4096;

/** Where a policy applies. */
export interface PolicyPlace {
  /** Namespace of the DestinationRule. */
  readonly namespace: string;
  /** Whether none of the workload's pods has a sidecar, so that TLS may be set; false by default. */
  readonly withoutSidecar?: boolean;
  /** The policy of the whole workload, whose settings this one inherits; unset if this is it. */
  readonly inherited?: TrafficPolicy;
}

/** Renders a policy whose types are checked. @throws InvalidProps for a value that Istio would refuse or ignore */
export function renderTrafficPolicy(prop: string, policy: TrafficPolicy, place: PolicyPlace): Fields<DestinationRuleSpecTrafficPolicy> {
  const { ports, retryBudget, proxyProtocol, tunnel } = policy;
  if (proxyProtocol && tunnel) {
    throw InvalidProps.conflict(`${prop}.tunnel`, tunnel, 'cannot be set together with proxyProtocol');
  }
  const fields = {
    ...renderSettings(prop, policy, place, policy.outlierDetection ?? place.inherited?.outlierDetection),
    portLevelSettings: ports && renderPorts(`${prop}.ports`, ports, policy.tls ?? place.inherited?.tls, place),
    retryBudget: retryBudget && renderRetryBudget(`${prop}.retryBudget`, retryBudget),
    proxyProtocol: proxyProtocol && { version: proxyProtocol },
    tunnel: tunnel && renderTunnel(`${prop}.tunnel`, tunnel),
  };
  return requireSome(prop, policy, fields);
}

type PortFields = Fields<DestinationRuleSpecTrafficPolicyPortLevelSettings>;
type Settings = Omit<PortFields, 'port'>;

function renderSettings(prop: string, settings: TrafficSettings, place: PolicyPlace, detection: OutlierDetection | undefined): Settings {
  const { loadBalancer, connectionPool, outlierDetection, tls } = settings;
  if (loadBalancer?._needsOutlierDetection && detection === undefined) {
    throw InvalidProps.missing(`${prop}.outlierDetection`, 'with this locality, for example as {}: without it, requests never fail over');
  }
  if (tls && !place.withoutSidecar) {
    throw InvalidProps.conflict(`${prop}.tls`, tls,
      'cannot be set: the mesh already uses mTLS. Set withoutSidecar: true if none of the workload\'s pods has a sidecar');
  }
  if (tls?._ofMesh) {
    throw InvalidProps.conflict(`${prop}.tls`, tls, 'cannot be traffic.ClientTls.istioMutual(): pods without a sidecar have no mesh certificate');
  }
  return {
    loadBalancer: loadBalancer?._render(),
    connectionPool: connectionPool && renderConnectionPool(`${prop}.connectionPool`, connectionPool),
    outlierDetection: outlierDetection && renderOutlierDetection(`${prop}.outlierDetection`, outlierDetection),
    tls: tls?._render(`${prop}.tls`, place.namespace),
  };
}

function renderPorts(prop: string, ports: PortTrafficPolicy[], tls: ClientTls | undefined, place: PolicyPlace): PortFields[] {
  if (ports.length === 0 || ports.length > MAX_PORTS) {
    throw InvalidProps.value(prop, ports, `must have 1 to ${MAX_PORTS} entries`);
  }
  const numbers = new Set<number>();
  return ports.map((entry, index) => {
    const own = `${prop}[${index}]`;
    if (numbers.size === numbers.add(requirePort(`${own}.port`, entry.port)).size) {
      throw InvalidProps.duplicate(`${own}.port`, entry.port, `in ${prop}`);
    }
    if (tls && !entry.tls) {
      throw InvalidProps.missing(`${own}.tls`, 'here too: a port inherits nothing from the settings for all ports');
    }
    return { port: { number: entry.port }, ...requireSome(own, entry, renderSettings(own, entry, place, entry.outlierDetection)) };
  });
}

/** Istio refuses an empty policy. */
function requireSome<T extends object>(prop: string, policy: TrafficSettings, fields: T): T {
  if (Object.values(fields).every(field => field === undefined)) {
    throw InvalidProps.value(prop, policy, 'must have at least one setting');
  }
  return fields;
}
