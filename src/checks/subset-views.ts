// Which clients use a route, and which subsets they know: a gateway that does not know the subset responds with 503 "no cluster".
import { isExportedTo } from '../base/istio/export-to';
import { HostIndex } from '../base/host-index';
import { MESH, serviceOfHost } from '../base/istio/names';
import { once } from '../base/once';
import { Kind } from '../manifests/kind';
import { Route, VirtualService } from '../manifests/virtual-service';
import { DestinationRule } from '../mesh/objects/destination-rules';
import { Service } from '../mesh/objects/services';
import { gatewayNamespaces } from './routes/gateway-pods';
import type { Subject } from './subject';

/** What a group of clients knows about the subsets of a host. */
export interface SubsetView {
  /** The clients, as a message names them. */
  readonly who: string;
  /** Their gateway, or `mesh`; absent for the clients of a delegate. */
  readonly gateway?: string;
  /** Their namespaces; empty if unknown. */
  readonly namespaces: readonly string[];
  /** Namespaces that Istio searches for their DestinationRules; empty if unknown. */
  readonly consulted: readonly string[];
  readonly subsets: readonly string[];
  /** Rules for the host that they may use. */
  readonly rules: readonly DestinationRule[];
  /** Rules for the host that they do not use. */
  readonly unused: readonly DestinationRule[];
  /** Whether the input is complete enough to rule out further DestinationRules. */
  readonly complete: boolean;
}

interface Clients {
  readonly who: string;
  readonly gateway?: string;
  /** Empty if unknown. */
  readonly namespaces: readonly string[];
  /** Sidecars may also run in the namespace of the host, and in every namespace that sees the VirtualService. */
  readonly sidecars?: 'host namespace' | 'everywhere';
}

const KNOWN = new WeakMap<Subject, SubsetViews>();

/** The views of many routes. Most routes share their clients, and many their hosts, so both are computed once. */
export class SubsetViews {
  private readonly clients = new Map<readonly string[], readonly Clients[]>();
  /** By everything that decides who the clients are. */
  private readonly equalClients = new Map<string, readonly Clients[]>();
  private readonly views = new Map<readonly Clients[], Map<string, SubsetView[]>>();

  private readonly rules = new HostIndex<DestinationRule>();

  /** The views of a subject. Checks share what was looked up. */
  public static of(subject: Subject): SubsetViews {
    return once(KNOWN, subject, () => new SubsetViews(subject));
  }

  private constructor(private readonly subject: Subject) {
    subject.destinationRules.all.forEach(rule => this.rules.add(rule.host, rule));
  }

  /**
   * The views of all clients of the route. For a gateway whose pods are not in the input, every rule of the input counts. Sidecars may
   * run in every namespace that the VirtualService names, and if it is exported to all, in every namespace with a rule for the host; they
   * share one view.
   */
  public at(virtualService: VirtualService, route: Route, host: string): readonly SubsetView[] {
    const clients = this.clientsOf(virtualService, route);
    const byHost = this.views.get(clients) ?? new Map<string, SubsetView[]>();
    this.views.set(clients, byHost);
    const views = byHost.get(host) ?? this.viewsOf(clients, host);
    byHost.set(host, views);
    return views;
  }

  private clientsOf(virtualService: VirtualService, route: Route): readonly Clients[] {
    if (route.sourceNamespaces.length > 0) {
      return this.newClientsOf(virtualService, route);
    }
    // Routes of one VirtualService share the same list object, unless their matches narrow it.
    const known = this.clients.get(route.gateways);
    if (known) {
      return known;
    }
    // Equal clients share one object, and so their views: with 10,000 VirtualServices at one Gateway, this halves the time of this check.
    const key = JSON.stringify([route.gateways, virtualService.namespace, virtualService.exportTo]);
    const clients = this.equalClients.get(key) ?? this.newClientsOf(virtualService, route);
    this.equalClients.set(key, clients);
    this.clients.set(route.gateways, clients);
    return clients;
  }

  private viewsOf(clients: readonly Clients[], host: string): SubsetView[] {
    const { destinationRules, services, elsewhere, settings: { clusterDomain, rootNamespace } } = this.subject;
    const known = services.at(host);
    const hostNamespaces = namespacesOf(host, known, clusterDomain);
    const anywhere = this.rules.covering(host).flatMap(pattern => this.rules.at(pattern));
    const origin = originOf(known);
    return clients.map(({ who, gateway, namespaces, sidecars }) => {
      const withRules = sidecars === 'everywhere' ? anywhere.map(rule => rule.config.namespace) : [];
      const clientNamespaces = sidecars ? [...new Set([...namespaces, ...hostNamespaces, ...withRules])] : namespaces;
      const used = clientNamespaces.length === 0 ? anywhere : clientNamespaces.flatMap(client => destinationRules.possible(client, host, hostNamespaces));
      // A rule with a wildcard, in the root namespace or for some pods is not conclusive: a closer one may exist outside the input.
      const close = new Set([...namespaces, ...hostNamespaces]);
      const isClosest = (rule: DestinationRule) => rule.host === host && !rule.workloadSelector && close.has(rule.config.namespace);
      const searched = clientNamespaces.length === 0 ? [undefined] : [...clientNamespaces, ...hostNamespaces, rootNamespace];
      const hasNoOthers = !searched.some(own => elsewhere.mayHave(own));
      const inUse = new Set(used.flatMap(({ from }) => from));
      return {
        who,
        gateway,
        namespaces: clientNamespaces,
        consulted: clientNamespaces.length === 0 ? [] : [...new Set([...clientNamespaces, ...hostNamespaces, rootNamespace])],
        subsets: [...new Set(used.flatMap(({ subsets }) => [...subsets.keys()]))].filter(name => name !== '').sort(),
        rules: used,
        unused: anywhere.filter(({ config }) => !inUse.has(config)),
        complete: origin !== 'external' && (used.some(isClosest) || (origin === 'input' && (this.subject.has(Kind.DESTINATION_RULE) || hasNoOthers))),
      };
    });
  }

  private newClientsOf({ namespace, exportTo }: VirtualService, route: Route): Clients[] {
    if (route.gateways.length === 0) {
      return [{ who: 'any client', namespaces: [] }];
    }
    return route.gateways.flatMap((name): Clients[] => {
      if (name === MESH) {
        const named = exportTo.filter(own => !['.', '*', '~'].includes(own));
        const namespaces = [...new Set([namespace, ...route.sourceNamespaces, ...named])];
        const isPublic = exportTo.length === 0 || exportTo.includes('*');
        return [{ who: 'the sidecars', gateway: name, namespaces, sidecars: isPublic ? 'everywhere' : 'host namespace' }];
      }
      const who = `gateway ${name}`;
      const pods = [...new Set(this.subject.gateways.named(name).flatMap(({ selector }) => gatewayNamespaces(this.subject.services, selector)))].sort();
      if (pods.length === 0) {
        return [{ who, gateway: name, namespaces: [] }];
      }
      // A gateway ignores a VirtualService that is not exported to it.
      return pods.filter(own => isExportedTo(own, exportTo, namespace)).map(own => ({ who: `${who} (pods in ${own})`, gateway: name, namespaces: [own] }));
    });
  }
}

/** The namespaces of the host: its Service's, or those of the ServiceEntries that name it. */
function namespacesOf(host: string, known: readonly Service[], clusterDomain: string): string[] {
  const service = serviceOfHost(host, clusterDomain);
  const entries = known.filter(({ registry }) => registry === 'external').map(({ namespace }) => namespace).sort();
  return [...new Set([...service ? [service.namespace] : [], ...entries])];
}

/**
 * Whether the input defines the host; only then is a missing DestinationRule conclusive. Istio routes to an ExternalName Service under its
 * external name, whose rules are not evaluated here.
 */
function originOf(known: readonly Service[]): 'input' | 'external' | 'unknown' {
  return known.some(({ resolution }) => resolution === 'alias') ? 'external' : known.length > 0 ? 'input' : 'unknown';
}
