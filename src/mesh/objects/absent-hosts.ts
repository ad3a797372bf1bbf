// Hosts that no Service or ServiceEntry of the input has: which of them nothing has, and which the cluster may have all the same.
import { HostIndex, isSubsetHost, isWildcard } from '../../base/host-index';
import { serviceMeantBy, serviceOfHost } from '../../base/istio/names';
import { serviceFqdn } from '../../base/kubernetes-name';
import type { DescribedNamespaces } from '../../unknown/described-namespaces';
import { type Elsewhere, SYSTEM_SERVICES } from '../../unknown/elsewhere';
import type { ServiceIndex } from './service-index';
import type { Service } from './services';

/** What is known about a host that the input lacks. */
export type Absence =
  /** It may come from elsewhere, or a ServiceEntry with a wildcard has it. */
  | { readonly is: 'unknown' }
  | { readonly is: 'nowhere' }
  /** Not the full name of a Service, but a Service is called so without the cluster domain. */
  | { readonly is: 'cut-short'; readonly meant: string }
  /** A name without a namespace, and only another namespace has such a Service. */
  | { readonly is: 'in-other-namespace'; readonly name: string; readonly namespace: string; readonly meant: string };

const UNKNOWN: Absence = { is: 'unknown' };
const NOWHERE: Absence = { is: 'nowhere' };

/** Judges hosts of which the input may have no Service and no ServiceEntry. */
export class AbsentHosts {
  private entries: HostIndex<Service> | undefined;

  public constructor(
    private readonly services: ServiceIndex, private readonly clusterDomain: string, private readonly namespaces: () => DescribedNamespaces,
    private readonly elsewhere: Elsewhere,
  ) {}

  /**
   * What is known about a host. A missing Service may come from another repository, so a host with a namespace is assumed to exist, unless the input is
   * complete. A short name in a route of a gateway may be a mistake; routes of sidecars and delegates usually name Services in the namespace of the
   * VirtualService.
   *
   * @param isShortAtGateway whether a route of a gateway has the host as a name without a namespace
   */
  public of(host: string, isShortAtGateway: boolean): Absence {
    if (host === '' || this.isCovered(host) || this.services.aliasesOf(host).length > 0) {
      return UNKNOWN;
    }
    if (isWildcard(host)) {
      return this.services.all.some(({ hostname }) => isSubsetHost(hostname, host)) || this.mayFitElsewhere(host) ? UNKNOWN : NOWHERE;
    }
    const service = serviceOfHost(host, this.clusterDomain);
    const meant = service === undefined ? this.meantBy(host) : undefined;
    if (meant !== undefined) {
      return { is: 'cut-short', meant };
    }
    const other = service !== undefined && isShortAtGateway ? this.namespaces().meantFor(service.name, service.namespace) : undefined;
    if (service !== undefined && other !== undefined) {
      return { is: 'in-other-namespace', name: service.name, namespace: other, meant: serviceFqdn(service.name, other, this.clusterDomain) };
    }
    return this.mayExist(host) ? UNKNOWN : NOWHERE;
  }

  /** Whether the input lacks a host that the cluster may have. */
  public mayExist(host: string): boolean {
    const service = serviceOfHost(host, this.clusterDomain);
    return this.services.at(host).length === 0
      && (service === undefined ? this.elsewhere.mayHave() : this.elsewhere.mayHaveService(service.name, service.namespace));
  }

  private mayFitElsewhere(pattern: string): boolean {
    return this.elsewhere.mayHave() || SYSTEM_SERVICES.some(({ name, namespace }) => isSubsetHost(serviceFqdn(name, namespace, this.clusterDomain), pattern));
  }

  private isCovered(host: string): boolean {
    if (this.entries === undefined) {
      this.entries = new HostIndex();
      for (const entry of this.services.all.filter(({ registry }) => registry === 'external')) {
        this.entries.add(entry.hostname, entry);
      }
    }
    return this.entries.covering(host).length > 0;
  }

  private meantBy(host: string): string | undefined {
    const meant = serviceMeantBy(host, this.clusterDomain);
    const full = meant && serviceFqdn(meant.name, meant.namespace, this.clusterDomain);
    return full !== undefined && this.services.at(full).some(({ registry }) => registry === 'kubernetes') ? full : undefined;
  }
}
