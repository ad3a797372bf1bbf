// The mesh: what istiod programs, built from the objects of the input. Everything is made when it is first needed.
import { namespacedName } from '../base/kubernetes-name';
import { groupBy } from '../base/multimap';
import { kept } from '../base/once';
import { admission } from '../api-server/admission';
import { Input, manifestsOf } from '../manifests/input';
import { Manifest } from '../manifests/manifest';
import { Kind } from '../manifests/kind';
import { AbsentHosts } from './objects/absent-hosts';
import { assumedGateways } from './assumed-gateways';
import { ClusterNames } from './cluster-names';
import { Clusters } from './clusters';
import { Credentials } from './credentials';
import { Configs, Refusal } from './objects/config';
import { claimsOf } from './contests';
import { CreationOrder, USUAL_ORDER, otherOrders } from './objects/creation-order';
import { DestinationRules } from './objects/destination-rules';
import { Endpoints } from './objects/endpoints';
import { Gateways } from './objects/gateways';
import { AuthorizationPolicies } from './security/authorization';
import { PeerAuthentications } from './security/mtls';
import { RequestAuthentications } from './security/request-authentication';
import { GatewayProxy, ProxySources, SidecarProxy } from './proxies';
import { ServiceIndex } from './objects/service-index';
import { DEFAULT_SETTINGS, MeshSettings } from './objects/settings';
import { Sidecars } from './sidecars';
import { SidecarViews } from './sidecar-view';
import { Unmodelled, UnmodelledObjects } from './unmodelled';
import { VirtualServices } from './virtual-services';
import { Workload, Workloads } from './objects/workloads';
import { DescribedNamespaces } from '../unknown/described-namespaces';
import { Elsewhere } from '../unknown/elsewhere';

/** What a mesh takes into account besides the objects. */
export interface MeshOptions {
  /** What the operators of the mesh decide. @default - the defaults of Istio's charts */
  readonly settings?: Partial<MeshSettings>;
  /** Whether the input is all there is: a Service or Secret that it lacks does not exist. @default false */
  readonly complete?: boolean;
  /** Whether the objects are those of a cluster, so that the API server and Istio's webhook have admitted them. @default false */
  readonly admitted?: boolean;
}

/** The model of a mesh. */
export class Mesh {
  public readonly settings: MeshSettings;
  public readonly workloads: Workloads;
  public readonly services: ServiceIndex;
  public readonly virtualServices: VirtualServices;
  public readonly destinationRules: DestinationRules;
  public readonly peerAuthentications: PeerAuthentications;
  public readonly authorizationPolicies: AuthorizationPolicies;
  public readonly requestAuthentications: RequestAuthentications;
  public readonly clusters: Clusters;
  /** Objects of the input whose effects are not part of the model. */
  public readonly unmodelled: UnmodelledObjects;
  /** The objects that the API server or Istio's webhook refuses: the cluster does not have them. */
  public readonly refusals: readonly Refusal[];
  /** What the cluster may have besides the input. */
  public readonly elsewhere: Elsewhere;
  /** Hosts that no Service or ServiceEntry of the input has. */
  public readonly absentHosts: AbsentHosts;
  private readonly gateways: Gateways;
  private readonly sidecars: Sidecars;
  private readonly sources: ProxySources;
  private readonly views: SidecarViews;
  private routers: readonly Workload[] | undefined;
  private routersByNamespace: ReadonlyMap<string, readonly Workload[]> | undefined;
  private routersByName: ReadonlyMap<string, Workload> | undefined;
  private readonly gatewayProxies = new Map<Workload, GatewayProxy>();
  private readonly sidecarProxies = new Map<Workload, SidecarProxy>();
  private readonly configs: Configs;
  private orders: readonly CreationOrder[] | undefined;

  /** @param order in which the objects were created, as far as the input does not tell */
  public constructor(private readonly manifests: readonly Manifest[], private readonly options: MeshOptions, order: CreationOrder = USUAL_ORDER) {
    const { settings: changed, complete = false, admitted: isAdmitted = false } = options;
    const settings = { ...DEFAULT_SETTINGS, ...changed };
    const { admitted, refused } = isAdmitted ? { admitted: manifests, refused: [] } : admission(manifests);
    const configs = new Configs(admitted, isAdmitted, order);
    const elsewhere = new Elsewhere(manifests, complete);
    this.elsewhere = elsewhere;
    this.configs = configs;
    this.settings = settings;
    this.refusals = [
      ...refused.flatMap(({ manifest, faults }) => faults.map(({ pointer, message }): Refusal => ({ manifest, pointer, by: 'schema', message }))),
      ...configs.refusals,
    ];
    this.gateways = new Gateways(configs);
    this.workloads = new Workloads(configs, labels => this.gateways.nameLabels(labels), elsewhere.mayHave());
    this.services = new ServiceIndex(configs, settings);
    const ofKind = (kind: Kind) => configs.of(kind).map(({ manifest }) => manifest);
    this.absentHosts = new AbsentHosts(this.services, settings.clusterDomain,
      () => new DescribedNamespaces(ofKind(Kind.NAMESPACE), ofKind(Kind.SERVICE), elsewhere), elsewhere);
    this.virtualServices = new VirtualServices(configs, settings);
    this.destinationRules = new DestinationRules(configs, settings);
    this.peerAuthentications = new PeerAuthentications(configs, settings);
    this.authorizationPolicies = new AuthorizationPolicies(configs, settings);
    this.requestAuthentications = new RequestAuthentications(configs, settings);
    this.unmodelled = new UnmodelledObjects(admitted, settings);
    this.sidecars = new Sidecars(configs, settings);
    this.clusters = new Clusters(this.services, this.destinationRules, new Endpoints(configs, this.workloads), this.peerAuthentications, settings);
    this.sources = {
      services: this.services, virtualServices: this.virtualServices, clusters: this.clusters, credentials: new Credentials(admitted, elsewhere), settings,
      names: new ClusterNames(),
    };
    this.views = new SidecarViews(this.sources);
  }

  /**
   * Other orders in which the objects of unknown age may have been created; none where their order cannot matter. Where the meshes of all orders agree, the
   * input decides; where they do not, only the cluster does.
   */
  public otherOrders(): readonly CreationOrder[] {
    const { configs, virtualServices, destinationRules, services, gateways } = this;
    const proxies = () => [...new Set([...this.gatewayWorkloads(), ...this.workloads.all.filter(({ proxy }) => proxy === 'sidecar')])];
    this.orders ??= otherOrders(claimsOf({ configs, virtualServices, destinationRules, services, gateways, proxies: proxies() }));
    return this.orders;
  }

  /** The mesh that the cluster has if the objects were created in another order. */
  public inOrder(order: CreationOrder): Mesh {
    return new Mesh(this.manifests, this.options, order);
  }

  /** The workloads that are gateways: those of the input, then those that only Gateways refer to. */
  public gatewayWorkloads(): readonly Workload[] {
    if (this.routers === undefined) {
      const own = this.workloads.all.filter(({ proxy }) => proxy === 'router');
      this.routers = [...own, ...assumedGateways(this.gateways, own, this.services, this.settings)];
    }
    return this.routers;
  }

  /** The gateways of a namespace. */
  public gatewaysIn(namespace: string): readonly Workload[] {
    this.routersByNamespace ??= groupBy(this.gatewayWorkloads(), own => own.namespace);
    return this.routersByNamespace.get(namespace) ?? [];
  }

  /** A gateway by `namespace/name` of its workload; without a name, the first. */
  public gatewayNamed(name: string | undefined): Workload | undefined {
    const all = this.gatewayWorkloads();
    this.routersByName ??= new Map(all.map(workload => [namespacedName(workload), workload]));
    return name === undefined ? all[0] : this.routersByName.get(name);
  }

  /** The proxy of a gateway workload. */
  public gateway(workload: Workload): GatewayProxy {
    return this.gatewayProxies.get(workload)
      ?? kept(this.gatewayProxies, workload, new GatewayProxy(workload, this.gateways.mergedFor(workload, this.services), this.sources));
  }

  /** What may change the proxy of a workload in ways that the model does not know, the tables of a gateway included. */
  public unmodelledOf(workload: Workload): readonly Unmodelled[] {
    const inTables = workload.proxy === 'router' ? this.unmodelled.inTables(() => this.gateway(workload).allRouteConfigs()) : [];
    return [...this.unmodelled.touching(workload), ...inTables];
  }

  /** The sidecar of a workload that sends requests. */
  public sidecar(workload: Workload): SidecarProxy {
    return this.sidecarProxies.get(workload)
      ?? kept(this.sidecarProxies, workload, new SidecarProxy(workload, this.sidecars.scopeOf(workload), this.views, this.sources));
  }
}

/**
 * Builds the model of a mesh: what istiod will program. Objects that the API server or Istio's webhook refuses are not part of it, but of its
 * {@link Mesh.refusals}.
 *
 * @param input constructs, Kubernetes objects or manifests
 * @throws UnreadableManifest for anything else
 */
export function mesh(input: Input, options: MeshOptions = {}): Mesh {
  return meshOf(manifestsOf(input), options);
}

/** Builds the model from manifests. */
export function meshOf(manifests: readonly Manifest[], options: MeshOptions = {}): Mesh {
  return new Mesh(manifests, options);
}
