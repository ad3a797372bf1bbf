// What checks read: the manifests of one input, and what the controller and istiod make of them, each built when it is first needed.
import { groupBy } from '../base/multimap';
import { Kind, kindOf } from '../manifests/kind';
import type { Manifest } from '../manifests/manifest';
import { type VirtualService, readVirtualServices } from '../manifests/virtual-service';
import { Configs } from '../mesh/config';
import { DestinationRules } from '../mesh/destination-rules';
import { Gateways } from '../mesh/gateways';
import { ServiceIndex } from '../mesh/service-index';
import { DEFAULT_SETTINGS } from '../mesh/settings';
import { type Survey, surveyOf } from '../plan/survey';
import { DescribedNamespaces } from './described-namespaces';

/** The kinds that the parts of the mesh below are built from. */
const MESH = [Kind.DESTINATION_RULE, Kind.GATEWAY, Kind.SERVICE, Kind.SERVICE_ENTRY] as const;

/** The subject of a check run. It has no proxies: what a check needs of the mesh is found by name. */
export class Subject {
  private readonly byKind: ReadonlyMap<Kind | undefined, readonly Manifest[]>;
  private readonly built = new Map<string, unknown>();

  public constructor(public readonly manifests: readonly Manifest[]) {
    this.byKind = groupBy(manifests, kindOf);
  }

  /** Whether the input contains an object of the kind. */
  public has(kind: Kind): boolean {
    return this.byKind.has(kind);
  }

  /** What the AWS Load Balancer Controller would refuse of the Ingresses. */
  public get survey(): Survey {
    return this.once('survey', () => surveyOf(this.manifests));
  }

  /** The namespaces that the input describes. */
  public get namespaces(): DescribedNamespaces {
    return this.once('namespaces', () => new DescribedNamespaces(this.of(Kind.NAMESPACE), this.of(Kind.SERVICE)));
  }

  /** The VirtualServices as written. */
  public get virtualServices(): readonly VirtualService[] {
    return this.once('virtualServices', () => readVirtualServices(this.of(Kind.VIRTUAL_SERVICE)));
  }

  /** The hosts of Services and ServiceEntries. */
  public get services(): ServiceIndex {
    return this.once('services', () => new ServiceIndex(this.configs, DEFAULT_SETTINGS));
  }

  public get gateways(): Gateways {
    return this.once('gateways', () => new Gateways(this.configs));
  }

  public get destinationRules(): DestinationRules {
    return this.once('destinationRules', () => new DestinationRules(this.configs, DEFAULT_SETTINGS));
  }

  /** The objects of the mesh, those that the webhook of Istio refuses included: they are what the author means. */
  private get configs(): Configs {
    return this.once('configs', () => new Configs(this.of(...MESH), true));
  }

  private of(...kinds: readonly Kind[]): readonly Manifest[] {
    return kinds.flatMap(kind => this.byKind.get(kind) ?? []);
  }

  private once<T>(name: string, build: () => T): T {
    if (!this.built.has(name)) {
      this.built.set(name, build());
    }
    return this.built.get(name) as T;
  }
}
