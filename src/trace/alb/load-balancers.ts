// The load balancers of a plan, found by the port and the host of a request.
import { addTo } from '../../base/multimap';
import type { Listener, LoadBalancer } from '../../plan/load-balancer';
import { isBuilt, isRefused, type Plan, type RefusedLoadBalancer } from '../../plan/plan';
import { type BalancedRequest, type CompiledRule, compileRule } from './rule-match';

/** A listener with its rules, ready to be asked. */
export interface Entrance {
  readonly loadBalancer: LoadBalancer;
  readonly listener: Listener;
  readonly rules: readonly CompiledRule[];
}

/** Protocols of listeners of Network Load Balancers that take no TCP connection. */
const DATAGRAMS: ReadonlySet<string> = new Set(['UDP', 'QUIC']);

/** All load balancers of a plan. */
export class LoadBalancers {
  public readonly built: readonly LoadBalancer[];
  public readonly refused: readonly RefusedLoadBalancer[];
  private readonly byPort = new Map<number, Entrance[]>();
  private readonly byLoadBalancer = new Map<LoadBalancer, readonly CompiledRule[]>();
  private readonly hosts = new Map<LoadBalancer, ReadonlySet<string>>();

  /** @param hostsOf hosts by which clients find a load balancer, besides those of its rules */
  public constructor({ loadBalancers }: Plan, hostsOf: (loadBalancer: LoadBalancer) => readonly string[]) {
    this.built = loadBalancers.filter(isBuilt);
    this.refused = loadBalancers.filter(isRefused);
    for (const loadBalancer of this.built) {
      this.hosts.set(loadBalancer, new Set(hostsOf(loadBalancer)));
      const listeners = loadBalancer.listeners.filter(({ protocol }) => !DATAGRAMS.has(protocol));
      const entrances = listeners.map((listener): Entrance => ({ loadBalancer, listener, rules: listener.rules.map(compileRule) }));
      entrances.forEach(entrance => addTo(this.byPort, entrance.listener.port, entrance));
      this.byLoadBalancer.set(loadBalancer, entrances.flatMap(({ rules }) => rules));
    }
  }

  /** The listener of a load balancer for a port. */
  public at({ group, type }: Pick<LoadBalancer, 'group' | 'type'>, port: number): Entrance | undefined {
    return (this.byPort.get(port) ?? []).find(({ loadBalancer }) => loadBalancer.group === group && loadBalancer.type === type);
  }

  /**
   * The listeners that the request may reach: those on its port of the load balancers that fit its host best. A Network Load Balancer in front of an
   * Application Load Balancer of the same group counts only where the latter has no such port.
   */
  public candidates(port: number, request: BalancedRequest, group?: string): readonly Entrance[] {
    const listening = (this.byPort.get(port) ?? []).filter(({ loadBalancer }) => group === undefined || loadBalancer.group === group);
    const direct = listening.filter(({ loadBalancer }) => loadBalancer.type === 'application' || !listening.some(other => other.loadBalancer !== loadBalancer
      && other.loadBalancer.type === 'application' && other.loadBalancer.group === loadBalancer.group));
    if (direct.length < 2) {
      return direct;
    }
    const ranks = direct.map(({ loadBalancer }) => this.rankOf(loadBalancer, request));
    const best = Math.max(...ranks);
    return direct.filter((_, index) => ranks[index] === best);
  }

  /** How well the load balancers fit the host of a request: 2 if one has it, 1 if one has a rule for any host, 0 if none does. */
  public fitOf(request: BalancedRequest): number {
    return Math.max(0, ...this.built.map(own => this.rankOf(own, request)));
  }

  /** 2 if a rule names the host, or clients find the load balancer by it; 1 if a rule is for any host. A name leads to all listeners of a load balancer. */
  private rankOf(loadBalancer: LoadBalancer, request: BalancedRequest): number {
    if (this.hosts.get(loadBalancer)!.has(request.host)) {
      return 2;
    }
    const rules = this.byLoadBalancer.get(loadBalancer)!;
    const onHosts = rules.map(({ rule, conditions }) => conditions.filter((_, index) => rule.conditions[index].field === 'host-header'));
    const named = onHosts.some(own => own.length > 0 && own.every(({ meets }) => meets(request) === true));
    return named ? 2 : onHosts.some(own => own.length === 0) ? 1 : 0;
  }
}
