// Which namespaces the input describes, and which one was probably meant where a Service is missing.
import { addTo } from '../base/multimap';
import { Kind, kindOf } from '../manifests/kind';
import { type Manifest, nameOf, namespaceOf, objectNameOf } from '../manifests/manifest';

/** The Namespaces of an input, and the Services in them. */
export class DescribedNamespaces {
  private readonly names = new Set<string>();
  private readonly withServices = new Set<string>();
  /** The namespaces that have a Service of a name; undefined for one without a namespace. */
  private readonly byService = new Map<string, (string | undefined)[]>();

  public constructor(manifests: readonly Manifest[]) {
    for (const manifest of manifests) {
      const kind = kindOf(manifest);
      if (kind === Kind.NAMESPACE) {
        this.names.add(nameOf(manifest));
      } else if (kind === Kind.SERVICE) {
        this.withServices.add(namespaceOf(manifest));
        addTo(this.byService, nameOf(manifest), objectNameOf(manifest).namespace);
      }
    }
  }

  /**
   * Whether the input describes a namespace: it contains the Namespace and at least one Service in it. Even then the namespace may have
   * other Services, from a Helm chart or another repository.
   */
  public describe(namespace: string): boolean {
    return this.names.has(namespace) && this.withServices.has(namespace);
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
