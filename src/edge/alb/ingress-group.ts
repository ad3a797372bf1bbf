// An IngressGroup: Ingresses that share one load balancer, with the settings of that load balancer in one place.
import { Construct } from 'constructs';
import { encodeAlbAnnotations } from '../../base/alb-annotations/annotations';
import { InvalidProps, refusedAt, renaming } from '../../base/errors';
import { requireProps, STRING } from '../../base/prop-types';
import { requireScopeAndId } from '../../base/scope';
import { GroupMembers } from './group-members';
import { AlbIngressClass } from './ingress-class';
import type { AlbOptions, IIngressGroup, LoadBalancerOptions } from './options';
import { optionOf, sharedSettings } from './settings';

/** Props of an `IngressGroup`: its name, and what its members say about their load balancer. */
export interface IngressGroupProps extends LoadBalancerOptions {
  /** Name of the group: 1 to 63 lowercase letters, digits, hyphens and dots, with a letter or digit at both ends. */
  readonly groupName: string;
}

/**
 * Ingresses of one app that share one load balancer. It writes no object: each member writes the name of the group, its position, and the settings
 * of the load balancer.
 *
 * Members are compared as they are made. Rejected are different settings for the one load balancer, settings that cancel those of another member,
 * and rules that nothing reaches because an earlier member matches all their requests.
 */
export class IngressGroup extends Construct implements IIngressGroup {
  /**
   * References a group that has members elsewhere, such as in another repository. Only the members in this app are compared, and each needs a
   * `groupOrder`.
   *
   * @throws InvalidProps for a name that the controller would refuse
   */
  public static fromName(groupName: string): IIngressGroup {
    encodeName(groupName);
    return { groupName };
  }

  /** Name of the group. */
  public readonly groupName: string;
  private readonly options: LoadBalancerOptions;

  /** @throws InvalidProps for a value that AWS or the controller would refuse, and for a group that the app already has */
  public constructor(scope: Construct, id: string, props: IngressGroupProps) {
    super(requireScopeAndId(scope, id), id);
    const { path } = this.node;
    const { groupName, ...options } = requireProps('IngressGroupProps', props, path);
    this.groupName = groupName;
    this.options = options;
    refusedAt(path, () => encodeName(groupName));
    renaming(optionOf, () => encodeAlbAnnotations(sharedSettings(options)), path);
    GroupMembers.of(this, groupName).assignOrders(path);
  }

  /** The options of a member, with those of the group. @throws InvalidProps for what the group already says @internal */
  public _withShared<T extends LoadBalancerOptions>(own: T): T {
    const { certificateArns, tags, attributes, ...decided } = this.options;
    for (const prop of Object.keys(decided) as (keyof typeof decided)[]) {
      if (decided[prop] !== undefined && own[prop] !== undefined) {
        throw this.alreadySet(prop, own[prop]);
      }
    }
    return {
      ...own,
      ...Object.fromEntries(Object.entries(decided).filter(([, value]) => value !== undefined)),
      certificateArns: certificateArns && [...new Set([...certificateArns, ...own.certificateArns ?? []])] || own.certificateArns,
      tags: this.merged('tags', own.tags, tags),
      attributes: this.merged('attributes', own.attributes, attributes),
    };
  }

  private merged<M extends object>(prop: string, own: M | undefined, shared: M | undefined): M | undefined {
    for (const [key, value] of Object.entries(own ?? {})) {
      if (value !== undefined && shared?.[key as keyof M] !== undefined) {
        throw this.alreadySet(`${prop}.${key}`, value);
      }
    }
    return own && shared ? { ...own, ...shared } : own ?? shared;
  }

  private alreadySet(prop: string, value: unknown): InvalidProps {
    return InvalidProps.conflict(prop, value, `cannot be set here: IngressGroup ${this.node.path} already sets it`);
  }
}

/** The members of the group that an Ingress joins, and its options as a member. */
export interface JoinedGroup<T extends AlbOptions> {
  readonly members?: GroupMembers;
  readonly options: T;
}

/**
 * The group that an Ingress joins, if the app knows it.
 *
 * @throws InvalidProps for an order that is missing or taken, and for what the group already says
 */
export function joinedGroup<T extends AlbOptions>(ingress: Construct, options: T): JoinedGroup<T> {
  const { group, groupOrder, ingressClass } = options;
  if (ingressClass?._decides?.includes('groupName')) {
    const ofClass = ingressClass instanceof AlbIngressClass ? ingressClass._settings.groupName : undefined;
    return { options, members: ofClass === undefined ? undefined : GroupMembers.of(ingress, ofClass) };
  }
  if (group === undefined) {
    return { options };
  }
  const members = GroupMembers.of(ingress, group.groupName);
  if (group instanceof IngressGroup && group.node.root !== ingress.node.root) {
    throw InvalidProps.value('group', group.node.path, 'must be an IngressGroup of the same app, or IngressGroup.fromName(…)');
  }
  if (groupOrder === undefined && !(group instanceof IngressGroup)) {
    throw InvalidProps.missing('groupOrder', `because members of IngressGroup "${group.groupName}" that this app does not know have orders, too`);
  }
  const shared = group instanceof IngressGroup ? group._withShared(options) : options;
  return { options: { ...shared, groupOrder: members.orderFor(groupOrder) }, members };
}

function encodeName(groupName: string): void {
  renaming(() => 'groupName', () => encodeAlbAnnotations({ groupName: requireProps(STRING, groupName, '', 'groupName') }));
}
