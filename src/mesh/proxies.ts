// Proxies: the gateways and sidecars of the mesh, each with its listeners, route tables and clusters, made when they are first needed.
import { asInteger, asObject, isObject } from '../manifests/plain-json';
import { Client, Cluster, Clusters, NoCluster } from './clusters';
import { ClusterName, ClusterNames } from './cluster-names';
import { Credential, Credentials } from './credentials';
import { FilterChain } from './filter-chains';
import { MergedGateway, Server, splitServerHost } from './gateways';
import { HostIndex, isSubsetHost } from '../base/host-index';
import { gatewayRouteConfig } from './route/gateway-routes';
import { Listener, gatewayListeners, reachable } from './listeners';
import { MESH } from '../base/istio-names';
import { once } from '../base/once';
import { mayBeHttp } from '../base/protocol';
import { RouteContext, WeightedCluster, actionOf } from './route/route-actions';
import { proxyConfigOf } from './proxy-config';
import { ServiceIndex, targetPortOf } from './service-index';
import { Service, ServicePort, portAt } from './services';
import { MeshSettings } from './settings';
import { catchAll } from './route/sidecar-routes';
import { SidecarView, SidecarViews } from './sidecar-view';
import { EgressListener, SidecarScope, importsService } from './sidecars';
import { TcpRoute, sidecarTcpRoute, sidecarTlsRoutes } from './route/tcp-routes';
import { ANY_PORT } from './route/destination-ports';
import { RouteConfig } from './route/virtual-hosts';
import { VirtualService, VirtualServices } from './virtual-services';
import { Workload } from './workloads';

/** What all proxies share. */
export interface ProxySources {
  readonly services: ServiceIndex;
  readonly virtualServices: VirtualServices;
  readonly clusters: Clusters;
  readonly credentials: Credentials;
  readonly names: ClusterNames;
  readonly settings: MeshSettings;
}

/** A listener of a sidecar for what its workload sends. */
export interface OutboundListener {
  readonly name: string;
  readonly port: number;
  /** Absent for TCP. */
  readonly routeConfig?: RouteConfig;
  /** The only Service behind it. */
  readonly service?: Service;
}

/** A filter chain of a sidecar's listener for what is no HTTP. */
export interface OutboundChain {
  /** Empty for all connections. */
  readonly serverName: string;
  readonly clusters: readonly WeightedCluster[];
}

/** The proxy of a gateway workload. */
export class GatewayProxy implements Client {
  public readonly kind = 'router';
  /** A gateway prefers no namespace. */
  public readonly preferred = undefined;
  public readonly namespace: string;
  public readonly labels: Workload['labels'];
  /** How many proxies in front of it the gateway trusts: the pod's annotation, else the mesh's setting. */
  public readonly numTrustedProxies: number;
  /** Whether every connection must begin with the PROXY protocol (Istio 1.30, pilot/pkg/networking/core/gateway.go). */
  public readonly demandsProxyProtocol: boolean;
  /** Whether it passes on what a client without certificate says of one (Istio 1.30, pilot/pkg/networking/core/gateway.go:731-761). */
  public readonly forwardsCertificateHeader: boolean;
  private readonly clusters = new Map<ClusterName, Cluster | NoCluster>();
  private readonly secrets = new Map<Server, readonly Credential[]>();
  private listenersByPort: Map<number, Listener[]> | undefined;
  private readonly routeConfigs = new Map<string, RouteConfig | undefined>();

  private ports: ReadonlySet<number> | undefined;

  public constructor(public readonly workload: Workload, public readonly merged: MergedGateway, private readonly sources: ProxySources) {
    this.namespace = workload.namespace;
    this.labels = workload.labels;
    const topology = asObject(proxyConfigOf(workload).gatewayTopology);
    this.numTrustedProxies = asInteger(topology.numTrustedProxies) ?? sources.settings.numTrustedProxies;
    this.demandsProxyProtocol = isObject(topology.proxyProtocol);
    this.forwardsCertificateHeader = topology.forwardClientCertDetails === 'ALWAYS_FORWARD_ONLY';
  }

  /** The listeners of a port of the pod. There are several only if servers name addresses to bind to. */
  public listeners(port: number): readonly Listener[] {
    return this.made().get(port) ?? [];
  }

  /** The listener behind a port of the gateway's Service. */
  public listenerAt(servicePort: number): Listener | undefined {
    return this.listenerOn(this.merged.listenerPort(servicePort));
  }

  /** The port of the pods behind a Service's port. Which ports the injector adds, by name, the input does not tell. */
  public targetOf(port: ServicePort): number {
    return targetPortOf(port, this.workload) ?? this.merged.listenerPort(port.port);
  }

  /** The ports of the Services that select the pods; none without such a Service. */
  public get servicePorts(): ReadonlySet<number> {
    this.ports ??= new Set(this.sources.services.selecting(this.workload).flatMap(({ ports }) => ports.map(({ port }) => port)));
    return this.ports;
  }

  /** The listener that connections to a port of the pod reach. */
  public listenerOn(port: number): Listener | undefined {
    return reachable(this.listeners(port));
  }

  /** All listeners, in the order in which their ports were first seen. */
  public allListeners(): readonly Listener[] {
    return [...this.made().values()].flat();
  }

  private made(): ReadonlyMap<number, Listener[]> {
    this.listenersByPort ??= gatewayListeners(this.merged, {
      settings: this.sources.settings,
      boundTo: gateway => this.sources.virtualServices.boundTo(gateway, this.namespace),
      passedBy: server => this.passedBy(server),
    });
    return this.listenersByPort;
  }

  /**
   * All ports and subsets of the mesh's own Services that have one of the server's hosts (Istio 1.30, pilot/pkg/networking/core/gateway.go
   * builtAutoPassthroughFilterChains).
   */
  private passedBy({ hosts }: Server): ClusterName[] {
    const { services, clusters } = this.sources;
    const names = hosts.map(host => splitServerHost(host)[1]);
    const own = services.all.filter(service => !service.external && names.some(name => isSubsetHost(service.hostname, name))
      && services.find(service.hostname, this.namespace) === service);
    return services.inRegistryOrder(own).flatMap(service => service.ports.filter(({ protocol }) => protocol !== 'udp').flatMap(({ port }) => (
      ['', ...clusters.subsetsOf(service, this)].map((subset): ClusterName => ({ host: service.hostname, port, subset, passesMtls: true })))));
  }

  /** A route table by name. */
  public routeConfig(name: string): RouteConfig | undefined {
    if (!this.routeConfigs.has(name)) {
      const servers = this.merged.serversByRouteConfig.get(name);
      this.routeConfigs.set(name, servers && gatewayRouteConfig(name, servers, {
        boundTo: gateway => this.sources.virtualServices.boundTo(gateway, this.namespace),
        contextFor: ({ gateway, port, tls }) => this.contextFor(gateway, port, tls !== undefined),
      }));
    }
    return this.routeConfigs.get(name);
  }

  /** The route tables that the listeners name, each once. */
  public allRouteConfigs(): readonly RouteConfig[] {
    const names = new Set(this.allListeners().flatMap(({ filterChains }) => filterChains.all.map(({ routeConfig }) => routeConfig)));
    return [...names].map(name => (name === undefined ? undefined : this.routeConfig(name))).filter(table => table !== undefined);
  }

  /** What a route or a destination of a gateway's TCP route resolves to. */
  public contextFor(gateway: string, port: number, hasTls: boolean): RouteContext {
    const { labels, namespace, sources: { services, names } } = this;
    return { gateway, port, hasTls, labels, namespace, names, lookup: (host, preferred) => services.find(host, namespace, preferred) };
  }

  /** The clusters of a chain that leads to a TCP route. */
  public tcpClusters({ server, tcp, passesTo }: FilterChain): readonly WeightedCluster[] {
    if (passesTo !== undefined) {
      return [{ cluster: passesTo, weight: 100 }];
    }
    const context = this.contextFor(server.gateway, server.port, server.tls !== undefined);
    const action = tcp && actionOf({ ...tcp, name: '', matches: [] }, server.config.namespace, context);
    return action?.is === 'forward' ? action.clusters : [];
  }

  /** The Secrets that a server needs to terminate TLS. */
  public credentials(server: Server): readonly Credential[] {
    return once(this.secrets, server, () => this.sources.credentials.of(server, this.workload));
  }

  /** A cluster by name. */
  public cluster(name: ClusterName): Cluster | NoCluster {
    return once(this.clusters, name, () => this.sources.clusters.find(name, this));
  }

  /** Sidecar objects do not limit gateways (Istio 1.30, pilot/pkg/model/sidecar.go:255). */
  public imports(service: Service): boolean {
    return this.sources.services.isVisible(service, this.namespace);
  }
}

/** The outbound side of a workload's sidecar. */
export class SidecarProxy implements Client {
  public readonly kind = 'sidecar';
  public readonly namespace: string;
  public readonly preferred: string;
  public readonly labels: Workload['labels'];
  private readonly routeConfigs = new Map<number, RouteConfig>();
  private readonly clusters = new Map<ClusterName, Cluster | NoCluster>();
  private readonly view: SidecarView;

  public constructor(public readonly workload: Workload, public readonly scope: SidecarScope, views: SidecarViews, private readonly sources: ProxySources) {
    this.view = views.of(workload.namespace, workload.labels, scope);
    this.preferred = workload.namespace;
    this.namespace = workload.namespace;
    this.labels = workload.labels;
  }

  /** The imported Service with the host and port, by any name that the client may use. */
  public serviceFor(authority: string, port: number): Service | undefined {
    const { clusterDomain } = this.sources.settings;
    const host = authority.toLowerCase().replace(/\.$/, '');
    const bare = host.includes('.') ? [] : [`${host}.${this.namespace}.svc.${clusterDomain}`];
    const names = [host, `${host}.${clusterDomain}`, `${host}.svc.${clusterDomain}`, ...bare];
    const found = names.map(name => this.sources.services.find(name, this.namespace, this.namespace))
      .find(service => service !== undefined && this.view.isImported(service, port));
    return found?.ports.some(own => own.port === port) ? found : undefined;
  }

  /**
   * The listener that takes a connection to the port: one for all addresses if any imported Service speaks HTTP there; for a sniffed or
   * TCP port one for the Service's address.
   */
  public listenerFor(port: number, service: Service | undefined): OutboundListener | undefined {
    const own = service && portAt(service, port);
    // Of an ExternalName the client dials the address that it stands for.
    const isDialed = service !== undefined && service.resolution !== 'alias' && (!isHeadless(service) || this.hasOthers(service, port));
    if (own && isDialed && own.protocol !== 'http' && !isShared(service, own)) {
      const name = `${isHeadless(service) ? `(pods of ${service.hostname})` : service.addresses[0] ?? `(address of ${service.hostname})`}_${port}`;
      return mayBeHttp(own.protocol) ? { name, port, service, routeConfig: this.routeConfig(port, service) } : { name, port, service };
    }
    const shared = this.view.importedWithPort(port).some(one => one.ports.some(other => other.port === port && one.resolution !== 'alias'
      && (other.protocol === 'http' || (other.protocol === 'auto' && isShared(one, other)))));
    return shared ? { name: `0.0.0.0_${port}`, port, routeConfig: this.routeConfig(port) } : undefined;
  }

  /** All listeners for what the workload sends, by port: one for the HTTP Services of a port, and one for each other Service. */
  public outboundListeners(): OutboundListener[] {
    const { services } = this.sources;
    const ports = new Set(services.all.filter(service => services.isVisible(service, this.namespace)).flatMap(own => own.ports.map(({ port }) => port)));
    return [...ports].sort((a, b) => a - b).flatMap(port => {
      const own = this.view.importedWithPort(port).filter(service => hasOwnListener(service, port));
      return [this.listenerFor(port, undefined), ...own.map(service => this.listenerFor(port, service)).filter(listener => listener?.service !== undefined)]
        .filter(listener => listener !== undefined);
    });
  }

  /**
   * The filter chains of a listener without route table: one for each server name for which routes of VirtualServices choose other clusters, or one
   * where all connections to the port go one way.
   */
  public outboundChains({ port, routeConfig, service }: OutboundListener): OutboundChain[] {
    if (routeConfig !== undefined || service === undefined) {
      return [];
    }
    const names = this.tlsRoutesTo(service, port)?.hosts() ?? [];
    return (names.length === 0 ? [''] : names).map(serverName => ({ serverName, clusters: this.tcpClusters(service, port, serverName) }));
  }

  /** A cluster by name. */
  public cluster(name: ClusterName): Cluster | NoCluster {
    return once(this.clusters, name, () => this.sources.clusters.find(name, this));
  }

  /**
   * What the Sidecar imports, and the destinations of the VirtualServices that it imports, also those of its own namespace that `exportTo` hides
   * from it (Istio 1.30, pilot/pkg/model/sidecar.go:361-410).
   */
  public imports(service: Service, port: number): boolean {
    const isVisible = this.sources.services.isVisible(service, this.namespace);
    const isDestination = (listener: EgressListener) => this.view.destinationPorts(listener, service.hostname).some(own => own === ANY_PORT || own === port);
    return this.scope.egress.some(listener => (listener.port ?? port) === port
      && ((isVisible && importsService(listener, service)) || isDestination(listener)));
  }

  /**
   * The clusters of a connection to a TCP port of a Service; none if its server name finds no filter chain. Without a route of a
   * VirtualService it is the Service's own.
   */
  public tcpClusters(service: Service, port: number, serverName: string): readonly WeightedCluster[] {
    const { settings, services, names } = this.sources;
    const tls = this.tlsRoutesTo(service, port);
    const protocol = portAt(service, port)?.protocol;
    const isTcp = protocol === 'tcp' || protocol === 'auto';
    const route = tls ? tls.mostSpecific(serverName.toLowerCase())[0]
      : isTcp ? sidecarTcpRoute(port, this, this.virtualServicesOf(service, port), settings) : undefined;
    if (route === undefined) {
      return tls ? [] : [{ cluster: names.named(service.hostname, port, ''), weight: 100 }];
    }
    const { labels, namespace } = this;
    const action = actionOf({ ...route, name: '', matches: [] }, namespace, {
      gateway: MESH, port, hasTls: false, labels, namespace, names, lookup: host => services.find(host, namespace, namespace),
    });
    return action.is === 'forward' ? action.clusters : [];
  }

  private tlsRoutesTo(service: Service, port: number): HostIndex<TcpRoute> | undefined {
    const protocol = portAt(service, port)?.protocol;
    return protocol === 'tls' || protocol === 'https' ? sidecarTlsRoutes(port, this, this.virtualServicesOf(service, port), this.sources.settings) : undefined;
  }

  private virtualServicesOf({ hostname }: Service, port: number): VirtualService[] {
    return this.view.virtualServicesFor(port).filter(({ hosts }) => hosts.some(host => isSubsetHost(hostname, host)));
  }

  /** Whether a headless Service has pods besides the client's own. */
  private hasOthers(service: Service, port: number): boolean {
    const own = portAt(service, port);
    return own !== undefined && this.sources.clusters.podsOf(service, own).some(({ workload, count }) => workload !== this.workload || count > 1);
  }

  /** The catch-all is the workload's own; all else is shared. */
  private routeConfig(port: number, sniffed?: Service): RouteConfig {
    const shared = this.view.routeConfig(port, sniffed);
    return sniffed !== undefined ? shared : once(this.routeConfigs, port, () => shared.with(catchAll(this.workload, this.scope.outboundPolicy)));
  }
}

/** Whether a sniffed port has no address of its own, so that it shares the listener for all addresses. */
function isShared({ registry, addresses }: Service, { protocol }: ServicePort): boolean {
  return protocol === 'auto' && registry === 'external' && addresses.length === 0;
}

/** Whether a port that does not declare HTTP has a listener of its own Service. */
function hasOwnListener(service: Service, port: number): boolean {
  const own = portAt(service, port);
  return own !== undefined && own.protocol !== 'http' && !isShared(service, own);
}

/** Whether each pod has a listener of its own, for what is no HTTP (Istio 1.30, pilot/pkg/networking/core/listener.go:499-545). */
function isHeadless({ registry, resolution }: Service): boolean {
  return registry === 'kubernetes' && resolution === 'passthrough';
}
