// The routes of one namespace at one gateway, or inside the mesh: for every host all routes that take it, in the order written.
import { createHash } from 'node:crypto';
import { Construct } from 'constructs';
import { VirtualService, type VirtualServiceSpec, type VirtualServiceSpecHttp } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { coversHost, hostsKey, isCovered, requireHosts } from '../../base/host';
import { MAX_LABEL_LENGTH, requireDnsLabel, requireServiceName } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { oncePerApp } from '../../base/once-per-app';
import type { IGateway } from '../gateway/reference';
import { PlainObject } from '../wire/plain-object';
import { annotateWeights, requireListable, requireReachable, takesAll } from './route-list';

/** Props of a `RouteTable`. */
export interface RouteTableProps {
  /**
   * The Gateway that requests come in by.
   *
   * @default - none; the sidecars of the mesh follow the routes
   */
  readonly gateway?: IGateway;

  /** Namespace of the VirtualServices. */
  readonly namespace: string;
}

/** What a route may say about the VirtualService that is made for its hosts. */
export interface HostListOptions {
  /** Its name; by default one that is made from the hosts. */
  readonly name?: string;
  /** What becomes of requests that no route takes; by default the gateway answers 404. */
  readonly fallback?: VirtualServiceSpecHttp;
  /** Namespaces that see it; by default all, or as the first route of the hosts has it. */
  readonly exportTo?: string[];
}

/** A route, and the hosts that it is for. */
export interface TableEntry extends HostListOptions {
  readonly hosts: readonly string[];
  readonly http: VirtualServiceSpecHttp;
  /** Whether a controller in the cluster sets the weights; by default this program does. */
  readonly weightsElsewhere?: boolean;
}

/** Hosts that exactly the same routes take: one VirtualService. */
interface HostGroup extends HostListOptions {
  readonly name: string;
  readonly hosts: string[];
  readonly http: VirtualServiceSpecHttp[];
  readonly object: PlainObject;
}

/** A host list as routes name it, and the groups that its hosts are in. */
interface HostList {
  readonly hosts: readonly string[];
  readonly groups: HostGroup[];
}

/** Tables, and others with VirtualServices, by the Gateway and host that they answer for. */
const OWNERS = oncePerApp<Construct>();

/** The table that a scope asked for last: routes come by the thousand, mostly for one table. */
const LAST = new WeakMap<Construct, RouteTable>();

/**
 * The VirtualServices of one namespace at one Gateway, or of the mesh.
 *
 * Istio merges VirtualServices of one host in no defined order, and looks at a wildcard only where no VirtualService has the very host
 * (Istio 1.30, pilot/pkg/networking/core/gateway.go). So every host stands in one VirtualService, with all routes that take it,
 * those of wildcards that cover it included: the first route that takes a request wins, as written.
 */
export class RouteTable extends Construct {
  /** @internal */
  public static _ensure(scope: Construct, props: RouteTableProps): RouteTable {
    return RouteTable.find(scope, props) ?? new RouteTable(scope, idOf(props), props);
  }

  /**
   * Checks an entry, and changes nothing: no table is made where there is none.
   *
   * @throws InvalidProps for what `_add` refuses by itself; the gateway may refuse more
   * @internal
   */
  public static _check(scope: Construct, props: RouteTableProps, entry: TableEntry): void {
    requireDnsLabel('namespace', props.namespace);
    const table = RouteTable.find(scope, props);
    if (table) {
      table.check(entry);
    } else {
      requireEntry(entry);
      requireFree(scope, referenceOf(props.gateway), entry.hosts);
    }
  }

  private static find(scope: Construct, props: RouteTableProps): RouteTable | undefined {
    const last = LAST.get(scope);
    if (last?.place.gateway === props.gateway && last?.place.namespace === props.namespace) {
      return last;
    }
    const found = scope.node.tryFindChild(idOf(props)) as RouteTable | undefined;
    if (found) {
      LAST.set(scope, found);
    }
    return found;
  }

  private readonly place: RouteTableProps;
  private readonly gateway?: string;
  private last?: HostList;
  private readonly groups: HostGroup[] = [];
  private readonly lists = new Map<string, HostList>();
  private readonly weightsElsewhere = new Set<VirtualServiceSpecHttp>();
  private readonly written: { readonly list: HostList; readonly http: VirtualServiceSpecHttp }[] = [];

  public constructor(scope: Construct, id: string, props: RouteTableProps) {
    const namespace = requireDnsLabel('namespace', props.namespace);
    super(scope, id);
    this.place = { gateway: props.gateway, namespace };
    this.gateway = referenceOf(props.gateway);
  }

  /** Has the gateway admit routes for those of the hosts that have none yet. @throws InvalidProps where it does not @internal */
  public _admit(hosts: readonly string[]): void {
    const fresh = this.listOf(hosts) ? [] : this.freshOf(hosts);
    if (fresh.length > 0) {
      this.place.gateway?.admitRoutesFrom(this.place.namespace, fresh);
    }
  }

  /**
   * Adds a route below those that are there. At a gateway, `_admit` comes first.
   *
   * @throws InvalidProps for what cannot be; then nothing has changed
   * @internal
   */
  public _add(entry: TableEntry): void {
    const { hosts, http, weightsElsewhere } = entry;
    this.check(entry);
    const list = this.listOf(hosts) ?? this.enter([...hosts], entry);
    this.last = list;
    this.written.push({ list, http });
    list.groups.forEach(group => group.http.push(http));
    if (weightsElsewhere) {
      this.weightsElsewhere.add(http);
      list.groups.forEach(group => annotateWeights(group.object, group.http, this.weightsElsewhere));
    }
  }

  /** The list of these hosts, where there is one. */
  private listOf(hosts: readonly string[]): HostList | undefined {
    const { last } = this;
    return last?.hosts.length === hosts?.length && last?.hosts.every((host, index) => host === hosts[index]) ? last
      : this.lists.get(Array.isArray(hosts) ? hostsKey(hosts) : '');
  }

  /** Throws for an entry that cannot be added. */
  private check(entry: TableEntry): void {
    const { hosts, http, name, exportTo } = entry;
    const known = this.listOf(hosts); // hosts and name are checked when a list is new
    if (!known || name !== known.groups[0].name || entry.weightsElsewhere) {
      requireEntry(entry);
    }
    const fresh = known ? [] : this.freshOf(requireFree(this, this.gateway, hosts, this));
    const groups = known?.groups ?? this.groups.filter(group => group.hosts.some(host => isCovered(host, hosts)));
    if (name !== undefined && fresh.length > 0 && this.groups.some(group => group.name === name)) {
      throw InvalidProps.value('virtualServiceName', name, 'must be a name that no other hosts have');
    }
    if (name !== undefined && fresh.length === 0 && groups.length === 1 && groups[0].name !== name) {
      throw InvalidProps.value('virtualServiceName', name, `must be ${groups[0].name}, as the first route of these hosts has it`);
    }
    const other = exportTo && groups.find(group => this.seers(group.exportTo) !== this.seers(exportTo));
    if (other) {
      throw InvalidProps.value('exportTo', exportTo, `must be ${other.exportTo?.join(', ') ?? 'nothing'}, as the first route of these hosts has it`);
    }
    if (groups.every(group => takesAll(group.http.at(-1)))) {
      requireReachable(http, [...groups.map(group => group.http.at(-1)), ...fresh.map(host => this.routesOf(host).at(-1))], 'of these hosts');
    }
  }

  /** Namespaces that see an object, in one spelling. */
  private seers(exportTo: readonly string[] | undefined): string | undefined {
    return exportTo?.map(entry => (entry === '.' ? this.place.namespace : entry)).sort().join();
  }

  /** Those of the hosts that have no VirtualService yet. */
  private freshOf(hosts: readonly string[]): string[] {
    return hosts.filter(host => OWNERS(this).get(ownerKey(this.gateway, host)) !== this);
  }

  private enter(hosts: readonly string[], { name, fallback, exportTo }: HostListOptions): HostList {
    const fresh = this.freshOf(hosts);
    fresh.forEach(host => OWNERS(this).set(ownerKey(this.gateway, host), this));
    const list: HostList = { hosts, groups: this.groups.flatMap(group => this.partOf(group, hosts)) };
    this.lists.set(hostsKey(hosts), list);
    this.together(fresh).forEach((alike, index) => {
      const group = this.group(alike, { fallback, exportTo, name: index === 0 ? name : undefined }, this.routesOf(alike[0]));
      [...this.lists.values()].filter(own => isCovered(alike[0], own.hosts)).forEach(own => own.groups.push(group));
    });
    return list;
  }

  /** The part of a group that the hosts cover, split off where that is not all of it. */
  private partOf(group: HostGroup, hosts: readonly string[]): HostGroup[] {
    const covered = group.hosts.filter(host => isCovered(host, hosts));
    if (covered.length === 0 || covered.length === group.hosts.length) {
      return covered.length === 0 ? [] : [group];
    }
    const rest = group.hosts.filter(host => !covered.includes(host));
    // The first host keeps the object and its name.
    const [stays, goes] = covered[0] === group.hosts[0] ? [covered, rest] : [rest, covered];
    group.hosts.splice(0, Infinity, ...stays);
    const other = this.group(goes, { ...group, name: undefined }, [...group.http]);
    [...this.lists.values()].filter(list => list.groups.includes(group)).forEach(list => list.groups.push(other));
    return [stays === covered ? group : other];
  }

  /** New hosts, those together that the same lists cover; but Istio refuses hosts that cover each other in one VirtualService. */
  private together(hosts: readonly string[]): string[][] {
    const sets: { readonly key: string; readonly hosts: string[] }[] = [];
    for (const host of hosts) {
      const key = [...this.lists].filter(([, list]) => isCovered(host, list.hosts)).map(([own]) => own).join(' ');
      const set = sets.find(own => own.key === key && !own.hosts.some(other => coversHost(other, host) || coversHost(host, other)));
      if (set) {
        set.hosts.push(host);
      } else {
        sets.push({ key, hosts: [host] });
      }
    }
    return sets.map(set => set.hosts);
  }

  /** What was written so far for a host that was not named so far. */
  private routesOf(host: string): VirtualServiceSpecHttp[] {
    return this.written.filter(({ list }) => isCovered(host, list.hosts)).map(({ http }) => http);
  }

  private group(hosts: string[], options: HostListOptions, http: VirtualServiceSpecHttp[]): HostGroup {
    const { name = objectName(hosts, this.gateway), fallback, exportTo } = options;
    const metadata = { name, namespace: this.place.namespace, labels: recommendedLabels(name, 'routing') };
    const gateways = this.gateway === undefined ? undefined : [this.gateway];
    const object = new PlainObject(this, name, { ...VirtualService.GVK, metadata }, (): VirtualServiceSpec => ({
      exportTo, gateways, hosts, http: fallback && !takesAll(http.at(-1)) ? [...http, fallback] : http,
    }));
    annotateWeights(object, http, this.weightsElsewhere);
    const group = { ...options, name, hosts, http, object };
    this.groups.push(group);
    return group;
  }
}

function idOf({ gateway, namespace }: RouteTableProps): string {
  return gateway ? `Routes-${gateway.gatewayNamespace}.${gateway.gatewayName}.${namespace}` : `MeshRoutes-${namespace}`;
}

function referenceOf(gateway: IGateway | undefined): string | undefined {
  return gateway && `${gateway.gatewayNamespace}/${gateway.gatewayName}`;
}

function ownerKey(gateway: string | undefined, host: string): string {
  return `${gateway ?? ''} ${host}`;
}

/** Returns what claims mesh hosts for a construct with VirtualServices of its own. @throws InvalidProps for the first that another has */
export function prepareMeshHosts(construct: Construct, hosts: readonly string[]): () => void {
  requireFree(construct, undefined, hosts);
  return () => hosts.forEach(host => OWNERS(construct).set(ownerKey(undefined, host), construct));
}

/** Throws for what is wrong with an entry in any table. */
function requireEntry({ http, name, weightsElsewhere }: TableEntry): void {
  if (name !== undefined) {
    requireServiceName('virtualServiceName', name);
  }
  if (weightsElsewhere) {
    requireListable(http);
  }
}

/** Returns the hosts, or throws for what no host list is, and for the first host that another table has. */
function requireFree(scope: Construct, gateway: string | undefined, hosts: readonly string[], own?: RouteTable): readonly string[] {
  // Inside the mesh they come from workloads, whose names may be longer than those that clients outside ask for.
  (gateway === undefined ? hosts : requireHosts('hosts', hosts)).forEach((host, index) => {
    const owner = OWNERS(scope).get(ownerKey(gateway, host));
    if (owner !== undefined && owner !== own) {
      throw InvalidProps.value(`hosts[${index}]`, host, `must be a host without routes elsewhere; ${owner.node.path} has some, `
        + `and Istio would ${gateway ? 'merge the two in no defined order' : 'follow only the older VirtualService'}`);
    }
  });
  return hosts;
}

/** A name that a person recognises, and a hash of the Gateway and the list, so that no other list and no other Gateway has the same name. */
function objectName(hosts: readonly string[], gateway: string | undefined): string {
  const readable = hosts[0].replace('*', 'any').replaceAll('.', '-').slice(0, MAX_LABEL_LENGTH - 9).replace(/-+$/, '');
  return `${readable}-${createHash('sha256').update([gateway ?? '', ...hosts].join()).digest('hex').slice(0, 8)}`;
}
