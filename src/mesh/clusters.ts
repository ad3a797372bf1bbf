// Clusters: what a proxy can send to, with endpoints and the TLS that it uses.
import { PlainObject, asList, asObject, asText, isObject } from '../manifests/plain-json';
import { ClusterName } from './cluster-names';
import { Labels } from './objects/config';
import { DestinationRule, DestinationRules, Subset, policyFor, subsetPolicyFor } from './objects/destination-rules';
import { Endpoint, Endpoints } from './objects/endpoints';
import { PeerAuthentications } from './security/mtls';
import { ServiceIndex } from './objects/service-index';
import { Service, ServicePort, portAt } from './objects/services';
import { MeshSettings } from './objects/settings';

/** The TLS that a client sends: none, its own certificates, the mesh's, or what it got itself. */
export type UpstreamTls = 'plaintext' | 'simple' | 'mutual' | 'mesh' | 'passthrough';

/** A cluster of one proxy. */
export interface Cluster {
  readonly name: ClusterName;
  readonly service: Service;
  readonly port: ServicePort;
  readonly subset?: Subset;
  /** The DestinationRule in force. */
  readonly rule?: DestinationRule;
  /** Its `trafficPolicy` for this subset and port. */
  readonly policy: PlainObject;
  readonly endpoints: readonly Endpoint[];
  readonly discovery: Discovery;
  /** The proxy that has the cluster. */
  readonly client: Client['kind'];
  /** How one of the endpoints is chosen; nothing is chosen where the client's own address counts. */
  readonly balancer: Balancer;
  /** The PROXY protocol that precedes each connection. */
  readonly proxyProtocol?: 'V1' | 'V2';
}

/** Where a cluster's endpoints are from: istiod, DNS, or the address that the client dialed. */
export type Discovery = 'endpoints' | 'dns' | 'passthrough';

/** Envoy's names of balancers. */
export type Balancer = 'LEAST_REQUEST' | 'ROUND_ROBIN' | 'RANDOM' | 'RING_HASH' | 'MAGLEV' | 'CLUSTER_PROVIDED';

/** Why a proxy lacks a cluster. */
export type NoCluster = { readonly missing: 'service' | 'port' | 'subset' | 'endpoints' };

/** The proxy that sends. */
export interface Client {
  readonly namespace: string;
  /** The namespace whose Service it uses where several have one host. */
  readonly preferred: string | undefined;
  readonly labels: Labels;
  readonly kind: 'router' | 'sidecar';
  /** Whether a Sidecar lets it know the port of the Service. */
  imports(service: Service, port: number): boolean;
}

const NO_LABELS: Labels = new Map();

/** Whether requests go to an address outside of the cluster that the client dialed, of which there are no endpoints. */
export function isDialed({ discovery, client, service }: Cluster): boolean {
  return discovery === 'passthrough' && client === 'sidecar' && service.registry === 'external';
}

/** Finds clusters. */
export class Clusters {
  public constructor(private readonly services: ServiceIndex, private readonly rules: DestinationRules, private readonly endpoints: Endpoints,
    private readonly peers: PeerAuthentications, private readonly settings: MeshSettings) {}

  /** The cluster, or what the proxy lacks for it; then a request gets 503 with the flag NC. */
  public find(name: ClusterName, client: Client): Cluster | NoCluster {
    const service = this.services.find(name.host, client.namespace, client.preferred) ?? this.services.hiddenIn(client.namespace, name.host);
    if (service === undefined || service.resolution === 'alias' || !client.imports(service, name.port)) {
      return { missing: 'service' };
    }
    const port = portAt(service, name.port);
    if (port === undefined) {
      return { missing: 'port' };
    }
    const rule = this.rules.find(client, service);
    const subset = name.subset === '' ? undefined : rule?.subsets.get(name.subset);
    if (name.subset !== '' && subset === undefined) {
      return { missing: 'subset' };
    }
    if (name.passesMtls && service.external) {
      return { missing: 'service' };
    }
    const whole = policyFor(rule?.trafficPolicy, port.port);
    const policy = rule && subset ? subsetPolicyFor(rule, subset.name, port.port) : whole;
    const discovery = discoveryOf(service, [whole, policy, subset?.trafficPolicy], client);
    const all = discovery === 'passthrough' ? this.dialed(service, port, client) : this.endpoints.of(service, port, subset?.labels ?? NO_LABELS);
    const endpoints = name.passesMtls ? all.filter(endpoint => this.getsMtls({ rule, subset, port, service }, endpoint)) : all;
    if (service.resolution === 'dns' && this.lacksEndpoints(service, port, whole, subset)) {
      return { missing: 'endpoints' };
    }
    return {
      name, service, port, policy, endpoints, discovery, client: client.kind,
      balancer: discovery === 'passthrough' ? 'CLUSTER_PROVIDED' : balancerOf(asObject(policy.loadBalancer)),
      ...(subset ? { subset } : {}), ...(rule ? { rule } : {}), ...name.passesMtls ? {} : proxyProtocolOf(policy),
    };
  }

  /** The subsets of a Service that the client knows. */
  public subsetsOf(service: Service, client: Client): string[] {
    return [...this.rules.find(client, service)?.subsets.keys() ?? []];
  }

  /** Whether istiod expects an endpoint to get mTLS (Istio 1.30, pilot/pkg/xds/endpoints/mtls_checker.go checkMtlsEnabled, endpoint_builder.go:704). */
  private getsMtls(cluster: Pick<Cluster, 'rule' | 'subset' | 'port' | 'service'>, endpoint: Endpoint): boolean {
    const mode = endpointMode(cluster);
    if (!endpoint.acceptsMtls || mode !== undefined) {
      return endpoint.acceptsMtls && mode === 'ISTIO_MUTUAL';
    }
    const namespace = endpoint.workload?.namespace ?? cluster.service.namespace;
    return this.peers.demandOf({ namespace, labels: endpoint.labels }, endpoint.port).mode !== 'DISABLE';
  }

  /** All endpoints of a port, whatever the policies of a proxy choose. */
  public podsOf(service: Service, port: ServicePort): Endpoint[] {
    return this.endpoints.of(service, port, NO_LABELS);
  }

  /**
   * The pods at the address that the client dialed, whatever labels the subset has. DNS answers for a headless Service with its pods, which the client
   * dials at the port of the Service. Connections to a gateway have no other address than its own (Envoy 1.40, original_dst_cluster.cc).
   */
  private dialed(service: Service, port: ServicePort, { kind }: Client): Endpoint[] {
    if (kind === 'router' || service.registry === 'external') {
      return [];
    }
    const all = this.podsOf(service, port);
    return service.resolution === 'passthrough' ? all.filter(endpoint => endpoint.port === port.port) : all;
  }

  /**
   * A cluster by DNS is not built without endpoints, whatever balancer its policy sets later; that of a subset only if the policy of the whole or
   * its own, ports aside, is PASSTHROUGH (Istio 1.30, pilot/pkg/networking/core/cluster_builder.go:309-321, 490-530).
   */
  private lacksEndpoints(service: Service, port: ServicePort, whole: PlainObject, subset: Subset | undefined): boolean {
    const needsOwn = subset !== undefined && ![whole, subset.trafficPolicy].some(isPassthrough);
    return this.endpoints.of(service, port, NO_LABELS).length === 0 || (needsOwn && this.endpoints.of(service, port, subset.labels).length === 0);
  }

  /** The TLS that the client sends to an endpoint of the cluster (Istio 1.30, pilot/pkg/networking/core/cluster_tls.go:94-110, 427-465). */
  public tlsTo(cluster: Cluster, endpoint: Endpoint): UpstreamTls {
    if (cluster.name.passesMtls) {
      return 'passthrough';
    }
    if (isObject(cluster.policy.tls)) {
      return cluster.client === 'sidecar' && lacksCredential(cluster.policy.tls, cluster.rule) ? 'plaintext'
        : tlsOf(asText(cluster.policy.tls.mode) ?? 'DISABLE');
    }
    const { service } = cluster;
    if (service.external || !this.settings.autoMtls || this.peers.namespaceDemand(service.namespace).mode === 'DISABLE') {
      return 'plaintext';
    }
    const needsAll = service.resolution === 'passthrough' || cluster.discovery === 'passthrough';
    if (!endpoint.acceptsMtls || (needsAll && cluster.endpoints.some(({ acceptsMtls }) => !acceptsMtls))) {
      return 'plaintext';
    }
    return this.getsMtls(cluster, endpoint) ? 'mesh' : 'plaintext';
  }
}

/**
 * The mode that decides for endpoints where the policy in force leaves out `tls`: that of the first entry for the port which has one, else the
 * top-level one, of the subset alone if there is one (Istio 1.30, pilot/pkg/xds/endpoints/mtls_checker.go:84-122).
 */
function endpointMode({ rule, subset, port }: Pick<Cluster, 'rule' | 'subset' | 'port'>): string | undefined {
  const policy = subset === undefined ? rule?.trafficPolicy : subset.trafficPolicy;
  const level = asList(policy?.portLevelSettings).map(asObject).find(one => asObject(one.port).number === port.port && isObject(one.tls));
  const tls = level?.tls ?? policy?.tls;
  return isObject(tls) ? asText(tls.mode) ?? 'DISABLE' : undefined;
}

/** A gateway has no address that the client dialed, unless a policy wants it to use one (Istio 1.30, pilot/pkg/networking/core/cluster.go:907-930). */
function discoveryOf({ resolution }: Service, policies: readonly (PlainObject | undefined)[], { kind }: Client): Discovery {
  // The cluster of a subset has the type of the whole or of its own policy, whatever balancer a port of it sets (Istio 1.30, cluster_builder.go:309-313).
  if (policies.some(isPassthrough)) {
    return 'passthrough';
  }
  return resolution === 'dns' ? 'dns' : resolution === 'passthrough' && kind === 'sidecar' ? 'passthrough' : 'endpoints';
}

function isPassthrough(policy: PlainObject | undefined): boolean {
  return asObject(policy?.loadBalancer).simple === 'PASSTHROUGH';
}

/** Istio 1.30, pilot/pkg/networking/core/cluster_traffic_policy.go applyLoadBalancer. */
function balancerOf({ simple, consistentHash }: PlainObject): Balancer {
  if (isObject(consistentHash)) {
    return isObject(consistentHash.maglev) ? 'MAGLEV' : 'RING_HASH';
  }
  return simple === 'ROUND_ROBIN' || simple === 'RANDOM' ? simple : 'LEAST_REQUEST';
}

/** A sidecar gets the Secret of a rule only if the rule selects workloads; without it, it sends plaintext (Istio 1.30, cluster_tls.go:117-128). */
function lacksCredential({ mode, credentialName }: PlainObject, rule: DestinationRule | undefined): boolean {
  const name = asText(credentialName) ?? '';
  return name !== '' && !name.startsWith('configmap://') && rule?.workloadSelector === undefined && (mode === 'SIMPLE' || mode === 'MUTUAL');
}

function proxyProtocolOf({ proxyProtocol }: PlainObject): Pick<Cluster, 'proxyProtocol'> {
  return !isObject(proxyProtocol) ? {} : { proxyProtocol: proxyProtocol.version === 'V2' ? 'V2' : 'V1' };
}

function tlsOf(mode: string): UpstreamTls {
  return mode === 'SIMPLE' ? 'simple' : mode === 'MUTUAL' ? 'mutual' : mode === 'ISTIO_MUTUAL' ? 'mesh' : 'plaintext';
}
