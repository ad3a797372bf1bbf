// Proxies: the gateways and sidecars of the mesh, each with its listeners, route tables and clusters, made when they are first needed.
import { asInteger, asObject, isObject } from '../manifests/plain-json';
import { Client, Cluster, Clusters, NoCluster } from './clusters';
import { ClusterName, ClusterNames } from './cluster-names';
import { Credential, Credentials } from './credentials';
import { FilterChain } from './filter-chains';
import { MergedGateway, Server, splitServerHost } from './objects/gateways';
import { isSubsetHost } from '../base/host-index';
import { gatewayRouteConfig } from './route/gateway-routes';
import { Listener, gatewayListeners, reachable } from './listeners';
import { MESH } from '../base/istio/names';
import { kept, once } from '../base/once';
import { isIpAddress } from '../base/ip';
import { mayBeHttp } from '../base/istio/protocol';
import { ANY_ADDRESS, Dialed, OutboundChain, OutboundListener, addressOf, bindingsOf, isHeadless } from './outbound-listeners';
import { RouteContext, WeightedCluster, actionOf } from './route/route-actions';
import { proxyConfigOf } from './objects/proxy-config';
import { ServiceIndex, targetPortOf } from './objects/service-index';
import { Service, ServicePort, portAt } from './objects/services';
import { MeshSettings } from './objects/settings';
import { catchAll } from './route/sidecar-routes';
import { SidecarView, SidecarViews } from './sidecar-view';
import { EgressListener, SidecarScope, importsService } from './sidecars';
import { TcpRoute, sidecarTcpRoute, sidecarTlsRoutes } from './route/tcp-routes';
import { ANY_PORT } from './route/destination-ports';
import { RouteConfig, VirtualHost } from './route/virtual-hosts';
import { VirtualService, VirtualServices } from './virtual-services';
import { Workload } from './objects/workloads';

/** What all proxies share. */
export interface ProxySources {
  readonly services: ServiceIndex;
  readonly virtualServices: VirtualServices;
  readonly clusters: Clusters;
  readonly credentials: Credentials;
  readonly names: ClusterNames;
  readonly settings: MeshSettings;
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

  /** The virtual hosts of a filter chain; none of one for TCP. */
  public virtualHosts({ routeConfig }: FilterChain): readonly VirtualHost[] {
    return routeConfig === undefined ? [] : this.routeConfig(routeConfig)?.virtualHosts ?? [];
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
    return this.secrets.get(server) ?? kept(this.secrets, server, this.sources.credentials.of(server, this.workload));
  }

  /** A cluster by name. */
  public cluster(name: ClusterName): Cluster | NoCluster {
    return this.clusters.get(name) ?? kept(this.clusters, name, this.sources.clusters.find(name, this));
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
  private readonly listeners = new Map<string, OutboundListener>();
  private readonly clusters = new Map<ClusterName, Cluster | NoCluster>();
  private readonly view: SidecarView;

  public constructor(public readonly workload: Workload, public readonly scope: SidecarScope, views: SidecarViews, private readonly sources: ProxySources) {
    this.view = views.of(workload.namespace, workload.labels, scope);
    this.preferred = workload.namespace;
    this.namespace = workload.namespace;
    this.labels = workload.labels;
  }

  /** What a client dials that names the host. */
  public dialed(host: string, port: number): Dialed {
    const name = host.toLowerCase().replace(/\.$/, '');
    const literal = name.replace(/^\[(.*)\]$/, '$1');
    if (isIpAddress(literal)) {
      return { service: this.view.servicesAt(port).get(literal)?.[0], address: literal };
    }
    const service = this.serviceFor(name, port) ?? this.view.wildcardFor(name, port);
    return { service, address: service === undefined ? '' : addressOf(service) };
  }

  /** The imported Service with the host and port, by any name that the client may use. */
  private serviceFor(host: string, port: number): Service | undefined {
    const { clusterDomain } = this.sources.settings;
    const bare = host.includes('.') ? [] : [`${host}.${this.namespace}.svc.${clusterDomain}`];
    const names = [host, `${host}.${clusterDomain}`, `${host}.svc.${clusterDomain}`, ...bare];
    const found = names.map(name => this.sources.services.find(name, this.namespace, this.namespace))
      .find(service => service !== undefined && this.view.isImported(service, port));
    return found?.ports.some(own => own.port === port) ? found : undefined;
  }

  /** The listener that a connection to the address and the port reaches: the one of the address, else the one for all addresses. */
  public listenerFor(port: number, address: string): OutboundListener | undefined {
    return this.listenerAt(port, address) ?? this.listenerAt(port, ANY_ADDRESS);
  }

  private listenerAt(port: number, address: string): OutboundListener | undefined {
    const services = this.view.servicesAt(port).get(address);
    const isMissing = services === undefined || (address !== ANY_ADDRESS && isHeadless(services[0]) && !this.hasOthers(services[0], port));
    return isMissing ? undefined : once(this.listeners, `${address}_${port}`, () => this.makeListener(port, address, services));
  }

  private makeListener(port: number, address: string, services: readonly Service[]): OutboundListener {
    const isAny = address === ANY_ADDRESS;
    const reader = services.find(service => mayBeHttp(portAt(service, port)!.protocol));
    return new OutboundListener(port, address, services.flatMap(service => this.chainsOf(service, port, address)), {
      ...(reader === undefined ? {} : { routeConfig: this.routeConfig(port, isAny ? undefined : reader) }), ...(isAny ? {} : { service: services[0] }),
    });
  }

  /** All listeners for what the workload sends, by port: the one for all addresses before those of single addresses. */
  public outboundListeners(): OutboundListener[] {
    const { services } = this.sources;
    const ports = new Set(services.all.filter(service => services.isVisible(service, this.namespace)).flatMap(own => own.ports.map(({ port }) => port)));
    return [...ports].sort((a, b) => a - b).flatMap(port => {
      const addresses = new Set([ANY_ADDRESS, ...this.view.servicesAt(port).keys()]);
      return [...addresses].map(address => this.listenerAt(port, address)).filter(listener => listener !== undefined);
    });
  }

  /** A cluster by name. */
  public cluster(name: ClusterName): Cluster | NoCluster {
    return this.clusters.get(name) ?? kept(this.clusters, name, this.sources.clusters.find(name, this));
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
   * The filter chains that a Service adds to a listener: one for each server name for which routes of VirtualServices choose other clusters, or its
   * own cluster, which needs a server name only at the listener for all addresses (Istio 1.30, pilot/pkg/networking/core/tls.go:195-240).
   */
  private chainsOf(service: Service, port: number, address: string): OutboundChain[] {
    const { protocol } = portAt(service, port)!;
    if (protocol === 'http') {
      return [];
    }
    const isTls = protocol === 'tls' || protocol === 'https';
    const routes: readonly (readonly [name: string, route: TcpRoute | undefined])[] = isTls ? this.tlsRoutesTo(service, port)
      : [['', sidecarTcpRoute(port, this, this.virtualServicesOf(service, port), this.sources.settings)]];
    const own = isTls && address === ANY_ADDRESS ? this.view.serverNamesOf(service, port) : [''];
    const chosen = routes.length === 0 ? own.map(name => [name, undefined] as const) : routes;
    const blocks = bindingsOf(service, port).filter(binding => binding.address === address);
    return chosen.flatMap(([serverName, route]) => {
      const clusters = this.tcpClusters(service, port, route);
      return blocks.map(({ block }) => ({ serverName: serverName === '*' ? '' : serverName, block, clusters }));
    });
  }

  /** The clusters of a route, or without one that of the Service itself. */
  private tcpClusters(service: Service, port: number, route: TcpRoute | undefined): readonly WeightedCluster[] {
    const { services, names } = this.sources;
    if (route === undefined) {
      return [{ cluster: names.named(service.hostname, port, ''), weight: 100 }];
    }
    const { labels, namespace } = this;
    const action = actionOf({ ...route, name: '', matches: [] }, namespace, {
      gateway: MESH, port, hasTls: false, labels, namespace, names, lookup: host => services.find(host, namespace, namespace),
    });
    return action.is === 'forward' ? action.clusters : [];
  }

  private tlsRoutesTo(service: Service, port: number): [name: string, route: TcpRoute][] {
    return sidecarTlsRoutes(port, this, this.virtualServicesOf(service, port), this.sources.settings);
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
