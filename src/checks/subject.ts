// What checks read: the manifests of one input, and what the controller and istiod make of them, each built when it is first needed.
import { ALB_TABLE } from '../base/alb-annotations/annotations';
import { groupBy } from '../base/multimap';
import { Kind, kindOf } from '../manifests/kind';
import { type Manifest, qualifiedNameOf } from '../manifests/manifest';
import { pointer } from '../manifests/pointer';
import { type VirtualService, readVirtualServices } from '../manifests/virtual-service';
import { AbsentHosts } from '../mesh/objects/absent-hosts';
import { Configs } from '../mesh/objects/config';
import { DestinationRules } from '../mesh/objects/destination-rules';
import { Gateways } from '../mesh/objects/gateways';
import { ServiceIndex } from '../mesh/objects/service-index';
import { DEFAULT_SETTINGS, type MeshSettings } from '../mesh/objects/settings';
import type { Workload } from '../mesh/objects/workloads';
import type { Mesh } from '../mesh/mesh';
import type { ControllerOptions } from '../plan/controller-options';
import { Settings } from '../plan/settings';
import { type Survey, surveyOf } from '../plan/survey';
import { type UnknownAnnotation, unknownAnnotations } from '../plan/unknown-annotations';
import { type TraceModels, prepareTrace } from '../trace/models';
import type { Spot } from './finding';
import { DescribedNamespaces } from '../unknown/described-namespaces';
import { Elsewhere } from '../unknown/elsewhere';
import { type Link, linksOf } from './load-balancers/links';
import { type Member, membersOf } from './load-balancers/members';
import { Placeholders } from '../unknown/placeholders';
import { SecretPlaces } from '../unknown/secret-places';
import { type UnreachableRoute, unreachableRoutes } from './routes/unreachable-routes';

/** The kinds that the parts of the mesh below are built from. */
const MESH = [Kind.DESTINATION_RULE, Kind.GATEWAY, Kind.SERVICE, Kind.SERVICE_ENTRY] as const;

/** An annotation that the controller does not know, and its place. */
interface LocatedAnnotation extends UnknownAnnotation, Pick<Spot, 'manifest' | 'pointer'> {}

/** What the operators of the cluster decide, as in `alb-istio.yaml`. */
export interface ClusterSettings {
  /** Flags of the AWS Load Balancer Controller. @default - those of the release */
  readonly controller?: ControllerOptions;
  /** Settings of MeshConfig and istiod. @default - those of Istio's charts */
  readonly mesh?: Partial<MeshSettings>;
  /** Whether the input is all there is: what it lacks exists nowhere. @default - it may come from elsewhere, such as a Helm chart */
  readonly complete?: boolean;
}

/** The subject of a check run. */
export class Subject {
  public readonly settings: MeshSettings;
  /** Whether the input is all there is. */
  public readonly complete: boolean;
  private readonly byKind: ReadonlyMap<Kind | undefined, readonly Manifest[]>;
  private readonly built = new Map<string, unknown>();
  private readonly cluster: ClusterSettings;

  public constructor(public readonly manifests: readonly Manifest[], cluster: ClusterSettings = {}) {
    this.settings = { ...DEFAULT_SETTINGS, ...cluster.mesh };
    this.cluster = cluster;
    this.complete = cluster.complete ?? false;
    this.byKind = groupBy(manifests, kindOf);
  }

  /** Whether the input contains an object of the kind. */
  public has(kind: Kind): boolean {
    return this.byKind.has(kind);
  }

  /** The objects of the kinds, one kind after the other. */
  public of(...kinds: readonly Kind[]): readonly Manifest[] {
    return kinds.flatMap(kind => this.byKind.get(kind) ?? []);
  }

  /** The flags of the controller that the operators set. */
  public get controller(): ControllerOptions {
    return this.cluster.controller ?? {};
  }

  /** What the AWS Load Balancer Controller would refuse of the Ingresses. */
  public get survey(): Survey {
    return this.once('survey', () => surveyOf(this.manifests, this.cluster.controller, this.complete));
  }

  /**
   * What the controller builds in AWS and what istiod programs, of the objects that are not refused. What the input lacks may exist, even if it is complete:
   * a fault in what depends on it is a fault all the same.
   */
  public get models(): TraceModels {
    const { controller, mesh } = this.cluster;
    return this.once('models', () => prepareTrace(this.manifests, { controller, mesh }));
  }

  /** How requests get from load balancers to gateways. */
  public get links(): readonly Link[] {
    return this.once('links', () => linksOf(this.models));
  }

  /** The Ingresses of the controller, with their settings and load balancers. */
  public get members(): readonly Member[] {
    return this.once('members', () => membersOf(this.models.plan));
  }

  /** The settings that the annotations of Services have for their target groups, by `namespace/name`. */
  public get serviceSettings(): ReadonlyMap<string, Settings> {
    return this.once('serviceSettings', () => new Map(this.of(Kind.SERVICE).map(own => [qualifiedNameOf(own), new Settings(own)])));
  }

  /** Annotations of the controller's Ingresses and of Services whose keys it does not know. */
  public get unknownAnnotations(): readonly LocatedAnnotation[] {
    return this.once('unknownAnnotations', () => [...this.members.map(own => own.manifest), ...this.of(Kind.SERVICE)].flatMap(manifest => (
      unknownAnnotations(manifest, ALB_TABLE).map(own => ({ manifest, pointer: pointer('metadata', 'annotations', own.key), ...own })))));
  }

  /** Routes that no request reaches. */
  public get unreachableRoutes(): readonly UnreachableRoute[] {
    return this.once('unreachableRoutes', () => unreachableRoutes(this.models.mesh.virtualServices.all));
  }

  /** The placeholders of templates. */
  public get placeholders(): Placeholders {
    return this.once('placeholders', () => new Placeholders(this.manifests));
  }

  /** The namespaces that the input describes. */
  public get namespaces(): DescribedNamespaces {
    return this.once('namespaces', () => new DescribedNamespaces(this.of(Kind.NAMESPACE), this.of(Kind.SERVICE), this.elsewhere));
  }

  /** What the cluster may have besides. */
  public get elsewhere(): Elsewhere {
    return this.once('elsewhere', () => new Elsewhere(this.manifests, this.complete));
  }

  /** Hosts that no Service or ServiceEntry has. */
  public get absentHosts(): AbsentHosts {
    return this.once('absentHosts', () => new AbsentHosts(this.services, this.settings.clusterDomain, () => this.namespaces, this.elsewhere));
  }

  /** Where the input has Secrets. */
  public get secretPlaces(): SecretPlaces {
    return this.once('secretPlaces', () => new SecretPlaces(this.manifests));
  }

  /** The VirtualServices as written. */
  public get virtualServices(): readonly VirtualService[] {
    const { clusterDomain, defaultVirtualServiceExportTo: exportTo } = this.settings;
    return this.once('virtualServices', () => readVirtualServices(this.of(Kind.VIRTUAL_SERVICE), { clusterDomain, exportTo }));
  }

  /** The hosts of Services and ServiceEntries. */
  public get services(): ServiceIndex {
    return this.admitted?.services ?? this.once('services', () => new ServiceIndex(this.configs, this.settings));
  }

  public get gateways(): Gateways {
    return this.once('gateways', () => new Gateways(this.configs));
  }

  /** Whether the API server or Istio's webhook refuses a Gateway for the pods, so that they may not listen where its servers are. That is its own finding. */
  public hasRefusedGateway(workload: Workload): boolean {
    const { refusals } = this.models.mesh;
    return this.gateways.selecting(workload).some(({ config }) => refusals.some(({ manifest }) => manifest === config.manifest));
  }

  public get destinationRules(): DestinationRules {
    return this.admitted?.destinationRules ?? this.once('destinationRules', () => new DestinationRules(this.configs, this.settings));
  }

  /** The mesh, if nothing is refused: then it has what the author means. */
  private get admitted(): Mesh | undefined {
    const { mesh } = this.models;
    return mesh.refusals.length === 0 ? mesh : undefined;
  }

  /** The objects of the mesh, those that the webhook of Istio refuses included: they are what the author means. */
  private get configs(): Configs {
    return this.once('configs', () => new Configs(this.of(...MESH), true));
  }

  private once<T>(name: string, build: () => T): T {
    if (!this.built.has(name)) {
      this.built.set(name, build());
    }
    return this.built.get(name) as T;
  }
}
