// The model: all manifests of one input in their order, and the indexes that all checks share.
import { addTo } from '../base/multimap';
import { DestinationRules } from './destination-rule';
import { Gateways } from './gateway';
import { Kind, kindOf } from '../manifests/kind';
import { Manifest, nameOf } from '../manifests/manifest';
import { Services } from './service';
import { ServiceEntries } from './service-entry';
import type { ServiceName } from './service-host';
import { VirtualService, readVirtualServices } from './virtual-service';

/** An ordered set of manifests. Each index is built on first use, once, in linear time. */
export class Model {
  /** The kinds that were read so far, so that a test can compare them with what a check declares. */
  public readonly kindsRead = new Set<Kind>();

  private readonly byKind = new Map<Kind, Manifest[]>();
  private readonly built = new Map<string, unknown>();

  public constructor(public readonly manifests: readonly Manifest[]) {
    for (const manifest of manifests) {
      const kind = kindOf(manifest);
      if (kind !== undefined) {
        addTo(this.byKind, kind, manifest);
      }
    }
  }

  /** Whether the input contains an object of the kind. */
  public has(kind: Kind): boolean {
    return this.byKind.has(kind);
  }

  /** The objects of a kind, in the order of the input. */
  public ofKind(kind: Kind): readonly Manifest[] {
    this.kindsRead.add(kind);
    return this.byKind.get(kind) ?? [];
  }

  public get services(): Services {
    return this.index('services', [Kind.SERVICE], services => new Services(services));
  }

  public get serviceEntries(): ServiceEntries {
    return this.index('serviceEntries', [Kind.SERVICE_ENTRY], entries => new ServiceEntries(entries));
  }

  public get destinationRules(): DestinationRules {
    return this.index('destinationRules', [Kind.DESTINATION_RULE], rules => new DestinationRules(rules));
  }

  public get gateways(): Gateways {
    return this.index('gateways', [Kind.GATEWAY], gateways => new Gateways(gateways));
  }

  public get virtualServices(): readonly VirtualService[] {
    return this.index('virtualServices', [Kind.VIRTUAL_SERVICE], readVirtualServices);
  }

  /**
   * Whether the input describes a namespace: it contains the Namespace and at least one Service in it. Even then the namespace may have
   * other Services, from a Helm chart or another repository.
   */
  public describes(namespace: string): boolean {
    const names = this.index('namespaces', [Kind.NAMESPACE], namespaces => new Set(namespaces.map(nameOf)));
    return names.has(namespace) && this.services.holdsOneIn(namespace);
  }

  /**
   * The namespace that was probably meant for a Service that the input lacks: the input describes the namespace where the Service is
   * missing, and exactly one other namespace has a Service of that name. A name that several namespaces have is likely to be in this one
   * too. Use it only where the namespace is implied; a missing Service alone is no fault.
   */
  public namespaceMeantFor({ name, namespace }: ServiceName): string | undefined {
    return this.describes(namespace) ? this.services.onlyNamespaceWith(name) : undefined;
  }

  private index<T>(name: string, kinds: readonly Kind[], build: (...manifests: (readonly Manifest[])[]) => T): T {
    const manifests = kinds.map(kind => this.ofKind(kind));
    if (!this.built.has(name)) {
      this.built.set(name, build(...manifests));
    }
    return this.built.get(name) as T;
  }
}
