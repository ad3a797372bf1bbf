// IngressGroups: the Ingresses that share a load balancer, in the controller's order.
import { AlbController } from '../../base/alb-annotations/controller';
import { isReadByAutoMode } from '../../base/nlb-annotations/auto-mode';
import { isDeleted, type Manifest, nameOf, namespaceOf, specOf } from '../../manifests/manifest';
import { hasPlaceholder } from '../../manifests/placeholder';
import { asObject, asText, asTexts, isObject } from '../../manifests/plain-json';
import { deletionRefusal } from '../deletion-protection';
import { CLASS_ANNOTATION, type ClassParams, type ClassVerdict, type IngressClasses } from './ingress-classes';
import { readingOf } from './survey-reading';
import { type Cause, type PlanEvent, PREVENTABLE, Refusal, Refusals, type Webhook } from '../refusal';
import { annotationPointer, Settings } from '../settings';
import type { Unmanaged } from '../unmanaged';

/** An Ingress of a group. */
export interface Member {
  readonly manifest: Manifest;
  readonly namespace: string;
  readonly name: string;
  /** `namespace/name`. */
  readonly id: string;
  readonly settings: Settings;
  readonly params?: ClassParams;
  /** The controller of the class. */
  readonly controller: string;
  /** The input does not have the params of the class, which may replace any annotation that they have a field for. */
  readonly hasUnknownParams: boolean;
  /** What the plan takes for granted about the class, in words. */
  readonly assumption?: string;
}

/** Ingresses that share one load balancer. */
export interface Group {
  /** The name of an explicit group, else `namespace/name` of the only member. */
  readonly id: string;
  readonly isExplicit: boolean;
  /** Whether EKS Auto Mode builds the load balancer. */
  readonly isAutoMode: boolean;
  readonly members: readonly Member[];
}

/** At most 63 characters (3.5.0 pkg/ingress/group_loader.go:318). */
const GROUP_NAME = /^(?=[^]{1,63}$)([a-z0-9][-a-z0-9.]*)?[a-z0-9]$/;

const ORDER = { min: -1000, max: 1000 };

/** The groups, and the Ingresses in none of them. */
export interface Grouping {
  readonly groups: readonly Group[];
  readonly unmanaged: readonly Unmanaged[];
  readonly events: readonly PlanEvent[];
  /** Why the controller cannot load a group although its members are valid. */
  readonly blocked: (group: Group) => Refusal | undefined;
}

/**
 * Groups the Ingresses that the controller manages. An Ingress whose class or group name is invalid is refused.
 *
 * @param refusals those of a survey also keep Ingresses apart that may belong to different controllers, or to a group that is unknown
 */
export function groupsOf(ingresses: readonly Manifest[], classes: IngressClasses, refusals = Refusals.thrown()): Grouping {
  const events: PlanEvent[] = [];
  const unmanaged: Unmanaged[] = [];
  const blockers = ingresses.filter(isDeleted).map(protectedFromDeletion).filter(blocker => blocker !== undefined);
  const found = new Map<string, Group & { readonly members: Member[] }>();
  for (const manifest of ingresses.filter(own => !isDeleted(own))) {
    const namespace = namespaceOf(manifest);
    const ofClass = verdictOn(manifest, namespace, classes, refusals);
    const refuse = (pointer: string, reason: string, webhook?: Webhook, cause?: Cause) => {
      unmanaged.push({ manifest, isInvalid: true, reason, pointer });
      if (refusals.areCollected) {
        refusals.report(new Refusal(manifest, pointer, reason, cause));
      }
      events.push({ severity: 'refused', reason, manifest, pointer, reach: webhook === undefined ? 'ingress' : 'object', webhook });
    };
    if (ofClass.is === 'invalid') {
      refuse('/spec/ingressClassName', ofClass.reason, ofClass.webhook, ofClass.blocksAll ? PREVENTABLE : undefined);
      blockers.push({ refusal: new Refusal(manifest, '/spec/ingressClassName', ofClass.reason), manifest, blocksAll: ofClass.blocksAll === true });
    } else if (ofClass.is === 'other') {
      unmanaged.push({ manifest, isInvalid: false, reason: ofClass.reason ?? 'has no class of the AWS Load Balancer Controller' });
    } else {
      const name = nameOf(manifest);
      const { params, controller, hasUnknownParams = false, assumption } = ofClass;
      const isAutoMode = controller === AlbController.EKS_AUTO_MODE;
      const settings = new Settings(manifest, readingOf(refusals, hasUnknownParams), isAutoMode ? isReadByAutoMode : undefined);
      const member: Member = { manifest, namespace, name, id: `${namespace}/${name}`, settings, params, controller, hasUnknownParams, assumption };
      const group = groupNameOf(member, refusals);
      if (typeof group === 'object') {
        refuse(group.pointer, group.reason, undefined, group.cause);
      } else {
        const key = JSON.stringify(group === undefined ? [member.id] : [group, controller]);
        const known = found.get(key) ?? { id: group ?? member.id, isExplicit: group !== undefined, isAutoMode, members: [] };
        found.set(key, known);
        known.members.push(member);
      }
    }
  }
  const groups = [...found.values()].map((own): Group => ({ ...own, members: inOrder(own.members) })).sort(byId);
  return { groups, unmanaged, events, blocked: group => blockers.find(blocker => blocks(blocker, group))?.refusal };
}

/**
 * In a survey, Ingresses whose class is not in the input, or belongs to a second controller, have a controller of their own, and those whose class is a
 * placeholder have none.
 */
function verdictOn(manifest: Manifest, namespace: string, classes: IngressClasses, { areCollected }: Refusals): ClassVerdict {
  const verdict = classes.of(manifest, namespace);
  if (!areCollected) {
    return verdict;
  }
  const names = [specOf(manifest).ingressClassName, asObject(asObject(manifest.object.metadata).annotations)[CLASS_ANNOTATION]];
  if (names.some(hasPlaceholder)) {
    return { is: 'other' };
  }
  return verdict.is === 'other' && verdict.mayBeOurs !== undefined ? { is: 'managed', controller: `annotation ${verdict.mayBeOurs}` }
    : verdict.is === 'managed' && verdict.isAssumed ? { ...verdict, controller: `class ${String(specOf(manifest).ingressClassName)}` } : verdict;
}

/** An Ingress whose class cannot be loaded, or that must not be deleted. */
interface Blocker {
  readonly manifest: Manifest;
  readonly refusal: Refusal;
  readonly blocksAll: boolean;
}

function protectedFromDeletion(manifest: Manifest): Blocker | undefined {
  const refusal = deletionRefusal(manifest);
  return refusal && { manifest, refusal, blocksAll: false };
}

/**
 * An Ingress without class name fails all groups while there are several default classes. One with another invalid class fails the group that
 * it was a member of, as its finalizer says: the controller does not take it for a removal (3.5.0 pkg/ingress/group_loader.go:149).
 */
function blocks({ manifest, blocksAll }: Blocker, { id, isExplicit }: Group): boolean {
  const finalizers = asTexts(asObject(manifest.object.metadata).finalizers);
  return blocksAll || (isExplicit && finalizers.includes(`group.ingress.k8s.aws/${id}`));
}

/** The name of the explicit group, from the class params or else the annotation (pkg/ingress/group_loader.go:233). */
function groupNameOf({ params, settings, manifest }: Member, { areCollected }: Refusals): string | Refusal | undefined {
  if (settings.isHidden('groupName')) {
    return undefined;
  }
  const group = params?.spec.group;
  const name = isObject(group) ? asText(group.name) ?? '' : settings.text('group.name');
  if (name === undefined || GROUP_NAME.test(name)) {
    return name;
  }
  if (areCollected && hasPlaceholder(name)) {
    return undefined; // A group of its own, so that its other annotations are read.
  }
  const reason = 'must be 1 to 63 lowercase letters, digits, hyphens and dots, with a letter or digit at both ends';
  return params && isObject(group) ? new Refusal(params.manifest, '/spec/group/name', reason)
    : new Refusal(manifest, annotationPointer('group.name'), reason, causeOf(settings));
}

function causeOf(settings: Settings): Cause | undefined {
  const annotation = settings.unreadable('groupName');
  return annotation && { is: 'malformed', annotation };
}

/** By `group.order`, then by the bytes of `namespace/name`. A bad order is refused when the group is built. */
function inOrder(members: readonly Member[]): Member[] {
  const ordered = members.map(member => ({ member, order: orderOf(member) }));
  return ordered.sort((a, b) => a.order - b.order || (a.member.id < b.member.id ? -1 : 1)).map(({ member }) => member);
}

function orderOf({ settings }: Member): number {
  const order = Number(settings.text('group.order') ?? 0);
  return order >= ORDER.min && order <= ORDER.max ? order : 0;
}

function byId(a: Group, b: Group): number {
  return a.id < b.id ? -1 : 1;
}
