// The load balancers of a plan, found by the port and the host of a request.
import { addTo } from '../../base/multimap';
import type { Listener, LoadBalancer } from '../../plan/load-balancer';
import { isBuilt, isRefused, type Plan, type RefusedLoadBalancer } from '../../plan/plan';
import { type BalancedRequest, type CompiledRule, compileRule } from './rule-match';
import { ServedHosts } from './served-hosts';

/** A listener with its rules, ready to be asked. */
export interface Entrance {
  readonly loadBalancer: LoadBalancer;
  readonly listener: Listener;
  readonly rules: readonly CompiledRule[];
  readonly objects: Plan['objects'];
}

/** Protocols of listeners of Network Load Balancers that take no TCP connection. */
const DATAGRAMS: ReadonlySet<string> = new Set(['UDP', 'QUIC']);

/** The listeners on one port. */
interface Port {
  readonly all: Entrance[];
  /** Without those of Network Load Balancers in front of Application Load Balancers that have the port themselves. */
  direct: readonly Entrance[];
  /** Those of `direct` that serve any host; all of them where none does. */
  general: readonly Entrance[];
  readonly byLoadBalancer: Map<LoadBalancer, Entrance[]>;
}

/** All load balancers of a plan. */
export class LoadBalancers {
  public readonly built: readonly LoadBalancer[];
  public readonly refused: readonly RefusedLoadBalancer[];
  private readonly ports = new Map<number, Port>();
  private readonly rules = new Map<LoadBalancer, readonly CompiledRule[]>();
  private readonly known = new Map<LoadBalancer, ReadonlySet<string>>();
  /** Those that have a rule for any host. */
  private readonly open = new Set<LoadBalancer>();
  private readonly hosts = new ServedHosts();

  /** @param hostsOf hosts by which clients find a load balancer, besides those of its rules */
  public constructor({ loadBalancers, objects }: Plan, hostsOf: (loadBalancer: LoadBalancer) => readonly string[]) {
    this.built = loadBalancers.filter(isBuilt);
    this.refused = loadBalancers.filter(isRefused);
    for (const loadBalancer of this.built) {
      const listeners = loadBalancer.listeners.filter(({ protocol }) => !DATAGRAMS.has(protocol));
      const entrances = listeners.map((listener): Entrance => ({ loadBalancer, listener, rules: listener.rules.map(compileRule), objects }));
      entrances.forEach(entrance => this.portAt(entrance.listener.port).all.push(entrance));
      const [known, rules] = [new Set(hostsOf(loadBalancer)), entrances.flatMap(own => own.rules)];
      this.known.set(loadBalancer, known);
      this.rules.set(loadBalancer, rules);
      this.hosts.add(loadBalancer, known, rules);
      if (rules.some(({ rule }) => rule.conditions.every(({ field }) => field !== 'host-header'))) {
        this.open.add(loadBalancer);
      }
    }
    for (const port of this.ports.values()) {
      const groups = new Set(port.all.filter(({ loadBalancer }) => loadBalancer.type === 'application').map(({ loadBalancer }) => loadBalancer.group));
      port.direct = port.all.filter(({ loadBalancer }) => loadBalancer.type === 'application' || !groups.has(loadBalancer.group));
      const general = port.direct.filter(({ loadBalancer }) => this.open.has(loadBalancer));
      port.general = general.length === 0 ? port.direct : general;
      port.direct.forEach(entrance => addTo(port.byLoadBalancer, entrance.loadBalancer, entrance));
    }
  }

  private portAt(number: number): Port {
    const port = this.ports.get(number) ?? { all: [], direct: [], general: [], byLoadBalancer: new Map() };
    this.ports.set(number, port);
    return port;
  }

  /** The listener of a load balancer for a port. */
  public at({ group, type }: Pick<LoadBalancer, 'group' | 'type'>, port: number): Entrance | undefined {
    return this.ports.get(port)?.all.find(({ loadBalancer }) => loadBalancer.group === group && loadBalancer.type === type);
  }

  /**
   * The listeners that the request may reach: those on its port of the load balancers that fit its host best. A Network Load Balancer in front of an
   * Application Load Balancer of the same group counts only where the latter has no such port.
   */
  public candidates(port: number, request: BalancedRequest, group?: string): readonly Entrance[] {
    const { direct, general, byLoadBalancer } = this.ports.get(port) ?? NO_PORT;
    const wanted = group === undefined ? direct : direct.filter(({ loadBalancer }) => loadBalancer.group === group);
    if (wanted.length < 2) {
      return wanted;
    }
    const named = this.naming(request);
    const fitting = named.size === 1 && group === undefined ? [...named].flatMap(own => byLoadBalancer.get(own) ?? [])
      : wanted.filter(({ loadBalancer }) => named.has(loadBalancer));
    if (fitting.length > 0) {
      return fitting;
    }
    const others = group === undefined ? general : wanted.filter(({ loadBalancer }) => this.open.has(loadBalancer));
    return others.length === 0 ? wanted : others;
  }

  /** How well the load balancers fit the host of a request: 2 if one has it, 1 if one has a rule for any host, 0 if none does. */
  public fitOf(request: BalancedRequest): number {
    return this.naming(request).size > 0 ? 2 : this.open.size > 0 ? 1 : 0;
  }

  /** The load balancers that have a rule for the host, or that clients find by it. A name leads to all listeners of a load balancer. */
  private naming(request: BalancedRequest): ReadonlySet<LoadBalancer> {
    const isNaming = (own: LoadBalancer) => this.known.get(own)!.has(request.host) || this.rules.get(own)!.some(rule => names(rule, request));
    return new Set([...this.hosts.of(request.host)].filter(isNaming));
  }
}

function names({ rule, conditions }: CompiledRule, request: BalancedRequest): boolean {
  const onHosts = conditions.filter((_, index) => rule.conditions[index].field === 'host-header');
  return onHosts.length > 0 && onHosts.every(({ meets }) => meets(request) === true);
}

const NO_PORT: Port = { all: [], direct: [], general: [], byLoadBalancer: new Map() };
