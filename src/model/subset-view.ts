// Who follows a route, and which subsets they know: the question behind every 503 "no cluster" at a gateway.
import { DestinationRule, ROOT_NAMESPACE, isExportedTo, subsetsOf } from './destination-rule';
import { GatewayReference, podNamespaces } from './gateway';
import { Kind } from './kind';
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
  /** Sidecars may run beside the host too, and wherever else the VirtualService is seen. */
  readonly sidecars?: 'at home' | 'everywhere';
}

/** Answers the question for many routes; most share their clients and many their hosts, so both are worked out once. */
export class SubsetViews {
  private readonly clients = new Map<readonly GatewayReference[], readonly Clients[]>();
  private readonly views = new Map<readonly Clients[], Map<string, SubsetView[]>>();

  public constructor(private readonly model: Model) {}

  /**
   * The views of everyone who follows the route. Gateways whose pods cannot be found in the input get the benefit of the
   * doubt: every rule of the input counts. Sidecars may run anywhere, so for them every namespace that the VirtualService
   * names counts, and where all see it every one with a rule for the host; one view stands for all.
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
    const origin = originOf(this.model, host);
    return clients.map(({ who, namespaces, sidecars }) => {
      const withRules = sidecars === 'everywhere' ? anywhere.map(rule => rule.namespace) : [];
      const askers = sidecars ? [...new Set([...namespaces, ...homes, ...withRules])] : namespaces;
      const used = askers.length === 0 ? anywhere : askers.flatMap(client => destinationRules.usedBy(client, host, homes));
      // A wildcard or root rule says little, and one for some pods less: a closer one may exist outside the input.
      const close = new Set([...namespaces, ...homes]);
      const isClosest = (rule: DestinationRule) => rule.host === host && !rule.selective && close.has(rule.namespace);
      const inUse = new Set(used);
      return {
        who,
        consulted: askers.length === 0 ? [] : [...new Set([...askers, ...homes, ROOT_NAMESPACE])],
        subsets: subsetsOf(used),
        unused: anywhere.filter(rule => !inUse.has(rule)),
        complete: origin !== 'external' && (used.some(isClosest) || (origin === 'input' && this.model.has(Kind.DESTINATION_RULE))),
      };
    });
  }
}

function clientsOf(model: Model, virtualService: VirtualService, route: Route): Clients[] {
  if (route.gateways.length === 0) {
    return [{ who: 'anyone', namespaces: [] }];
  }
  const { exportTo } = virtualService;
  return route.gateways.flatMap((reference): Clients[] => {
    if (reference === 'mesh') {
      const named = exportTo.filter(namespace => !['.', '*', '~'].includes(namespace));
      const namespaces = [...new Set([virtualService.namespace, ...route.sourceNamespaces, ...named])];
      const isPublic = exportTo.length === 0 || exportTo.includes('*');
      return [{ who: 'the sidecars', namespaces, sidecars: isPublic ? 'everywhere' : 'at home' }];
    }
    const name = `gateway ${reference.namespace}/${reference.name}`;
    const pods = [...new Set(model.gateways.find(reference).flatMap(gateway => podNamespaces(gateway, model.services)))].sort();
    if (pods.length === 0) {
      return [{ who: name, namespaces: [] }];
    }
    // Gateways that it is not exported to do not follow the VirtualService at all.
    return pods.filter(namespace => isExportedTo(namespace, virtualService))
      .map(namespace => ({ who: `${name}, whose pods run in ${namespace}`, namespaces: [namespace] }));
  });
}

/** The namespaces in which the host is at home: its Service's, or those of the ServiceEntries that name it. */
function homesOf(model: Model, host: string): string[] {
  const service = serviceOfHost(host);
  const entries = model.serviceEntries.find(host).map(entry => entry.namespace).sort();
  return [...new Set([...service ? [service.namespace] : [], ...entries])];
}

/**
 * Whether the input brings the host, so that it may be asked to bring its rules too. An ExternalName Service is routed to under its
 * external name, whose rules are not followed here.
 */
function originOf(model: Model, host: string): 'input' | 'external' | 'unknown' {
  const service = serviceOfHost(host);
  const services = service ? model.services.find(service) : [];
  return services.some(own => own.external) ? 'external'
    : services.length > 0 || model.serviceEntries.find(host).length > 0 ? 'input' : 'unknown';
}
