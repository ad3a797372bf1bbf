// The listener rules of the members of an IngressGroup, found by host: which rule of one member matches all requests of a rule of another.
import type { AlbSettings } from '../../base/alb-annotations/annotations';
import { AUTH_ANNOTATIONS } from '../../base/alb-annotations/auth';
import type { RuleCondition } from '../../base/alb-annotations/rule';
import { coversRule } from '../../base/alb-annotations/rule-coverage';
import { TARGET_GROUP_ANNOTATIONS } from '../../base/alb-annotations/target-group';
import { InvalidProps } from '../../base/errors';
import { ANY_HOST, patternsCovering } from '../../base/host';
import { addTo } from '../../base/multimap';
import { compareText } from '../../base/order';
import type { IAlbBackend } from '../listener/backend';
import type { RenderedListenerRules } from '../listener/rule';

/** The Ingress that a rule belongs to. */
export interface RuleOwner {
  /** Construct path. */
  readonly path: string;
  /** Construct path of its member: another one for an Ingress in front of the member. */
  readonly member: string;
  /** Position in the group. */
  readonly order: number;
  /** `namespace/name`, which breaks ties. */
  readonly ingress: string;
  /** The listeners that have rules of the Ingress, such as `HTTPS 443`. */
  readonly listeners: ReadonlySet<string>;
  /** What its rules demand of clients before they forward a request, such as `login`. */
  readonly guard?: string;
}

/** A rule of one member. */
export interface MemberRule {
  readonly conditions: readonly RuleCondition[];
  /** What the rule does with a request, comparable between members. */
  readonly effect: string;
  /** What the owner calls it, such as `host shop.example.com`. */
  readonly what: string;
  /** The prop that makes it, and its value. */
  readonly prop: string;
  readonly value: string;
}

interface Placed extends MemberRule {
  readonly owner: RuleOwner;
}

/**
 * The rules that forward the requests of an Ingress for its hosts.
 *
 * @param paths the values of each path; all paths if undefined
 * @param settings those of the Ingress
 */
export function hostRules(
  hosts: readonly string[], paths: readonly (readonly string[])[] | undefined, backend: IAlbBackend, settings: AlbSettings,
): MemberRule[] {
  const { backendNamespace, backendService, backendPort } = backend;
  const own = settingsIn(settings, { ...AUTH_ANNOTATIONS, ...TARGET_GROUP_ANNOTATIONS });
  const effect = JSON.stringify([backendNamespace, backendService, backendPort, own]);
  const ofPaths = paths?.map((values): RuleCondition[] => [{ field: 'path-pattern', pathPatternConfig: { values: [...values] } }]) ?? [[]];
  return hosts.flatMap((host, index) => ofPaths.map(ofPath => ({
    conditions: [...host === ANY_HOST ? [] : [{ field: 'host-header' as const, hostHeaderConfig: { values: [host] } }], ...ofPath],
    effect, what: `host ${host}`, prop: `hosts[${index}]`, value: host,
  })));
}

/** A rule that somebody added to an Ingress. @param ofIngress the settings of the Ingress */
export function addedRules(name: string, { matches, settings }: RenderedListenerRules, namespace: string, ofIngress: AlbSettings): MemberRule[] {
  const own = settingsIn(ofIngress, AUTH_ANNOTATIONS);
  const effect = JSON.stringify([namespace, settings.actions?.[name], settings.transforms?.[name], own]);
  return matches.get(name)!.map(conditions => ({ conditions, effect, what: `rule ${name}`, prop: 'name', value: name }));
}

function settingsIn(settings: AlbSettings, rows: object): [name: string, value: unknown][] {
  return Object.entries(settings).filter(([name]) => name in rows).sort(([a], [b]) => compareText(a, b));
}

/** The rules of all members of a group that this app knows. */
export class GroupRules {
  /** Rules by host. A host that is no plain wildcard is under the wildcard that covers it. */
  private readonly byHost = new Map<string, Placed[]>();
  /** Rules by each host and wildcard that covers one of their hosts. */
  private readonly below = new Map<string, Placed[]>();

  public constructor(private readonly groupName: string) {}

  /** Adds the rules of a member. @throws InvalidProps if nothing reaches one of them, or one of another member behind them */
  public add(owner: RuleOwner, rules: readonly MemberRule[]): void {
    const placed = rules.map((rule): Placed => ({ ...rule, owner }));
    placed.forEach(rule => {
      this.requireReached(rule);
      this.requireNoneBehind(rule);
    });
    placed.forEach(rule => hostsOf(rule.conditions).forEach(host => {
      addTo(this.byHost, host, rule);
      patternsCovering(host).forEach(pattern => addTo(this.below, pattern, rule));
    }));
  }

  private requireReached(rule: Placed): void {
    const candidates = new Set(hostsOf(rule.conditions).flatMap(patternsCovering));
    for (const host of candidates) {
      const by = this.byHost.get(host)?.find(other => isBefore(other, rule) && hides(other, rule));
      if (by !== undefined) {
        const lost = rule.owner.guard === undefined ? '' : `, and the ${rule.owner.guard} of this Ingress would never apply`;
        throw this.isSameHost(rule, by) ? this.contested(rule, by, lost) : InvalidProps.value(rule.prop, rule.value,
          `must not be behind ${by.what} of ${by.owner.path} in ${this.name}, which matches all its requests${lost}; give this Ingress a lower groupOrder`);
      }
    }
  }

  private requireNoneBehind(rule: Placed): void {
    for (const host of hostsOf(rule.conditions)) {
      const lost = this.below.get(host)?.find(other => isBefore(rule, other) && hides(rule, other));
      if (lost !== undefined) {
        const guard = lost.owner.guard === undefined ? '' : `, whose ${lost.owner.guard} would never apply`;
        throw this.isSameHost(rule, lost) ? this.contested(rule, lost, guard) : InvalidProps.value(rule.prop, rule.value,
          `must not match all requests for ${lost.what} of ${lost.owner.path}${guard}: it is later in ${this.name}; give this Ingress a higher groupOrder`);
      }
    }
  }

  private contested({ prop, value }: Placed, { owner }: Placed, lost: string): InvalidProps {
    return InvalidProps.value(prop, value,
      `must be served by one member of ${this.name}: ${owner.path} serves it, too, and nothing would reach the rules of the later member${lost}`);
  }

  private isSameHost(rule: Placed, other: Placed): boolean {
    return rule.what === other.what && rule.prop.startsWith('hosts');
  }

  private get name(): string {
    return `IngressGroup "${this.groupName}"`;
  }
}

function isBefore({ owner: a }: Placed, { owner: b }: Placed): boolean {
  return a.order < b.order || (a.order === b.order && a.ingress < b.ingress);
}

/** Whether nothing reaches a rule of another member that comes later. One that does the same is no loss. */
function hides(rule: Placed, later: Placed): boolean {
  return rule.owner.member !== later.owner.member && rule.effect !== later.effect && coversRule(rule.conditions, later.conditions)
    && [...rule.owner.listeners].some(listener => later.owner.listeners.has(listener));
}

/** The hosts of a rule, each as a name or a plain wildcard that covers it. */
function hostsOf(conditions: readonly RuleCondition[]): string[] {
  const { values } = conditions.find(({ field }) => field === 'host-header')?.hostHeaderConfig ?? {};
  return [...new Set(values?.map(plainWildcard) ?? [ANY_HOST])];
}

function plainWildcard(pattern: string): string {
  const host = pattern.toLowerCase();
  const ending = host.slice(Math.max(host.lastIndexOf('*'), host.lastIndexOf('?')) + 1);
  const dot = ending.indexOf('.');
  return ending === host ? host : dot === -1 ? ANY_HOST : `*${ending.slice(dot)}`;
}
