// The namespaces that may attach routes to a Gateway, and their hosts: the `namespace/host` entries of its servers.
import { InvalidProps } from '../../base/errors';
import { ANY_HOST, isCovered, isFullHost, patternsCovering } from '../../base/host';
import { isDnsLabel, requireDnsLabel } from '../../base/kubernetes-name';
import { addTo } from '../../base/multimap';
import { requireProps, STRINGS } from '../../base/prop-types';

/**
 * The namespaces that a Gateway admits, with the hosts of each.
 *
 * Istio only attaches a VirtualService to hosts that a server lists for its namespace (Istio 1.30, pkg/config/host/names.go), so one team
 * cannot attach routes for another team's host.
 */
export class GatewayAdmission {
  private readonly admitted = new Map<string, Set<string>>();
  private readonly served: ReadonlySet<string>;

  /** @param served hosts that the Gateway serves; `*` if the load balancer determines the hosts */
  public constructor(served: readonly string[]) {
    this.served = new Set(served);
  }

  /**
   * Admits a namespace.
   *
   * @param hosts the hosts that it may use; all hosts of the Gateway by default
   * @throws InvalidProps for an invalid namespace or host, or a host that the Gateway does not serve
   */
  public admit(namespace: string, hosts: readonly string[] = [...this.served]): void {
    requireDnsLabel('namespace', namespace);
    requireProps(STRINGS, hosts, '', 'hosts').forEach((host, index) => this.requireServed(`hosts[${index}]`, host));
    const admitted = this.admitted.get(namespace) ?? new Set();
    hosts.forEach(host => admitted.add(host));
    this.admitted.set(namespace, admitted);
  }

  /**
   * Admits namespaces for hosts in the form `team/shop.example.com`.
   *
   * @throws InvalidProps for a malformed entry, or a host that the Gateway does not serve
   */
  public admitEntries(prop: string, entries: readonly string[]): void {
    const admitted = admittedHosts(prop, entries);
    entries.forEach((entry, index) => this.requireServed(`${prop}[${index}]`, entry.split('/')[1], entry));
    admitted.forEach((hosts, namespace) => this.admit(namespace, hosts));
  }

  /** All admitted hosts. */
  public hosts(): string[] {
    return [...new Set([...this.admitted.values()].flatMap(hosts => [...hosts]))];
  }

  /**
   * The hosts of a server. Hosts covered by a wildcard of the same namespace are omitted: otherwise Istio adds the wildcard's routes to the
   * narrower host as well, in an undefined order.
   */
  public entries(): string[] {
    return [...this.admitted].sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([namespace, hosts]) => [...hosts]
        .filter(host => !patternsCovering(host).some(other => other !== host && hosts.has(other)))
        .map(host => `${namespace}/${host}`));
  }

  private requireServed(prop: string, host: string, value = host): void {
    if (!isFullHost(host) || !isCovered(host, this.served)) {
      throw InvalidProps.value(prop, value, `must be a host that the gateway serves: ${[...this.served].join(', ')}`);
    }
  }
}

/**
 * Parses entries in the form `team/shop.example.com`.
 *
 * @returns the hosts by namespace
 * @throws InvalidProps for a malformed entry
 */
export function admittedHosts(prop: string, entries: readonly string[]): Map<string, string[]> {
  const hosts = new Map<string, string[]>();
  entries.forEach((entry, index) => {
    const [namespace, host, ...rest] = entry.split('/');
    if (rest.length > 0 || !isDnsLabel(namespace) || !isFullHost(host)) {
      throw InvalidProps.value(`${prop}[${index}]`, entry, `must be a namespace and a host, such as team/shop.example.com, or team/${ANY_HOST} for any host`);
    }
    addTo(hosts, namespace, host);
  });
  return hosts;
}
