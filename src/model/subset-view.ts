// Who follows a route, and which subsets they know: the question behind every 503 "no cluster" at a gateway.
import { DestinationRule, ROOT_NAMESPACE, subsetsOf } from './destination-rule';
import { GatewayReference, podNamespaces } from './gateway';
import { Model } from './model';
import { serviceOfHost } from './service-host';
import { Route, VirtualService } from './virtual-service';

/** What a group of clients knows about the subsets of a host. */
export interface SubsetView {
  /** The clients, in words. */
  readonly who: string;
  /** Namespaces whose DestinationRules they consult; empty when that cannot be known. */
  readonly consulted: readonly string[];
  readonly subsets: readonly string[];
  /** Rules for the host that they do not use. */
  readonly unused: readonly DestinationRule[];
  /** Whether the input is complete enough to say that no further rule exists. */
  readonly complete: boolean;
}

interface Clients {
  readonly who: string;
  /** Empty when unknown. */
  readonly namespaces: readonly string[];
  /** Sidecars may run anywhere, also beside the host. */
  readonly mayBeAtHome: boolean;
}

/** Answers the question for many routes; most share their clients and many their hosts, so both are worked out once. */
export class SubsetViews {
  private readonly clients = new Map<readonly GatewayReference[], readonly Clients[]>();
  private readonly views = new Map<readonly Clients[], Map<string, SubsetView[]>>();

  public constructor(private readonly model: Model) {}

  /**
   * The views of everyone who follows the route. Gateways whose pods cannot be found in the input get the benefit of the
   * doubt: every rule of the input counts. Sidecars may run anywhere, so for them every namespace that the VirtualService
   * names counts, and one view stands for all.
   */
  public of(virtualService: VirtualService, route: Route, host: string): readonly SubsetView[] {
    const clients = this.clientsOf(virtualService, route);
    const byHost = this.views.get(clients) ?? new Map<string, SubsetView[]>();
    this.views.set(clients, byHost);
    const views = byHost.get(host) ?? this.see(clients, host);
    byHost.set(host, views);
    return views;
  }

  private clientsOf(virtualService: VirtualService, route: Route): readonly Clients[] {
    if (route.sourceNamespaces.length > 0) {
      return clientsOf(this.model, virtualService, route);
    }
    // Routes of one VirtualService share the list itself, unless their matches narrow it.
    const clients = this.clients.get(route.gateways) ?? clientsOf(this.model, virtualService, route);
    this.clients.set(route.gateways, clients);
    return clients;
  }

  private see(clients: readonly Clients[], host: string): SubsetView[] {
    const { destinationRules } = this.model;
    const homes = homesOf(this.model, host);
    const anywhere = destinationRules.anywhere(host);
    const inInput = isInInput(this.model, host);
    return clients.map(({ who, namespaces, mayBeAtHome }) => {
      const askers = mayBeAtHome ? [...new Set([...namespaces, ...homes])] : namespaces;
      const used = askers.length === 0 ? anywhere : askers.flatMap(client => destinationRules.usedBy(client, host, homes));
      return {
        who,
        consulted: askers.length === 0 ? [] : [...new Set([...askers, ...homes, ROOT_NAMESPACE])],
        subsets: subsetsOf(used),
        unused: anywhere.filter(rule => !used.includes(rule)),
        // A wildcard or root rule says little: a closer one may exist outside the input.
        complete: inInput || used.some(rule => rule.host === host && [...askers, ...homes].includes(rule.namespace)),
      };
    });
  }
}

function clientsOf(model: Model, virtualService: VirtualService, route: Route): Clients[] {
  if (route.gateways.length === 0) {
    return [{ who: 'anyone', namespaces: [], mayBeAtHome: false }];
  }
  return route.gateways.flatMap((reference): Clients[] => {
    if (reference === 'mesh') {
      const named = virtualService.exportTo.filter(namespace => !['.', '*', '~'].includes(namespace));
      const namespaces = [...new Set([virtualService.namespace, ...route.sourceNamespaces, ...named])];
      return [{ who: 'the sidecars', namespaces, mayBeAtHome: true }];
    }
    const name = `gateway ${reference.namespace}/${reference.name}`;
    const pods = [...new Set(model.gateways.find(reference).flatMap(gateway => podNamespaces(gateway, model.services)))].sort();
    return pods.length === 0
      ? [{ who: name, namespaces: [], mayBeAtHome: false }]
      : pods.map(namespace => ({ who: `${name}, whose pods run in ${namespace}`, namespaces: [namespace], mayBeAtHome: false }));
  });
}

/** The namespaces in which the host is at home: its Service's, or those of the ServiceEntries that name it. */
function homesOf(model: Model, host: string): string[] {
  const service = serviceOfHost(host);
  const entries = model.serviceEntries.find(host).map(entry => entry.namespace).sort();
  return [...new Set([...service ? [service.namespace] : [], ...entries])];
}

/** An ExternalName Service is routed to under its external name, whose rules are not followed here. */
function isInInput(model: Model, host: string): boolean {
  const service = serviceOfHost(host);
  const services = service ? model.services.find(service) : [];
  return services.length > 0 ? !services.some(own => own.external)
    : model.serviceEntries.find(host).length > 0 || (service !== undefined && model.describes(service.namespace));
}
