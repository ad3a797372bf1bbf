// The objects that others refer to by name.
import { type Manifest, nameOf, namespaceOf } from '../manifests/manifest';
import { Settings } from './settings';

/** The Services and Secrets of an input, by `namespace/name`. */
export class References {
  private readonly services: ReadonlyMap<string, Manifest>;
  private readonly secrets: ReadonlyMap<string, Manifest>;
  private readonly settings = new Map<Manifest, Settings>();

  /** @param isComplete whether an object that is missing here is missing in the cluster, too */
  public constructor(services: readonly Manifest[], secrets: readonly Manifest[], public readonly isComplete: boolean) {
    const byId = (manifests: readonly Manifest[]) => new Map(manifests.map(own => [`${namespaceOf(own)}/${nameOf(own)}`, own]));
    this.services = byId(services);
    this.secrets = byId(secrets);
  }

  public service(namespace: string, name: string): Manifest | undefined {
    return this.services.get(`${namespace}/${name}`);
  }

  public secret(namespace: string, name: string): Manifest | undefined {
    return this.secrets.get(`${namespace}/${name}`);
  }

  public settingsOf(service: Manifest): Settings {
    const known = this.settings.get(service) ?? new Settings(service);
    this.settings.set(service, known);
    return known;
  }
}
