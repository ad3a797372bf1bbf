// The members of an IngressGroup that one app makes, compared as they join: orders, settings of the load balancer they share, and rules.
import type { Construct } from 'constructs';
import type { AlbAnnotation } from '../../base/alb-annotations/annotation';
import { ALB_ANNOTATIONS, type AlbSettings } from '../../base/alb-annotations/annotations';
import type { ListenPort } from '../../base/alb-annotations/listener';
import { AuthType, ListenerProtocol, MutualAuthenticationMode } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import { once } from '../../base/once';
import { oncePerApp } from '../../base/once-per-app';
import { GroupRules, type MemberRule, type RuleOwner } from './group-rules';
import { optionOf } from './settings';

const GROUPS = oncePerApp<GroupMembers>();

/** Distance between the orders that a group assigns: further members fit in between. */
const STEP = 10;

/** The last position (AWS Load Balancer Controller 3.5.0, pkg/ingress/group_loader.go:43). */
const MAX_ORDER = 1000;

/** An Ingress that joins a group. */
export interface GroupMember {
  /** Construct path. */
  readonly path: string;
  /** `namespace/name`. */
  readonly ingress: string;
  /** All settings, those that its class makes included. */
  readonly settings: AlbSettings;
}

/** A setting, or a part of it, on which all members must agree. */
interface Shared {
  readonly key: string;
  readonly prop: string;
  readonly value: string;
  /** Such as ` on port 443`; empty for the whole load balancer. */
  readonly place: string;
}

/**
 * Settings of two members of which the first cancels the second for all (AWS Load Balancer Controller 3.5.0: the controller writes inbound rules
 * in its own security group only, pkg/ingress/model_build_load_balancer.go:291; a web ACL by name decides over all ARNs,
 * pkg/ingress/model_build_load_balancer_addons.go:35).
 */
const CANCELED: readonly (readonly [by: keyof AlbSettings, canceled: keyof AlbSettings, why: string])[] = [
  ['securityGroups', 'inboundCidrs', 'inbound addresses are then up to the security groups'],
  ['securityGroups', 'securityGroupPrefixLists', 'inbound addresses are then up to the security groups'],
  ['wafv2AclName', 'wafv2AclArn', 'the controller prefers the name'],
];

/** Who has a position in the group. */
interface Position {
  /** Construct path of the Ingress. */
  readonly path: string;
  /** The order of its member: another one for an Ingress in front of the member. */
  readonly ofMember: number;
}

/** The members of a group in one app. */
export class GroupMembers {
  /** The members of the group with this name. */
  public static of(construct: Construct, groupName: string): GroupMembers {
    return once(GROUPS(construct), groupName, () => new GroupMembers(groupName));
  }

  /** Construct path of the `IngressGroup` that assigns the orders. */
  private assignedBy?: string;
  private lastOrder = 0;
  private readonly orders = new Map<number, Position>();
  private readonly shared = new Map<string, Shared & { readonly path: string }>();
  /** The first member of which something holds. */
  private readonly first = new Map<string, string>();
  private readonly rules: GroupRules;
  private readonly owners = new Map<string, RuleOwner>();

  private constructor(private readonly groupName: string) {
    this.rules = new GroupRules(groupName);
  }

  /** Makes this group assign the orders. @throws InvalidProps if another construct does, or if the group has members */
  public assignOrders(path: string): void {
    const other = this.assignedBy ?? [...this.owners.keys()].at(0);
    if (other !== undefined) {
      throw InvalidProps.duplicate('groupName', this.groupName, `the name of the group of ${other}`, path);
    }
    this.assignedBy = path;
  }

  /** Whether an `IngressGroup` of this app assigns the orders. */
  public get assignsOrders(): boolean {
    return this.assignedBy !== undefined;
  }

  /** The order of the next member. @throws InvalidProps if another member has it, or if there is none left */
  public orderFor(wanted: number | undefined): number {
    if (wanted !== undefined) {
      const other = this.orders.get(wanted);
      if (other !== undefined && this.assignsOrders) {
        throw this.taken(wanted, other);
      }
      return wanted;
    }
    let next = this.lastOrder + STEP;
    while (this.orders.has(next)) {
      next += STEP;
    }
    if (next > MAX_ORDER) {
      throw InvalidProps.missing('groupOrder', `because the last order that ${this.name} assigns is ${MAX_ORDER}`);
    }
    this.lastOrder = next;
    return next;
  }

  /** Adds a member with the rules for its hosts. @throws InvalidProps if it does not fit the members that are there */
  public join(member: GroupMember, rules: readonly MemberRule[]): void {
    const { path, ingress, settings } = member;
    const { listenPorts = [], groupOrder: order = 0 } = settings;
    const https = listenPorts.filter(({ protocol }) => protocol === ListenerProtocol.HTTPS);
    const shared = sharedBy(settings, listenPorts);
    const there = this.orders.get(order);
    if (there !== undefined && there.ofMember !== order) {
      throw this.taken(order, there);
    }
    this.requireAgreement(shared);
    this.requireNoneCanceled(settings);
    this.requireHttps(settings, https);
    this.requireSameClientCertificates(settings, https);
    const owner = {
      path, member: path, ingress, order, guard: guardOf(settings),
      listeners: new Set((https.length > 0 ? https : listenPorts).map(({ protocol, port }) => `${protocol} ${port}`)),
    };
    this.rules.add(owner, rules);
    this.owners.set(path, owner);
    this.orders.set(order, { path, ofMember: order });
    shared.forEach(own => once(this.shared, own.key, () => ({ ...own, path })));
    this.factsOf(settings, https).forEach(fact => once(this.first, fact, () => path));
  }

  /**
   * Adds an Ingress that precedes a member, without another one in between, so that its rules are where those of the member are.
   *
   * @param member construct path of the member
   * @param further how many Ingresses precede it, this one included
   * @throws InvalidProps if another member has the position, and for rules as those of a member
   */
  public joinBefore(member: string, further: number, path: string, settings: AlbSettings, rules: readonly MemberRule[]): void {
    const main = this.owners.get(member)!;
    const order = main.order - further;
    const other = this.orders.get(order);
    if (other !== undefined && other.ofMember < main.order) {
      throw InvalidProps.value('groupOrder', main.order, `must leave room for ${further} Ingress${further === 1 ? '' : 'es'} in front of ${member} `
        + `in ${this.name}: ${order} is the order of ${other.path}; set a higher groupOrder`);
    }
    const owner = { ...main, path, guard: guardOf(settings) };
    this.rules.add(owner, rules);
    this.owners.set(path, owner);
    this.orders.set(order, { path, ofMember: main.order });
  }

  /** Adds rules of a member. @throws InvalidProps if nothing reaches one of them, or one of another member behind them */
  public addRules(path: string, rules: readonly MemberRule[]): void {
    this.rules.add(this.owners.get(path)!, rules);
  }

  private requireAgreement(shared: readonly Shared[]): void {
    for (const { key, prop, value, place } of shared) {
      const other = this.shared.get(key);
      if (other !== undefined && other.value !== value) {
        throw InvalidProps.value(prop, value,
          `must be ${JSON.stringify(other.value)}${place}, as in ${other.path}, because the members of ${this.name} share one load balancer`);
      }
    }
  }

  private requireNoneCanceled(settings: AlbSettings): void {
    for (const [by, canceled, why] of CANCELED) {
      for (const [own, others, what] of [[by, canceled, 'would cancel'], [canceled, by, 'would be canceled by']] as const) {
        const other = this.first.get(others);
        if (settings[own] !== undefined && other !== undefined) {
          throw InvalidProps.conflict(optionOf(own), settings[own],
            `cannot be set here: it ${what} ${optionOf(others)} of ${other} in ${this.name}, because ${why}`);
        }
      }
    }
  }

  /**
   * With a redirect, the HTTP listeners of the whole group have no rules (AWS Load Balancer Controller 3.5.0,
   * pkg/ingress/model_build_listener_rules.go:20).
   */
  private requireHttps({ sslRedirect }: AlbSettings, https: readonly ListenPort[]): void {
    const [redirecting, plain] = [this.first.get('redirect'), this.first.get('HTTP only')];
    if (https.length === 0 && redirecting !== undefined) {
      throw InvalidProps.value('listeners', 'HTTP only',
        `must include an HTTPS listener: ${redirecting} redirects HTTP to HTTPS for all members of ${this.name}, and this Ingress would lose all its rules`);
    }
    if (sslRedirect !== undefined && plain !== undefined) {
      throw InvalidProps.conflict('listeners', sslRedirect,
        `cannot redirect HTTP to HTTPS: ${plain} in ${this.name} has HTTP listeners only and would lose all its rules`);
    }
  }

  /** A listener demands client certificates in the handshake, before it knows which member a request is for. */
  private requireSameClientCertificates(settings: AlbSettings, https: readonly ListenPort[]): void {
    for (const { port } of https) {
      const demands = isDemanded(settings, port);
      const other = this.first.get(demands ? `port ${port} without client certificates` : `port ${port} with client certificates`);
      if (other !== undefined) {
        throw InvalidProps.conflict('listeners', `HTTPS ${port}`, demands
          ? `cannot request client certificates on port ${port}: ${other} in ${this.name} does not, and its clients would need them, too`
          : `must say on port ${port} what ${other} says about client certificates: the listener requests them from clients of all members of ${this.name}`);
      }
    }
  }

  private factsOf(settings: AlbSettings, https: readonly ListenPort[]): string[] {
    return [
      ...CANCELED.flatMap(([by, canceled]) => [by, canceled]).filter(name => settings[name] !== undefined),
      ...settings.sslRedirect === undefined ? [] : ['redirect'],
      ...https.length === 0 ? ['HTTP only'] : [],
      ...https.map(({ port }) => `port ${port} with${isDemanded(settings, port) ? '' : 'out'} client certificates`),
    ];
  }

  private taken(order: number, { path }: Position): InvalidProps {
    return InvalidProps.duplicate('groupOrder', order, `the order of ${path} in ${this.name}`);
  }

  private get name(): string {
    return `IngressGroup "${this.groupName}"`;
  }
}

function isDemanded({ mutualAuthentication = [] }: AlbSettings, port: number): boolean {
  return mutualAuthentication.some(own => own.port === port && own.mode !== MutualAuthenticationMode.OFF);
}

/** What clients need before a rule forwards their requests. */
function guardOf({ authType, jwtValidation }: AlbSettings): string | undefined {
  return jwtValidation !== undefined ? 'token validation' : authType === undefined || authType === AuthType.NONE ? undefined : 'login';
}

/** What an Ingress says about the load balancer, by the merge column of the annotation table, and the protocol of each port. */
function sharedBy(settings: AlbSettings, listenPorts: readonly ListenPort[]): Shared[] {
  const protocols = listenPorts.map(({ protocol, port }): Shared => ({ key: `port ${port}`, prop: 'listeners', value: protocol, place: ` on port ${port}` }));
  const said = (Object.keys(ALB_ANNOTATIONS) as (keyof AlbSettings)[]).filter(name => settings[name] !== undefined && ALB_ANNOTATIONS[name].merge !== 'none');
  return [...protocols, ...said.flatMap(name => partsOf(name, settings, listenPorts).map(([value, part, port]): Shared => ({
    key: `${name} ${part} ${port}`, prop: optionOf(name) + (part && `.${part}`), value, place: port && ` on port ${port}`,
  })))];
}

/**
 * The parts of a setting on which all members must agree: those of a map by key, and those that count per port by port. Certificates add up. Health
 * checks and port mappings of a frontend NLB count per port of the NLB, and are left to the checks.
 */
function partsOf(name: keyof AlbSettings, settings: AlbSettings, listenPorts: readonly ListenPort[]): [value: string, part: string, port: string][] {
  const ofMap = (map: { readonly [key: string]: string } = {}, prefix = '') => (
    Object.entries(map).map(([key, value]): [string, string, string] => [value, prefix + key, '']));
  switch (name) {
    case 'tags':
    case 'loadBalancerAttributes':
      return ofMap(settings[name]);
    case 'listenerAttributes':
      return Object.entries(settings[name] ?? {}).flatMap(([listener, attributes]) => ofMap(attributes, `${listener}.`));
    case 'mutualAuthentication':
      return (settings[name] ?? []).map(({ port, trustStore, ...rest }) => [JSON.stringify({ trustStore: storeName(trustStore), ...rest }), '', `${port}`]);
    default: {
      const { merge, scope, unordered, codec } = ALB_ANNOTATIONS[name] as AlbAnnotation<unknown>;
      if (merge === 'merge' || scope === 'nlbPort') {
        return [];
      }
      const value = unordered ? [...new Set(settings[name] as readonly string[])].sort().join(', ') : codec.encode(settings[name]);
      const ports = listenPorts.filter(({ protocol }) => name !== 'sslPolicy' || protocol === ListenerProtocol.HTTPS).map(({ port }) => `${port}`);
      return (scope === 'port' ? ports : ['']).map(port => [value, '', port]);
    }
  }
}

/** A trust store by ARN may be the one that another member names. */
function storeName(trustStore: string | undefined): string | undefined {
  return trustStore?.replace(/^arn:.*:truststore\/([^/]*).*$/, '$1');
}
