// How clients treat a workload: which pods they choose, how much they ask of them, and when they leave one out.
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
  /** Written as text. */
  V1 = 'V1',
  /** Written in binary. */
  V2 = 'V2',
}

/** What a policy says for all ports, or for one. */
export interface TrafficSettings {
  /**
   * Which pod gets a request.
   *
   * @default - LoadBalancing.leastRequest(), as in Istio
   */
  readonly loadBalancer?: LoadBalancing;

  /**
   * How many connections and requests a client may have open, and for how long.
   *
   * @default - no bound on their number; 10 seconds to connect, closed after an hour without use
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * When a pod that answers badly is left out for a time; an empty object for Istio's defaults.
   *
   * @default - never
   */
  readonly outlierDetection?: OutlierDetection;

  /**
   * TLS towards a workload that the mesh does not encrypt for.
   *
   * @default - the mesh's own: mutual TLS to pods with a sidecar, plain text to others
   */
  readonly tls?: ClientTls;
}

/** What a policy says for one port of the Service. Nothing of what it says for all ports holds there. */
export interface PortTrafficPolicy extends TrafficSettings {
  /** Port of the Service, 1 to 65535. */
  readonly port: number;
}

/** How clients treat a workload, or a version of it (Istio 1.30, TrafficPolicy). */
export interface TrafficPolicy extends TrafficSettings {
  /**
   * Settings for single ports. A port that stands here takes nothing from the settings for all ports: what its entry leaves out
   * has Istio's default (pilot/pkg/networking/util/util.go).
   *
   * @default - the same for all ports
   */
  readonly ports?: PortTrafficPolicy[];

  /**
   * How many of a client's requests may be retries.
   *
   * @default - no bound but `connectionPool.http.maxRetries`
   */
  readonly retryBudget?: RetryBudget;

  /**
   * Tells the workload the address of the client by the PROXY protocol, which the workload has to understand.
   *
   * @default - it is not told so
   */
  readonly proxyProtocol?: ProxyProtocolVersion;

  /**
   * Sends connections on through a request to the workload, which is a forward proxy.
   *
   * @default - none
   */
  readonly tunnel?: Tunnel;
}

/** The CRD of Istio 1.30 takes no more. */
const MAX_PORTS = 4096;

/** Where a policy holds. */
export interface PolicyPlace {
  /** Namespace of the DestinationRule. */
  readonly namespace: string;
  /** Whether the mesh does not encrypt for the workload, so that TLS may be set; by default it does. */
  readonly withoutSidecar?: boolean;
  /** The policy that fills the gaps of this one; none for that of the whole workload. */
  readonly inherited?: TrafficPolicy;
}

/** Writes a policy whose types are checked. @throws InvalidProps for a value that Istio would refuse, or that has no effect */
export function renderTrafficPolicy(prop: string, policy: TrafficPolicy, place: PolicyPlace): Fields<DestinationRuleSpecTrafficPolicy> {
  const { ports, retryBudget, proxyProtocol, tunnel } = policy;
  if (proxyProtocol && tunnel) {
    throw InvalidProps.conflict(`${prop}.tunnel`, tunnel, 'cannot be set beside proxyProtocol');
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
    throw InvalidProps.value(`${prop}.outlierDetection`, undefined,
      'must be an outlier detection, such as {}, with this locality: no request goes elsewhere without one');
  }
  if (tls && !place.withoutSidecar) {
    throw InvalidProps.conflict(`${prop}.tls`, tls, 'cannot be set: the mesh encrypts by itself; with withoutSidecar for pods that all have no sidecar');
  }
  if (tls?._ofMesh) {
    throw InvalidProps.value(`${prop}.tls`, tls, 'must be a ClientTls that is not of the mesh: it is for pods without a sidecar');
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
    throw InvalidProps.value(prop, ports, `must be 1 to ${MAX_PORTS} entries`);
  }
  const numbers = new Set<number>();
  return ports.map((entry, index) => {
    const own = `${prop}[${index}]`;
    if (numbers.size === numbers.add(requirePort(`${own}.port`, entry.port)).size) {
      throw InvalidProps.value(`${own}.port`, entry.port, 'must be every port once');
    }
    if (tls && !entry.tls) {
      throw InvalidProps.value(`${own}.tls`, undefined, 'must be a ClientTls here too: a port takes nothing from the settings for all ports');
    }
    return { port: { number: entry.port }, ...requireSome(own, entry, renderSettings(own, entry, place, entry.outlierDetection)) };
  });
}

/** Istio refuses a policy that says nothing. */
function requireSome<T extends object>(prop: string, policy: TrafficSettings, fields: T): T {
  if (Object.values(fields).every(field => field === undefined)) {
    throw InvalidProps.value(prop, policy, 'must be at least one setting');
  }
  return fields;
}
