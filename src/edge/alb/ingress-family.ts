// The Ingresses of one load balancer that differ in their settings: which hosts each one keeps, and the order in which the controller reads them.
import { coversWildcard } from '../../base/alb-annotations/wildcards';
import { InvalidProps } from '../../base/errors';
import { coversHost, isCovered, patternsCovering } from '../../base/host';
import { addTo } from '../../base/multimap';
import type { RulePath } from '../listener/rule';

/** The first position (AWS Load Balancer Controller 3.5.0, pkg/ingress/group_loader.go:42). */
const MIN_ORDER = -1000;

/** An Ingress, as far as the others of its load balancer are concerned. */
export interface FamilyMember {
  /** Construct path. */
  readonly path: string;
  readonly name: string;
  readonly namespace: string;
  /** Hosts that it was made for. Those of the main Ingress may get Ingresses of their own later. */
  readonly hosts: readonly string[];
  /** @default - all paths */
  readonly paths?: readonly RulePath[];
  /** The authentication, comparable; empty for none. */
  readonly auth: string;
  /** Its listener rules. */
  readonly rules: () => readonly FamilyRule[];
  /** Moves it to a position in the group; nothing for the position that its props say. */
  readonly place: (order?: number) => void;
  /** Refuses paths that the gateway would resolve to other paths. @param isAnyDoubtful whether those that an application would resolve are refused, too */
  readonly refuseOddPaths: (isAnyDoubtful: boolean) => void;
}

/** A listener rule of an Ingress, except for further conditions. */
interface FamilyRule {
  readonly name: string;
  /** @default - every host of the Ingress */
  readonly hosts?: readonly string[];
  /** @default - all paths */
  readonly path?: RulePath;
}

/** An Ingress beside the main one. */
interface Further {
  readonly own: FamilyMember;
  /** The one whose hosts or paths it is an exception to. */
  readonly from: FamilyMember;
  /** Whether somebody chose the hosts of its paths; if not, they are those of `from`. */
  readonly areHostsChosen: boolean;
}

/** The main Ingress of a load balancer, and those that precede it in the group because they are more specific. */
export class IngressFamily {
  private readonly further: Further[] = [];
  private readonly moved = new Set<string>();

  /** @param order position of the main Ingress in the group */
  public constructor(private readonly main: FamilyMember, private readonly order: number) {}

  /** Construct path of the main Ingress. */
  public get path(): string {
    return this.main.path;
  }

  /** The hosts that a member keeps. */
  public hostsOf(member: FamilyMember): readonly string[] {
    return this.isOfMain(member) ? member.hosts.filter(host => !this.moved.has(host)) : member.hosts;
  }

  /** The host that left a member for an Ingress of its own and that covers a host; nothing if there is none. */
  public moverOf(host: string, member: FamilyMember): string | undefined {
    return member === this.main ? [...this.moved].find(moved => coversHost(moved, host)) : undefined;
  }

  /** @throws InvalidProps for a host that cannot get an Ingress of its own */
  public requireMovable(host: string, from: FamilyMember): void {
    if (from !== this.main) {
      throw InvalidProps.conflict('host', host, `cannot be added here; add it to the load balancer of Ingress ${this.main.name}`);
    }
    if (this.moved.has(host)) {
      throw InvalidProps.duplicate('host', host, 'a host with an Ingress of its own');
    }
    const left = this.hostsOf(this.main).filter(own => own !== host);
    const hidden = left.find(own => coversHost(host, own));
    if (hidden !== undefined) {
      throw InvalidProps.value('host', host, `must not cover ${hidden}, which the other Ingress would never receive; add that host first`);
    }
    if (left.length === 0) {
      throw InvalidProps.value('host', host, 'must not be the only host that is left; set the options on the load balancer itself');
    }
    const rule = this.main.rules().flatMap(({ hosts = [] }) => hosts).find(own => coversHost(host, own));
    if (rule !== undefined) {
      throw InvalidProps.value('host', host, `must not cover ${rule}, the host of a listener rule, which would never be reached; call addHost first, `
        + 'and addRule on what it returns');
    }
    const chosen = this.further.find(({ own, from: owner, areHostsChosen }) => owner === this.main && areHostsChosen && own.hosts.includes(host));
    if (chosen !== undefined) {
      throw InvalidProps.value('host', host,
        `must not be a host that addPaths names (Ingress ${chosen.own.name}); call addHost first, and addPaths on what it returns`);
    }
  }

  /**
   * Adds a member and gives all of them their positions.
   *
   * @param join called with the number of Ingresses in front of the main one, before anything changes for good; throws if the group rejects the member
   * @throws InvalidProps if no order is right, or if there is no room for it
   */
  public add(own: FamilyMember, from: FamilyMember, areHostsChosen: boolean, join: (further: number) => void): void {
    const moving = own.paths === undefined ? own.hosts : [];
    moving.forEach(host => this.moved.add(host));
    this.further.push({ own, from, areHostsChosen });
    let ordered: readonly Further[];
    try {
      ordered = this.inOrder();
      this.requirePositions();
      join(this.further.length);
    } catch (error) {
      this.further.pop();
      moving.forEach(host => this.moved.delete(host));
      throw error;
    }
    this.main.place();
    ordered.forEach(({ own: member }, index) => member.place(this.order - ordered.length + index));
    new Set(ordered.map(each => each.from)).forEach(owner => this.guard(owner));
  }

  /**
   * @param from the one whose hosts or paths it is an exception to
   * @throws InvalidProps for a name or a path that another member has, for paths that are neither before nor after those of another one, and for
   * those that hide a rule
   */
  public requireRoom(own: Pick<FamilyMember, 'name' | 'namespace' | 'hosts' | 'paths'>, from: FamilyMember): void {
    for (const { name, path, hosts = this.hostsOf(from) } of own.paths === undefined ? [] : from.rules()) {
      if (path !== undefined && pathsOf(own).some(other => coversPath(other, path._values)) && hosts.every(host => isCovered(host, own.hosts))) {
        throw InvalidProps.value('paths', pathsOf(own).map(([value]) => value), `must not cover ${path._values[0]}, the path of listener rule ${name}, `
          + 'which would never be reached; call addPaths first, and addRule on what it returns');
      }
    }
    for (const other of [this.main, ...this.further.map(each => each.own)]) {
      if (other.name === own.name && other.namespace === own.namespace) {
        throw InvalidProps.duplicate('ingressName', own.name, 'the name of another Ingress of the load balancer');
      }
      const isSame = other !== this.main && own.paths !== undefined && other.paths !== undefined && this.hostsOf(other).some(host => own.hosts.includes(host));
      const [first, second] = [pathsOf(own), pathsOf(other)];
      const same = isSame ? first.findIndex(path => second.some(also => coversPath(path, also) && coversPath(also, path))) : -1;
      if (same >= 0) {
        throw InvalidProps.duplicate(`paths[${same}]`, first[same][0], `a path of Ingress ${other.name}`);
      }
      if (isSame && isMoreSpecific(first, second) && isMoreSpecific(second, first)) {
        throw InvalidProps.value('paths', first.map(([value]) => value),
          `must not be more specific than one path of Ingress ${other.name} and less specific than another; add them in several calls`);
      }
    }
  }

  private requirePositions(): void {
    const { length } = this.further;
    if (this.order - length < MIN_ORDER) {
      throw InvalidProps.value('groupOrder', this.order,
        `must leave room for ${length} Ingress${length === 1 ? '' : 'es'} in front of this one: orders start at ${MIN_ORDER}; set a higher groupOrder`);
    }
  }

  private isOfMain(member: FamilyMember): boolean {
    return member === this.main || this.further.some(({ own, from }) => own === member && own.paths !== undefined && from === this.main);
  }

  /** The further members, each one before those that match everything it matches; otherwise as they were added. */
  private inOrder(): readonly Further[] {
    const waiting = this.successors();
    const predecessors = new Map(this.further.map(each => [each, 0]));
    const count = (each: Further, change: number) => predecessors.set(each, predecessors.get(each)! + change);
    waiting.forEach(others => others.forEach(other => count(other, 1)));
    const left = [...this.further];
    const ordered: Further[] = [];
    while (left.length > 0) {
      const next = left.findIndex(each => predecessors.get(each) === 0);
      if (next === -1) {
        throw InvalidProps.value('paths', left.map(({ own }) => own.name),
          'must have an order in which the more specific one comes first; add them in several calls');
      }
      const [first] = left.splice(next, 1);
      waiting.get(first)?.forEach(other => count(other, -1));
      ordered.push(first);
    }
    return ordered;
  }

  /** For each further member, those that must come after it: their host is less specific, or their path on the same host. */
  private successors(): ReadonlyMap<Further, ReadonlySet<Further>> {
    const withHost = new Map<string, Further[]>();
    this.further.forEach(each => this.hostsOf(each.own).forEach(host => addTo(withHost, host, each)));
    return new Map(this.further.map(each => [each, new Set(this.hostsOf(each.own).flatMap(host => patternsCovering(host).flatMap(pattern => (
      (withHost.get(pattern) ?? []).filter(other => other !== each && this.precedes(each.own, host, other.own)))))) ]));
  }

  /** Whether a member must come before another one for the sake of a host. The other has the host, or a wildcard that covers it. */
  private precedes(member: FamilyMember, host: string, other: FamilyMember): boolean {
    return !this.hostsOf(other).includes(host) || isMoreSpecific(pathsOf(member), pathsOf(other));
  }

  /**
   * The load balancer compares paths as the client wrote them, while the gateway resolves them first: without this, `/public/../admin` would
   * count as a public path, and `/x/../admin` would not count as `/admin`. An exact exemption needs no guard: it matches nothing else.
   */
  private guard(owner: FamilyMember): void {
    const paths = this.further.filter(({ own, from }) => from === owner && own.paths !== undefined).map(({ own }) => own);
    const isStricter = ({ auth }: FamilyMember) => auth !== owner.auth && auth !== '';
    const isOpen = (member: FamilyMember) => member.paths!.some(path => !path._isExact);
    if (paths.some(member => isStricter(member) || (member.auth !== owner.auth && isOpen(member)))) {
      paths.filter(member => isStricter(member) || isOpen(member)).forEach(member => member.refuseOddPaths(paths.some(isStricter)));
    }
  }
}

/** The values of a path condition that match a path. */
type PathValues = readonly string[];

function pathsOf({ paths }: Pick<FamilyMember, 'paths'>): readonly PathValues[] {
  return paths?.map(path => path._values) ?? [['/*']];
}

function coversPath(path: PathValues, other: PathValues): boolean {
  return other.every(value => path.some(own => coversWildcard(own, value)));
}

function isMoreSpecific(paths: readonly PathValues[], others: readonly PathValues[]): boolean {
  return paths.some(path => others.some(other => coversPath(other, path) && !coversPath(path, other)));
}
