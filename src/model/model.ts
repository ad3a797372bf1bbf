// The model: all manifests of one input in their order, and the indexes that checks, plan and tracer share.
import { type AlbGroup, readAlbGroups } from './alb-group';
import { DestinationRules } from './destination-rule';
import { Gateways } from './gateway';
import { Ingress, readIngresses } from './ingress';
import { IngressClasses } from './ingress-class';
import { Kind, kindOf } from './kind';
import { Manifest, nameOf } from './manifest';
import { Services } from './service';
import { ServiceEntries } from './service-entry';
import type { ServiceName } from './service-host';
import { VirtualService, readVirtualServices } from './virtual-service';

/** An ordered set of manifests. Each index is built when first asked for, once, in time linear to the input. */
export class Model {
  /** The kinds that were asked for so far, so that a test can compare them with what a check declares. */
  public readonly kindsRead = new Set<Kind>();

  private readonly byKind = new Map<Kind, Manifest[]>();
  private readonly built = new Map<string, unknown>();

  public constructor(public readonly manifests: readonly Manifest[]) {
    for (const manifest of manifests) {
      const kind = kindOf(manifest);
      if (kind !== undefined) {
        const filed = this.byKind.get(kind);
        if (filed) {
          filed.push(manifest);
        } else {
          this.byKind.set(kind, [manifest]);
        }
      }
    }
  }

  /** Whether the input holds an object of the kind. */
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

  /** The Ingresses that the AWS Load Balancer Controller serves; those of other controllers are left out. */
  public get ingresses(): readonly Ingress[] {
    return this.index('ingresses', [Kind.INGRESS, Kind.INGRESS_CLASS], readIngresses);
  }

  /** Those Ingresses by the load balancer that they share, with their settings. */
  public get albGroups(): readonly AlbGroup[] {
    const { ingresses } = this;
    const kinds = [Kind.INGRESS_CLASS, Kind.INGRESS_CLASS_PARAMS];
    return this.index('albGroups', kinds, (classes, params) => readAlbGroups(ingresses, new IngressClasses(classes, params)));
  }

  /**
   * Whether the input describes a namespace: it holds the Namespace and at least one Service in it. Even then the namespace may have
   * further Services, which a Helm chart or another repository brings.
   */
  public describes(namespace: string): boolean {
    const names = this.index('namespaces', [Kind.NAMESPACE], namespaces => new Set(namespaces.map(nameOf)));
    return names.has(namespace) && this.services.holdsOneIn(namespace);
  }

  /**
   * The namespace that was meant, in all likelihood, where a Service is looked for that the input does not hold: the input describes the namespace
   * that lacks it, and knows the name from exactly one other. A name in several namespaces is likely to be in this one too. Only to be
   * asked where the namespace was not written beside the name; that a Service is missing says nothing in itself.
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
