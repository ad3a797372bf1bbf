// What a cluster may have although the input lacks it.
import type { ServiceName } from '../base/istio/names';
import type { Manifest } from '../manifests/manifest';
import { Bringers } from './bringers';
import { madeSecrets } from './secret-makers';

/** The namespace that distributions of Kubernetes fill. */
const SYSTEM = 'kube-system';

/** Services that every cluster has. */
export const SYSTEM_SERVICES: readonly ServiceName[] = [{ name: 'kubernetes', namespace: 'default' }, { name: 'kube-dns', namespace: SYSTEM }];

/**
 * What may come from elsewhere: all that the input lacks, unless it is complete. Even then objects of the input may bring others, such as a HelmRelease
 * those of its chart.
 */
export class Elsewhere {
  private foundBringers: Bringers | undefined;
  private secrets: ReadonlySet<string> | undefined;

  public constructor(private readonly manifests: readonly Manifest[], public readonly isComplete: boolean) {}

  /** Whether a namespace may have an object that the input lacks; without a namespace, whether the cluster may. */
  public mayHave(namespace?: string): boolean {
    return !this.isComplete || namespace === SYSTEM || this.bringers.mayBringInto(namespace);
  }

  /** The same for a Service. */
  public mayHaveService(name: string, namespace: string): boolean {
    return this.mayHave(namespace) || SYSTEM_SERVICES.some(own => own.name === name && own.namespace === namespace);
  }

  /** The same for a Secret, which other objects may make. */
  public mayHaveSecret(name: string, namespace: string): boolean {
    return this.mayHave(namespace) || this.makesSecret(name, namespace);
  }

  /** Whether an object of the input, such as a Certificate, makes the Secret. */
  public makesSecret(name: string, namespace: string): boolean {
    this.secrets ??= madeSecrets(this.manifests);
    return this.secrets.has(`${namespace}/${name}`);
  }

  /** The objects of the input that bring others. */
  public get bringers(): Bringers {
    this.foundBringers ??= new Bringers(this.manifests);
    return this.foundBringers;
  }
}
