// ServiceEntries: hosts of the mesh that are not Kubernetes Services.
import { HostIndex } from './host-index';
import { Manifest, namespaceOf } from '../manifests/manifest';
import { asInteger, asList, asObject, asTexts } from '../manifests/plain-json';
import { completeHost } from './service-host';

/** A ServiceEntry, read tolerantly. */
export interface ServiceEntry {
  readonly namespace: string;
  /** Port numbers; absent if unknown. */
  readonly ports?: readonly number[];
}

/** All ServiceEntries of the input, by host. Ignores `exportTo`: an entry that a client does not see only silences checks. */
export class ServiceEntries {
  private readonly hosts = new HostIndex<ServiceEntry>();

  public constructor(manifests: readonly Manifest[]) {
    for (const manifest of manifests) {
      const spec = asObject(manifest.object.spec);
      const namespace = namespaceOf(manifest);
      const ports = asList(spec.ports).map(port => asInteger(asObject(port).number));
      const entry = { namespace, ports: ports.length === 0 || ports.includes(undefined) ? undefined : (ports as number[]) };
      asTexts(spec.hosts).forEach(host => this.hosts.add(completeHost(host, namespace), entry));
    }
  }

  /** The entries for exactly this host. */
  public find(host: string): readonly ServiceEntry[] {
    return this.hosts.get(host);
  }

  /** Whether an entry has the host, or a wildcard that matches it. */
  public covers(host: string): boolean {
    return this.hosts.best(host).length > 0;
  }
}
