// The namespaces in which the input has a Secret, or an object that makes it.
import { addTo } from '../base/multimap';
import { Kind, kindOf } from '../manifests/kind';
import { type Manifest, nameOf, namespaceOf } from '../manifests/manifest';
import { secretsMadeBy } from './secret-makers';

/** Annotations by which controllers copy a Secret to other namespaces: Reflector, Replicator and Config Syncer. */
const COPIED = /"(reflector\.v1\.k8s\.emberstack\.com|replicator\.v1\.mittwald\.de|kubed\.appscode\.com|config\.syncer\.appscode\.com)\//;

/** The Secrets of an input, those that other objects make included, by name. */
export class SecretPlaces {
  private readonly byName = new Map<string, Manifest[]>();

  public constructor(private readonly manifests: readonly Manifest[]) {
    for (const manifest of manifests) {
      const names = kindOf(manifest) === Kind.SECRET ? [nameOf(manifest)] : secretsMadeBy(manifest);
      names.forEach(name => addTo(this.byName, name, manifest));
    }
  }

  /** The only namespace that has a Secret of a name, if it is another one, and nothing in the input may copy the Secret. */
  public onlyOther(name: string, namespace: string): string | undefined {
    const found = this.byName.get(name) ?? [];
    const [only, ...others] = new Set(found.map(namespaceOf));
    const isElsewhere = only !== undefined && only !== namespace && others.length === 0;
    return isElsewhere && !found.some(({ object }) => COPIED.test(JSON.stringify(object))) && !this.mayBeCopied(name, found) ? only : undefined;
  }

  /** Whether an object of a kind that no model knows names the Secret, such as a ClusterPolicy of Kyverno or a ClusterExternalSecret. */
  private mayBeCopied(name: string, found: readonly Manifest[]): boolean {
    return this.manifests.some(own => kindOf(own) === undefined && !found.includes(own) && JSON.stringify(own.object).includes(JSON.stringify(name)));
  }
}
