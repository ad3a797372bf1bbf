// Which namespaces the input describes, and which one was probably meant where a Service is missing.
import { addTo } from '../base/multimap';
import { type Manifest, nameOf, namespaceOf, objectNameOf } from '../manifests/manifest';
import type { Bringers } from './bringers';

/** The Namespaces of an input, and the Services in them. */
export class DescribedNamespaces {
  private readonly names: ReadonlySet<string>;
  private readonly withServices = new Set<string>();
  /** The namespaces that have a Service of a name; undefined for one without a namespace. */
  private readonly byService = new Map<string, (string | undefined)[]>();

  public constructor(namespaces: readonly Manifest[], services: readonly Manifest[], private readonly bringers: Bringers) {
    this.names = new Set(namespaces.map(nameOf));
    for (const service of services) {
      this.withServices.add(namespaceOf(service));
      addTo(this.byService, nameOf(service), objectNameOf(service).namespace);
    }
  }

  /**
   * Whether the input describes a namespace: it contains the Namespace and at least one Service in it, and no release of a chart, GitOps object or
   * operator that may bring others into it. Even then the namespace may have other Services, from another repository.
   */
  public describe(namespace: string): boolean {
    return this.names.has(namespace) && this.withServices.has(namespace) && !this.mayHaveMore(namespace);
  }

  /** Whether a release of a chart, GitOps object or operator of the input may bring objects into a namespace. */
  public mayHaveMore(namespace: string): boolean {
    return this.bringers.mayBringInto(namespace);
  }

  /** Whether a release of a chart, GitOps object or operator may bring objects into a namespace. */
  public mayBringInto(namespace: string): boolean {
    return this.bringers.mayBringInto(namespace);
  }

  /**
   * The namespace that was probably meant for a Service that the input lacks: the input describes the namespace where the Service is
   * missing, and exactly one other namespace has a Service of that name. A name that several namespaces have is likely to be in this one
   * too. Use it only where the namespace is implied; a missing Service alone is no fault.
   */
  public meantFor(service: string, namespace: string): string | undefined {
    const others = new Set(this.byService.get(service));
    return this.describe(namespace) && others.size === 1 ? [...others][0] : undefined;
  }
}
