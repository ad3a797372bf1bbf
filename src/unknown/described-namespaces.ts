// Which namespaces the input describes, and which one was probably meant where a Service is missing.
import { addTo } from '../base/multimap';
import { type Manifest, nameOf, namespaceOf, objectNameOf } from '../manifests/manifest';
import type { Elsewhere } from './elsewhere';

/** The Services of an input: the namespaces that have any, and for the name of each those that have it; undefined for one without a namespace. */
interface ServiceNames {
  readonly namespaces: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, readonly (string | undefined)[]>;
}

/** The Namespaces of an input, and the Services in them. */
export class DescribedNamespaces {
  private readonly names: ReadonlySet<string>;
  private found: ServiceNames | undefined;

  public constructor(namespaces: readonly Manifest[], private readonly services: readonly Manifest[], private readonly elsewhere: Elsewhere) {
    this.names = new Set(namespaces.map(nameOf));
  }

  /**
   * Whether the input describes a namespace: it contains the Namespace and at least one Service in it, and no release of a chart, GitOps object or
   * operator that may bring others into it. Even then the namespace may have other Services, from another repository.
   */
  public describe(namespace: string): boolean {
    return this.names.has(namespace) && this.serviceNames.namespaces.has(namespace) && !this.mayHaveMore(namespace);
  }

  /** Whether a release of a chart, GitOps object or operator of the input may bring objects into a namespace. */
  public mayHaveMore(namespace: string): boolean {
    return this.elsewhere.bringers.mayBringInto(namespace);
  }

  /** Whether a release of a chart, GitOps object or operator may bring objects into a namespace. */
  public mayBringInto(namespace: string): boolean {
    return this.elsewhere.bringers.mayBringInto(namespace);
  }

  /**
   * The namespace that was probably meant for a Service that the input lacks: the input describes the namespace where the Service is
   * missing, and exactly one other namespace has a Service of that name. A name that several namespaces have is likely to be in this one
   * too. Use it only where the namespace is implied; a missing Service alone is no fault.
   */
  public meantFor(service: string, namespace: string): string | undefined {
    const others = new Set(this.describe(namespace) ? this.serviceNames.byName.get(service) : []);
    return others.size === 1 ? [...others][0] : undefined;
  }

  /** Inputs without Namespaces need them not. */
  private get serviceNames(): ServiceNames {
    this.found ??= { namespaces: new Set(this.services.map(namespaceOf)), byName: namespacesByName(this.services) };
    return this.found;
  }
}

function namespacesByName(services: readonly Manifest[]): ServiceNames['byName'] {
  const byName = new Map<string, (string | undefined)[]>();
  services.forEach(service => addTo(byName, nameOf(service), objectNameOf(service).namespace));
  return byName;
}
