// The objects that others refer to by name.
import type { AlbSettings } from '../base/alb-annotations/annotations';
import { type Manifest, qualifiedNameOf } from '../manifests/manifest';
import type { Elsewhere } from '../unknown/elsewhere';
import { type Reading, Settings } from './settings';

/** The Services and Secrets of an input, by `namespace/name`. */
export class References {
  private readonly services: ReadonlyMap<string, Manifest>;
  private readonly secrets: ReadonlyMap<string, Manifest>;
  private readonly settings = new Map<Manifest, Settings>();
  private readonly repeated = new Set<string>();

  /**
   * @param reading how the annotations of Services are read
   * @param isRead whether the controller reads an annotation of a Service at all
   */
  public constructor(
    services: readonly Manifest[], secrets: readonly Manifest[], public readonly elsewhere: Elsewhere, private readonly reading?: Reading<AlbSettings>,
    private readonly isRead?: (key: string, value: string) => boolean,
  ) {
    const byId = (manifests: readonly Manifest[]) => new Map(manifests.map(own => [qualifiedNameOf(own), own]));
    this.services = byId(services);
    this.secrets = byId(secrets);
    if (reading !== undefined && this.services.size < services.length) {
      services.filter(own => JSON.stringify(own.object) !== JSON.stringify(this.services.get(qualifiedNameOf(own))?.object))
        .forEach(own => this.repeated.add(qualifiedNameOf(own)));
    }
  }

  /** Whether a survey of several clusters at once has several Services of the name. Which one is meant is unknown. */
  public isAmbiguous(namespace: string, name: string): boolean {
    return this.repeated.has(`${namespace}/${name}`);
  }

  public service(namespace: string, name: string): Manifest | undefined {
    return this.isAmbiguous(namespace, name) ? undefined : this.services.get(`${namespace}/${name}`);
  }

  public secret(namespace: string, name: string): Manifest | undefined {
    return this.secrets.get(`${namespace}/${name}`);
  }

  public settingsOf(service: Manifest): Settings {
    const known = this.settings.get(service) ?? new Settings(service, this.reading, this.isRead);
    this.settings.set(service, known);
    return known;
  }
}
