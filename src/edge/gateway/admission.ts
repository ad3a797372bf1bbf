// Who may attach routes to a Gateway, and for which hosts: the `namespace/host` entries of its servers.
import { InvalidProps } from '../../base/errors';
import { ANY_HOST, isCovered, isFullHost, patternsCovering } from '../../base/host';
import { isDnsLabel, requireDnsLabel } from '../../base/kubernetes-name';
import { requireProps, STRINGS } from '../../base/prop-types';

/**
 * The namespaces that a Gateway admits, each with its hosts.
 *
 * Istio attaches a VirtualService only to hosts that a server lists for its namespace (Istio 1.30, pkg/config/host/names.go), so that one
 * team cannot take another's host.
 */
export class GatewayAdmission {
  private readonly admitted = new Map<string, Set<string>>();
  private readonly served: ReadonlySet<string>;

  /** @param served hosts that the Gateway answers for; `*` where the load balancer in front decides */
  public constructor(served: readonly string[]) {
    this.served = new Set(served);
  }

  /**
   * Admits a namespace.
   *
   * @param hosts those that it may use; all that the Gateway answers for by default
   * @throws InvalidProps for a namespace that is none, and a host that is none or that the Gateway does not answer for
   */
  public admit(namespace: string, hosts: readonly string[] = [...this.served]): void {
    requireDnsLabel('namespace', namespace);
    requireProps(STRINGS, hosts, '', 'hosts').forEach((host, index) => this.requireServed(`hosts[${index}]`, host));
    const admitted = this.admitted.get(namespace) ?? new Set();
    hosts.forEach(host => admitted.add(host));
    this.admitted.set(namespace, admitted);
  }

  /**
   * Admits namespaces for hosts that are written in Istio's form, `team/shop.example.com`.
   *
   * @throws InvalidProps for an entry of another form, and for a host that the Gateway does not answer for
   */
  public admitEntries(prop: string, entries: readonly string[]): void {
    const admitted = admittedHosts(prop, entries);
    entries.forEach((entry, index) => this.requireServed(`${prop}[${index}]`, entry.split('/')[1], entry));
    admitted.forEach((hosts, namespace) => this.admit(namespace, hosts));
  }

  /**
   * The hosts of a server. Those that a wildcard of the same namespace covers are left out: beside them, Istio would put the wildcard's
   * routes on the narrower host, too, in no defined order.
   */
  public entries(): string[] {
    return [...this.admitted].sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([namespace, hosts]) => [...hosts]
        .filter(host => !patternsCovering(host).some(other => other !== host && hosts.has(other)))
        .map(host => `${namespace}/${host}`));
  }

  private requireServed(prop: string, host: string, value = host): void {
    if (!isFullHost(host) || !isCovered(host, this.served)) {
      throw InvalidProps.value(prop, value, `must be a host that the gateway answers for: ${[...this.served].join(', ')}`);
    }
  }
}

/**
 * Reads entries in Istio's form, `team/shop.example.com`.
 *
 * @returns the hosts by namespace
 * @throws InvalidProps for an entry of another form
 */
export function admittedHosts(prop: string, entries: readonly string[]): Map<string, string[]> {
  const hosts = new Map<string, string[]>();
  entries.forEach((entry, index) => {
    const [namespace, host, ...rest] = entry.split('/');
    if (rest.length > 0 || !isDnsLabel(namespace) || !isFullHost(host)) {
      throw InvalidProps.value(`${prop}[${index}]`, entry, `must be a namespace and a host, such as team/shop.example.com, or team/${ANY_HOST} for any`);
    }
    hosts.set(namespace, [...hosts.get(namespace) ?? [], host]);
  });
  return hosts;
}
