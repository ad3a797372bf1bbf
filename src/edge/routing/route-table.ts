// The routes of one namespace at one Gateway, or inside the mesh: which VirtualService each host is in, and the routes of each.
import { createHash } from 'node:crypto';
import { Construct, RootConstruct } from 'constructs';
import { VirtualService, type VirtualServiceSpec, type VirtualServiceSpecHttp } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { hostsKey, patternsCovering, requireHosts } from '../../base/host';
import { MAX_LABEL_LENGTH, requireDnsLabel, requireServiceName } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { addTo } from '../../base/multimap';
import { requireScopeAndId } from '../../base/scope';
import { requireUnowned, setOwner } from '../gateway/host-owners';
import { type IGateway, referencesOf } from '../gateway/reference';
import { requireInternalId } from '../wire/internal-id';
import { PlainObject } from '../wire/plain-object';
import { EarlierRoutes, reachedRoutes, requireReached } from './earlier-routes';
import { isCatchAll, requireReachable, WEIGHTS_ELSEWHERE } from './route-list';

/** Props of a `RouteTable`. */
export interface RouteTableProps {
  /**
   * The Gateway that the routes attach to.
   *
   * @default - none; the sidecars of the mesh apply the routes
   */
  readonly gateway?: IGateway;

  /** Namespace of the VirtualServices. */
  readonly namespace: string;
}

/** Settings of the VirtualService that the first route of a host list creates. */
export interface VirtualServiceOptions {
  /** Its name; by default derived from the hosts. */
  readonly name?: string;
  /** The route for requests that match no other route; without one, the gateway responds with 404. */
  readonly fallback?: VirtualServiceSpecHttp;
  /** Namespaces that see it; by default all, or those that the first route of the hosts sets. */
  readonly exportTo?: string[];
}

/** A route and its hosts. */
export interface TableEntry extends VirtualServiceOptions {
  readonly hosts: readonly string[];
  readonly http: VirtualServiceSpecHttp;
  /** Whether a controller in the cluster manages the weights. */
  readonly weightsElsewhere?: boolean;
}

/** A route of the table. */
interface Entry {
  /** Position in declaration order. */
  readonly order: number;
  readonly http: VirtualServiceSpecHttp;
  readonly weightsElsewhere: boolean;
}

/** The routes that name the same hosts, in whatever order. */
interface HostList {
  readonly entries: Entry[];
  readonly earlier: EarlierRoutes;
  /** The groups whose hosts it covers. */
  readonly groups: HostGroup[];
  catchAll?: VirtualServiceSpecHttp;
}

/** Hosts with exactly the same routes: the hosts of one VirtualService. */
interface HostGroup {
  readonly hosts: Set<string>;
  /** The host lists that cover its hosts. */
  readonly lists: HostList[];
  service: Service;
  catchAll?: VirtualServiceSpecHttp;
  /** Names of the routes whose weights are managed elsewhere, separated by commas. */
  weights?: string;
}

/** How to add a route that has passed all checks. */
interface Plan {
  /** The list of its hosts, if there is one. */
  readonly known?: HostList;
  readonly hosts: readonly string[];
  /** The hosts that have no routes yet. */
  readonly fresh: string[];
  /** The hosts that have routes, by group, for a new list. */
  readonly parts?: ReadonlyMap<HostGroup, string[]>;
}

/** A VirtualService. */
interface Service extends VirtualServiceOptions {
  readonly name: string;
  /** Position in the order of creation. */
  readonly order: number;
  readonly object: PlainObject;
  /** Whose hosts it has: another group after a split. */
  group: HostGroup;
}

/**
 * The VirtualServices of one namespace at one Gateway, or of one namespace in the mesh.
 *
 * Istio merges VirtualServices that share a host in an undefined order, and considers a wildcard only if no VirtualService names the exact
 * host (Istio 1.30, pilot/pkg/networking/core/gateway.go). So every host is in exactly one VirtualService, which has all routes of the host
 * in declaration order, including those of the wildcards that cover it.
 *
 * Hosts are grouped while routes are added, so that the VirtualServices are in the tree; their routes are rendered at synth. Time is linear
 * in the number of routes, of hosts, and of routes in the output.
 */
export class RouteTable extends Construct {
  /**
   * Appends a route to the table of a Gateway or of the mesh in a scope, which is created on first use.
   *
   * @param before adds what must precede the VirtualService in the output, or throws; called when the route has passed all checks here
   * @throws InvalidProps for invalid hosts and names, a host with routes elsewhere, hosts that the Gateway does not admit, and a route that
   * can never match because earlier routes match all of its requests for all of its hosts. The tables are unchanged then
   * @internal
   */
  public static _add(scope: Construct, props: RouteTableProps, entry: TableEntry, before?: () => void): void {
    requireDnsLabel('namespace', props.namespace);
    const id = idOf(props);
    const found = scope.node.tryFindChild(id);
    const known = found instanceof RouteTable ? found : undefined;
    // Outside the tree, an empty table checks the first route: the one in the tree must come after what `before` adds.
    const table = known ?? new RouteTable(new RootConstruct(), requireInternalId(scope, id, 'VirtualServices'), props);
    const plan = table.planFor(scope, entry);
    const { gateway } = props;
    const asked = table.asked.get(gateway!) ?? new Set();
    const unasked = gateway ? plan.hosts.filter(host => !asked.has(host)) : [];
    if (unasked.length > 0) {
      gateway!.admitRoutesFrom(props.namespace, unasked);
    }
    before?.();
    const own = known ?? new RouteTable(scope, id, props);
    if (unasked.length > 0) {
      unasked.forEach(host => asked.add(host));
      own.asked.set(gateway!, asked);
    }
    own.apply(plan, entry);
  }

  /** Whether the next route for the hosts would create a VirtualService that can have the name. Changes nothing. @internal */
  public static _isVacant(scope: Construct, props: RouteTableProps, hosts: readonly string[], name: string): boolean {
    const table = scope.node.tryFindChild(idOf(props));
    return !(table instanceof RouteTable) || (hosts.some(host => !table.groups.has(host)) && !table.node.tryFindChild(name));
  }

  private readonly namespace: string;
  private readonly lists = new Map<string, HostList>();
  /** The lists that name a host or wildcard. */
  private readonly listsNaming = new Map<string, HostList[]>();
  /** The group of every host, in the order of the hosts. */
  private readonly groups = new Map<string, HostGroup>();
  /** The hosts that each wildcard covers, except itself. */
  private readonly below = new Map<string, string[]>();
  private readonly positions = new Map<string, number>();
  /** The hosts that each Gateway has admitted. Several objects can refer to one Gateway, and only the Gateway itself lists the hosts. */
  private readonly asked = new WeakMap<IGateway, Set<string>>();
  private entryCount = 0;
  private serviceCount = 0;

  public constructor(scope: Construct, id: string, private readonly props: RouteTableProps) {
    super(requireScopeAndId(scope, id), id);
    this.namespace = props.namespace;
  }

  /** Checks a route. @throws InvalidProps as `_add` does @returns how to add it */
  private planFor(scope: Construct, entry: TableEntry): Plan {
    if (entry.name !== undefined) {
      requireServiceName('virtualServiceName', entry.name);
    }
    const isList = Array.isArray(entry.hosts) && entry.hosts.every(host => typeof host === 'string');
    const known = isList ? this.lists.get(hostsKey(entry.hosts)) : undefined;
    if (known) {
      this.requireFitting(entry, known.groups, false);
      this.requireReachableBelow(entry.http, known.groups, []);
      return { known, hosts: entry.hosts, fresh: [] };
    }
    // In the mesh the hosts come from workloads: they may be short, or longer than a client-facing host.
    const hosts = this.props.gateway ? requireHosts('hosts', entry.hosts) : entry.hosts;
    const parts = this.partsBelow(hosts);
    const fresh = hosts.filter(host => !this.groups.has(host));
    const groups = [...parts.keys()];
    this.requireFitting(entry, groups, fresh.length > 0);
    this.requireReachableBelow(entry.http, groups, fresh);
    requireUnowned(scope, this.references, hosts, fresh);
    return { hosts, fresh, parts };
  }

  /** The Gateways, as VirtualServices name them; undefined for the mesh. */
  private get references(): readonly (string | undefined)[] {
    return this.props.gateway ? referencesOf(this.props.gateway) : [undefined];
  }

  private apply(plan: Plan, entry: TableEntry): void {
    const { http, weightsElsewhere = false } = entry;
    const list = plan.known ?? this.newList(plan, entry);
    const added = { order: this.entryCount++, http, weightsElsewhere };
    list.entries.push(added);
    if (weightsElsewhere) {
      list.groups.forEach(group => addWeights(group, [added]));
    }
    if (isCatchAll(http)) {
      list.catchAll ??= http;
      list.groups.forEach(group => {
        group.catchAll ??= http;
      });
    }
  }

  /** Throws for a route that can never match because earlier routes match all of its requests for all of its hosts. */
  private requireReachableBelow(http: VirtualServiceSpecHttp, groups: readonly HostGroup[], fresh: readonly string[]): void {
    const covering = fresh.map(host => this.listsCovering(patternsCovering(host)));
    const above = [...groups.map(({ catchAll }) => catchAll), ...covering.map(lists => lists.find(({ catchAll }) => catchAll)?.catchAll)];
    if (above.every(catchAll => catchAll)) {
      requireReachable(http, above[0], 'for these hosts');
    }
    requireReached(http, [...groups.map(({ lists }) => lists), ...covering].map(lists => lists.map(({ earlier }) => earlier)), 'for these hosts');
  }

  /** A list of hosts. Groups are split so that it covers each of them wholly or not at all. */
  private newList({ hosts, fresh, parts }: Plan, options: VirtualServiceOptions): HostList {
    setOwner(this, this.references, fresh);
    const entries: Entry[] = [];
    const list: HostList = { entries, earlier: new EarlierRoutes(entries), groups: [] };
    this.lists.set(hostsKey(hosts), list);
    hosts.forEach(pattern => addTo(this.listsNaming, pattern, list));
    parts?.forEach((part, group) => {
      const own = part.length === group.hosts.size ? group : this.split(group, part);
      own.lists.push(list);
      list.groups.push(own);
    });
    const { fallback, exportTo } = options;
    this.together(fresh).forEach(({ hosts: own, lists }, index) => {
      this.newGroup(own, lists, { fallback, exportTo, name: index === 0 ? options.name : undefined });
    });
    return list;
  }

  /** Throws for settings that contradict those of the VirtualServices that the hosts are in already. */
  private requireFitting({ name, exportTo }: VirtualServiceOptions, groups: readonly HostGroup[], createsOne: boolean): void {
    if (name !== undefined && createsOne && this.node.tryFindChild(name)) {
      throw InvalidProps.duplicate('virtualServiceName', name, `the name of a VirtualService for other hosts in ${this.node.path}`);
    }
    if (name !== undefined && !createsOne && groups.length === 1 && groups[0].service.name !== name) {
      throw InvalidProps.value('virtualServiceName', name, `must be ${groups[0].service.name}, as set by the first route of these hosts`);
    }
    const other = exportTo && groups.map(({ service }) => service).find(service => this.exportedTo(service.exportTo) !== this.exportedTo(exportTo));
    if (other) {
      const allowed = other.exportTo ? `must be ${other.exportTo.join(', ')}, as set` : 'must be unset, as it is not set';
      throw InvalidProps.value('exportTo', exportTo, `${allowed} by the first route of these hosts`);
    }
  }

  /** An exportTo list in one spelling. */
  private exportedTo(exportTo: readonly string[] | undefined): string | undefined {
    return exportTo?.map(entry => (entry === '.' ? this.namespace : entry)).sort().join();
  }

  /** The known hosts that the patterns cover, by their group, in the order of creation. */
  private partsBelow(patterns: readonly string[]): Map<HostGroup, string[]> {
    const hosts = new Set(patterns.flatMap(pattern => [...this.groups.has(pattern) ? [pattern] : [], ...this.below.get(pattern) ?? []]));
    const parts = new Map<HostGroup, string[]>();
    [...hosts].sort((a, b) => this.positions.get(a)! - this.positions.get(b)!).forEach(host => addTo(parts, this.groups.get(host)!, host));
    return new Map([...parts].sort(([a], [b]) => a.service.order - b.service.order));
  }

  /** Moves hosts into a group of their own. Whichever group keeps the first host keeps the VirtualService, so that it is not renamed. */
  private split(group: HostGroup, part: readonly string[]): HostGroup {
    const [first] = group.hosts;
    const { service } = group;
    part.forEach(host => group.hosts.delete(host));
    const other: HostGroup = { ...group, hosts: new Set(part), lists: [...group.lists] };
    part.forEach(host => this.groups.set(host, other));
    group.lists.forEach(list => list.groups.push(other));
    const [stays, leaves] = part[0] === first ? [other, group] : [group, other];
    service.group = stays;
    this.newService(leaves, { ...service, name: undefined });
    addWeights(leaves, []);
    return other;
  }

  /**
   * New hosts by VirtualService: those that the same lists cover share one. But Istio refuses hosts that cover each other in one
   * VirtualService.
   */
  private together(hosts: readonly string[]): { readonly hosts: string[]; readonly lists: HostList[] }[] {
    if (hosts.length === 1) {
      // The usual list, with nothing to compare: without this, the sets and maps below are 6 % of adding 10,000 routes with a host each.
      return [{ hosts: [hosts[0]], lists: this.listsCovering(patternsCovering(hosts[0])) }];
    }
    interface Alike { readonly hosts: string[]; readonly lists: HostList[]; readonly named: Set<string>; readonly covering: Set<string> }
    const found: Alike[] = [];
    const byLists = new Map<string, Alike[]>();
    const numbers = new Map<HostList, number>();
    for (const host of hosts) {
      const patterns = patternsCovering(host);
      const lists = this.listsCovering(patterns);
      const key = lists.map(list => numbers.get(list) ?? (numbers.set(list, numbers.size), numbers.get(list)!)).sort().join();
      let alike = byLists.get(key)?.find(({ named, covering }) => !covering.has(host) && !patterns.some(pattern => named.has(pattern)));
      if (!alike) {
        alike = { hosts: [], lists, named: new Set(), covering: new Set() };
        addTo(byLists, key, alike);
        found.push(alike);
      }
      const { named, covering } = alike;
      alike.hosts.push(host);
      named.add(host);
      patterns.forEach(pattern => covering.add(pattern));
    }
    return found;
  }

  /** The lists that name one of the patterns. */
  private listsCovering(patterns: readonly string[]): HostList[] {
    return [...new Set(patterns.flatMap(pattern => this.listsNaming.get(pattern) ?? []))];
  }

  private newGroup(hosts: readonly string[], lists: HostList[], options: VirtualServiceOptions): void {
    const group = { hosts: new Set(hosts), lists, catchAll: lists.find(({ catchAll }) => catchAll)?.catchAll } as HostGroup;
    hosts.forEach(host => {
      this.groups.set(host, group);
      this.positions.set(host, this.positions.size);
      patternsCovering(host).slice(1).forEach(pattern => addTo(this.below, pattern, host));
    });
    lists.forEach(list => list.groups.push(group));
    this.newService(group, options);
    addWeights(group, entriesOf(group));
  }

  private newService(group: HostGroup, options: VirtualServiceOptions): void {
    const { name = objectName([...group.hosts], this.references[0]) } = options;
    const metadata = { name, namespace: this.namespace, labels: recommendedLabels(name, 'routing') };
    const object = new PlainObject(this, name, { ...VirtualService.GVK, metadata }, () => this.specOf(service));
    const service: Service = { ...options, name, object, group, order: this.serviceCount++ };
    group.service = service;
  }

  private specOf({ group, exportTo, fallback }: Service): VirtualServiceSpec {
    const entries = entriesOf(group);
    const http = group.lists.length === 1 ? entries.map(entry => entry.http) : reachedRoutes(entries);
    return {
      exportTo,
      gateways: this.props.gateway && referencesOf(this.props.gateway),
      hosts: [...group.hosts],
      http: fallback && !group.catchAll ? [...http, fallback] : http,
    };
  }
}

/** The routes of a group, in declaration order. */
function entriesOf({ lists }: HostGroup): readonly Entry[] {
  return lists.length === 1 ? lists[0].entries : lists.flatMap(({ entries }) => entries).sort((a, b) => a.order - b.order);
}

/** Adds the names of routes whose weights are managed elsewhere to the annotation of their VirtualService. */
function addWeights(group: HostGroup, entries: readonly Entry[]): void {
  entries.filter(({ weightsElsewhere }) => weightsElsewhere).forEach(({ http: { name } }) => {
    group.weights = group.weights === undefined ? name : `${group.weights},${name}`;
  });
  if (group.weights !== undefined) {
    group.service.object.metadata.addAnnotation(WEIGHTS_ELSEWHERE, group.weights);
  }
}

function idOf({ gateway, namespace }: RouteTableProps): string {
  return gateway ? `Routes-${gateway.gatewayNamespace}.${gateway.gatewayName}.${namespace}` : `MeshRoutes-${namespace}`;
}

/** A readable name, with a hash of the Gateway and the hosts so that no other list and no other Gateway has the same one. */
function objectName(hosts: readonly string[], gateway: string | undefined): string {
  const readable = hosts[0].replace('*', 'any').replaceAll('.', '-').slice(0, MAX_LABEL_LENGTH - 9).replace(/-+$/, '');
  return `${readable}-${createHash('sha256').update([gateway ?? '', ...hosts].join()).digest('hex').slice(0, 8)}`;
}
