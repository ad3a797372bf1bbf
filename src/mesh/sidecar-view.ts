// What sidecars of one namespace with one scope have in common: the Services and VirtualServices that they import, and the route tables made of them.
import { MESH } from '../base/istio/names';
import { HostIndex, isWildcard } from '../base/host-index';
import { addTo } from '../base/multimap';
import { once } from '../base/once';
import { mayBeHttp } from '../base/istio/protocol';
import { ClusterNames } from './cluster-names';
import { Labels } from './objects/config';
import { bindingsOf } from './outbound-listeners';
import { destinationPortsOf } from './route/destination-ports';
import { shortNames, sidecarRouteConfig } from './route/sidecar-routes';
import { RouteConfig } from './route/virtual-hosts';
import { ServiceIndex } from './objects/service-index';
import { Service, portAt } from './objects/services';
import { MeshSettings } from './objects/settings';
import { EgressListener, SidecarScope, egressFor, importsAlias, importsService, importsVirtualService } from './sidecars';
import { VirtualService, VirtualServices } from './virtual-services';

/** What a view is made from. */
export interface ViewSources {
  readonly services: ServiceIndex;
  readonly virtualServices: VirtualServices;
  readonly names: ClusterNames;
  readonly settings: MeshSettings;
}

/** What sidecars see alike. */
export class SidecarView {
  private readonly tables = new Map<string, RouteConfig>();
  private readonly imported = new Map<number, readonly Service[]>();
  private readonly listening = new Map<number, ReadonlyMap<string, readonly Service[]>>();
  private readonly wildcards = new Map<number, HostIndex<Service>>();
  private readonly bound = new Map<number, readonly VirtualService[]>();
  private readonly destinations = new Map<EgressListener, ReadonlyMap<string, readonly number[]>>();

  /** @param labels of the pods, as far as VirtualServices choose routes by them */
  public constructor(private readonly namespace: string, private readonly labels: Labels, private readonly scope: SidecarScope,
    private readonly sources: ViewSources) {}

  /** Whether the sidecars import the Service for the port. */
  public isImported(service: Service, port: number): boolean {
    const listener = egressFor(this.scope, port);
    return listener !== undefined && importsService(listener, service);
  }

  /** The imported Services with the port. */
  public importedWithPort(port: number): readonly Service[] {
    return once(this.imported, port, () => this.sources.services.withPort(port, this.namespace).filter(service => this.isImported(service, port)));
  }

  /**
   * The imported Services that listen on the port at each address. What may be HTTP adds nothing where another Service that may be is first (Istio 1.30,
   * pilot/pkg/networking/core/listener.go:921-1010).
   */
  public servicesAt(port: number): ReadonlyMap<string, readonly Service[]> {
    return once(this.listening, port, () => {
      const found = new Map<string, Service[]>();
      for (const service of this.sources.services.inRegistryOrder(this.importedWithPort(port))) {
        for (const address of new Set(bindingsOf(service, port).map(binding => binding.address))) {
          const isHttp = mayBeHttp(portAt(service, port)!.protocol);
          if (!isHttp || !(found.get(address) ?? []).some(other => mayBeHttp(portAt(other, port)!.protocol))) {
            addTo(found, address, service);
          }
        }
      }
      return found;
    });
  }

  /** The imported Service with the port whose wildcard covers the host most closely. */
  public wildcardFor(host: string, port: number): Service | undefined {
    return once(this.wildcards, port, () => {
      const index = new HostIndex<Service>();
      this.importedWithPort(port).filter(({ hostname }) => isWildcard(hostname)).forEach(service => index.add(service.hostname.toLowerCase(), service));
      return index;
    }).mostSpecific(host)[0];
  }

  /** The imported VirtualServices for the port, in order. */
  public virtualServicesFor(port: number): readonly VirtualService[] {
    return once(this.bound, port, () => {
      const listener = egressFor(this.scope, port);
      return listener === undefined ? [] : this.all().filter(one => importsVirtualService(listener, one));
    });
  }

  /** The ports of a host to which imported VirtualServices lead. */
  public destinationPorts(listener: EgressListener, hostname: string): readonly number[] {
    const ports = once(this.destinations, listener, () => destinationPortsOf(
      this.all().filter(one => importsVirtualService(listener, one)), this.namespace, this.sources.settings));
    return ports.get(hostname) ?? [];
  }

  /** The route table for a port, without the virtual host for all others; that of a sniffed port has one Service, for any authority. */
  public routeConfig(port: number, sniffed?: Service): RouteConfig {
    return once(this.tables, `${port} ${sniffed?.hostname ?? ''}`, () => this.makeRouteConfig(port, sniffed));
  }

  private makeRouteConfig(port: number, sniffed: Service | undefined): RouteConfig {
    const { namespace, labels, sources: { settings, names } } = this;
    return sidecarRouteConfig(port, {
      namespace, labels, names, services: this.importedWithPort(port), virtualServices: this.virtualServicesFor(port), clusterDomain: settings.clusterDomain,
      aliasesOf: service => this.aliasesOf(service, port),
    }, sniffed);
  }

  /** The ExternalName Services that stand for the Service, as far as the sidecars import them. */
  private aliasesOf(service: Service, port: number): string[] {
    const listener = egressFor(this.scope, port);
    return this.sources.services.aliasesOf(service.hostname)
      .filter(alias => listener && importsAlias(listener, service, alias)).map(({ hostname }) => hostname);
  }

  /** The server names of a Service in TLS: its host, and all names of those that stand for it (Istio 1.30, pilot/pkg/networking/core/tls.go:218). */
  public serverNamesOf(service: Service, port: number): string[] {
    const { namespace, sources: { settings } } = this;
    const aliases = this.aliasesOf(service, port).flatMap(alias => [alias, ...shortNames(alias, namespace, settings.clusterDomain)]);
    return [service.hostname.toLowerCase(), ...aliases];
  }

  private all(): readonly VirtualService[] {
    return this.sources.virtualServices.boundTo(MESH, this.namespace).inOrder;
  }
}

/** The views of all sidecars of a mesh. */
export class SidecarViews {
  private readonly byScope = new Map<SidecarScope, Map<string, SidecarView>>();
  private hasLabels: boolean | undefined;

  public constructor(private readonly sources: ViewSources) {}

  /** The view of a sidecar with the scope. */
  public of(namespace: string, labels: Labels, scope: SidecarScope): SidecarView {
    this.hasLabels ??= this.sources.virtualServices.all.some(({ http }) => (
      http.some(({ matches }) => matches.some(({ sourceLabels }) => sourceLabels.size > 0))));
    const views = once(this.byScope, scope, () => new Map<string, SidecarView>());
    const key = this.hasLabels ? JSON.stringify([namespace, ...[...labels].sort()]) : namespace;
    return once(views, key, () => new SidecarView(namespace, labels, scope, this.sources));
  }
}
