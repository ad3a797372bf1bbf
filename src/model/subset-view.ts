// Which clients use a route, and which subsets they know: a gateway that does not know the subset responds with 503 "no cluster".
import { isExportedTo } from '../base/export-to';
import { DestinationRule, ROOT_NAMESPACE, subsetsOf } from './destination-rule';
import { GatewayReference, podNamespaces } from './gateway';
import { Kind } from '../manifests/kind';
import { Model } from './model';
import { serviceOfHost } from './service-host';
import { Route, VirtualService } from './virtual-service';

/** What a group of clients knows about the subsets of a host. */
export interface SubsetView {
  /** The clients, as a message names them. */
  readonly who: string;
  /** Namespaces that Istio searches for their DestinationRules; empty if unknown. */
  readonly consulted: readonly string[];
  readonly subsets: readonly string[];
  /** Rules for the host that they do not use. */
  readonly unused: readonly DestinationRule[];
  /** Whether the input is complete enough to rule out further DestinationRules. */
  readonly complete: boolean;
}

interface Clients {
  readonly who: string;
  /** Empty if unknown. */
  readonly namespaces: readonly string[];
  /** Sidecars may also run in the namespace of the host, and in every namespace that sees the VirtualService. */
  readonly sidecars?: 'host namespace' | 'everywhere';
}

/** The views of many routes. Most routes share their clients, and many their hosts, so both are computed once. */
export class SubsetViews {
  private readonly clients = new Map<readonly GatewayReference[], readonly Clients[]>();
  /** By everything that decides who the clients are. */
  private readonly equalClients = new Map<string, readonly Clients[]>();
  private readonly views = new Map<readonly Clients[], Map<string, SubsetView[]>>();

  public constructor(private readonly model: Model) {}

  /**
   * The views of all clients of the route. For a gateway whose pods are not in the input, every rule of the input counts. Sidecars may
   * run in every namespace that the VirtualService names, and if it is exported to all, in every namespace with a rule for the host; they
   * share one view.
   */
  public of(virtualService: VirtualService, route: Route, host: string): readonly SubsetView[] {
    const clients = this.clientsOf(virtualService, route);
    const byHost = this.views.get(clients) ?? new Map<string, SubsetView[]>();
    this.views.set(clients, byHost);
    const views = byHost.get(host) ?? this.viewsOf(clients, host);
    byHost.set(host, views);
    return views;
  }

  private clientsOf(virtualService: VirtualService, route: Route): readonly Clients[] {
    if (route.sourceNamespaces.length > 0) {
      return clientsOf(this.model, virtualService, route);
    }
    // Routes of one VirtualService share the same list object, unless their matches narrow it.
    const known = this.clients.get(route.gateways);
    if (known) {
      return known;
    }
    // Equal clients share one object, and so their views: with 10,000 VirtualServices at one Gateway, this halves the time of this check.
    const key = JSON.stringify([route.gateways, virtualService.namespace, virtualService.exportTo]);
    const clients = this.equalClients.get(key) ?? clientsOf(this.model, virtualService, route);
    this.equalClients.set(key, clients);
    this.clients.set(route.gateways, clients);
    return clients;
  }

  private viewsOf(clients: readonly Clients[], host: string): SubsetView[] {
    const { destinationRules } = this.model;
    const hostNamespaces = namespacesOf(this.model, host);
    const anywhere = destinationRules.anywhere(host);
    const origin = originOf(this.model, host);
    return clients.map(({ who, namespaces, sidecars }) => {
      const withRules = sidecars === 'everywhere' ? anywhere.map(rule => rule.namespace) : [];
      const clientNamespaces = sidecars ? [...new Set([...namespaces, ...hostNamespaces, ...withRules])] : namespaces;
      const used = clientNamespaces.length === 0 ? anywhere : clientNamespaces.flatMap(client => destinationRules.usedBy(client, host, hostNamespaces));
      // A rule with a wildcard, in the root namespace or for some pods is not conclusive: a closer one may exist outside the input.
      const close = new Set([...namespaces, ...hostNamespaces]);
      const isClosest = (rule: DestinationRule) => rule.host === host && !rule.selective && close.has(rule.namespace);
      const inUse = new Set(used);
      return {
        who,
        consulted: clientNamespaces.length === 0 ? [] : [...new Set([...clientNamespaces, ...hostNamespaces, ROOT_NAMESPACE])],
        subsets: subsetsOf(used),
        unused: anywhere.filter(rule => !inUse.has(rule)),
        complete: origin !== 'external' && (used.some(isClosest) || (origin === 'input' && this.model.has(Kind.DESTINATION_RULE))),
      };
    });
  }
}

function clientsOf(model: Model, virtualService: VirtualService, route: Route): Clients[] {
  if (route.gateways.length === 0) {
    return [{ who: 'any client', namespaces: [] }];
  }
  const { exportTo } = virtualService;
  return route.gateways.flatMap((reference): Clients[] => {
    if (reference === 'mesh') {
      const named = exportTo.filter(namespace => !['.', '*', '~'].includes(namespace));
      const namespaces = [...new Set([virtualService.namespace, ...route.sourceNamespaces, ...named])];
      const isPublic = exportTo.length === 0 || exportTo.includes('*');
      return [{ who: 'the sidecars', namespaces, sidecars: isPublic ? 'everywhere' : 'host namespace' }];
    }
    const name = `gateway ${reference.namespace}/${reference.name}`;
    const pods = [...new Set(model.gateways.find(reference).flatMap(gateway => podNamespaces(gateway, model.services)))].sort();
    if (pods.length === 0) {
      return [{ who: name, namespaces: [] }];
    }
    // A gateway ignores a VirtualService that is not exported to it.
    return pods.filter(namespace => isExportedTo(namespace, exportTo, virtualService.namespace))
      .map(namespace => ({ who: `${name} (pods in ${namespace})`, namespaces: [namespace] }));
  });
}

/** The namespaces of the host: its Service's, or those of the ServiceEntries that name it. */
function namespacesOf(model: Model, host: string): string[] {
  const service = serviceOfHost(host);
  const entries = model.serviceEntries.find(host).map(entry => entry.namespace).sort();
  return [...new Set([...service ? [service.namespace] : [], ...entries])];
}

/**
 * Whether the input defines the host; only then is a missing DestinationRule conclusive. Istio routes to an ExternalName Service under its
 * external name, whose rules are not evaluated here.
 */
function originOf(model: Model, host: string): 'input' | 'external' | 'unknown' {
  const service = serviceOfHost(host);
  const services = service ? model.services.find(service) : [];
  return services.some(own => own.external) ? 'external'
    : services.length > 0 || model.serviceEntries.find(host).length > 0 ? 'input' : 'unknown';
}
