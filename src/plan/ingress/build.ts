// What the builders of one load balancer share: its group, the objects that it refers to, and the questions that only AWS answers.
import { ALB_ANNOTATIONS, type AlbSettings } from '../../base/alb-annotations/annotations';
import { asList, asText } from '../../manifests/plain-json';
import type { AwsAnswers } from '../aws-answers';
import type { ControllerSettings } from '../controller-options';
import type { Group, Member } from './groups';
import { classPairs } from './ingress-classes';
import { LoadBalancerBuild, type Tags } from '../load-balancer-build';
import type { References } from '../references';
import { PREVENTABLE, type PreventableCause, Refusal, type Refusals } from '../refusal';
import { annotationPointer } from '../settings';
import { readTags } from './tags';

/** The state of building one load balancer. */
export class Build extends LoadBalancerBuild {
  public constructor(
    public readonly group: Group, options: ControllerSettings, public readonly references: References, private readonly aws: AwsAnswers,
    public readonly refusals: Refusals,
  ) {
    super(options, aws);
  }

  /** The cause of a refusal that the params of a member's class may prevent, if they are not in the input. */
  public unlessClassDiffers({ hasUnknownParams, assumption }: Member): PreventableCause | undefined {
    return hasUnknownParams || assumption !== undefined ? PREVENTABLE : undefined;
  }

  /** The cause of a refusal that a member of the group may prevent, if others can be outside the input, or the params of a class. */
  public unlessOthersDiffer(): PreventableCause | undefined {
    const { isExplicit, members } = this.group;
    return isExplicit ? PREVENTABLE : members.map(member => this.unlessClassDiffers(member)).find(cause => cause !== undefined);
  }

  /** A build of the same group, which lists for itself what is unknown. */
  public another(): Build {
    return new Build(this.group, this.options, this.references, this.aws, this.refusals);
  }

  /** The tags of a resource that several members share: they must agree on every key (3.5.0 pkg/ingress/model_build_tags.go:12). */
  public sharedTags(members: readonly Member[] = this.group.members): Tags {
    if (this.refusals.areCollected && members !== this.group.members) {
      return {}; // What all members share is compared once.
    }
    return this.withDefaultTags(this.agreedMap({
      prop: 'tags', of: member => readTags(member, this), members,
      isOfClass: ({ params }, key) => Object.hasOwn(classPairs(params?.spec.tags), key),
    }));
  }

  /**
   * The one value that members set, each in its class or its annotation.
   *
   * @throws Refusal if two members set different values
   */
  public agreed<T, O = T>(setting: Agreed<T, O>): T | O | undefined {
    const { prop, ofClass = () => undefined, show = String, members = this.group.members } = setting;
    const own = setting.own ?? (({ settings }: Member) => settings.get(prop as keyof AlbSettings) as T | undefined);
    let first: (Side & { readonly written: T | O }) | undefined;
    let isRefused = false;
    for (const member of members) {
      const inClass = ofClass(member);
      const written = inClass ?? own(member);
      if (written !== undefined) {
        const side = { member, written, value: show(written), key: inClass === undefined ? setting.key ?? keyOf(prop) : undefined };
        first ??= side;
        if (side.value !== first.value && !isRefused) {
          isRefused = true;
          this.refuseConflict(setting.about ?? setting.key ?? keyOf(prop), setting.port, first, side);
        }
      }
    }
    return first?.written;
  }

  /** The values of a map that members share: they must agree on every key. */
  public agreedMap(map: AgreedMap): Record<string, string> {
    const { prop, of, members = this.group.members, isOfClass = () => false, isIgnored = () => false, port, name } = map;
    const merged: Record<string, string> = {};
    const first = new Map<string, { readonly member: Member; readonly value: string; isRefused?: true }>();
    const row = keyOf(prop);
    for (const member of members) {
      for (const [key, value] of Object.entries(of(member) ?? {})) {
        const known = first.get(key);
        if (known === undefined) {
          first.set(key, { member, value });
        } else if (known.value !== value && !known.isRefused && !isIgnored(key)) {
          known.isRefused = true;
          const sides = [known, { member, value }].map((side): Side => (
            { ...side, key: isOfClass(side.member, key) ? undefined : name === undefined ? row : `${row}.${name}` }));
          this.refuseConflict(`${row}, key ${key}`, port, sides[0], sides[1]);
        }
        Object.defineProperty(merged, key, { value, enumerable: true, configurable: true, writable: true }); // also `__proto__`
      }
    }
    return merged;
  }

  /**
   * @throws Refusal unless refusals are collected. It points to the annotation of the second Ingress, or to that of the first if the value
   *   of the second is not in an annotation.
   */
  public refuseConflict(about: string, port: number | undefined, first: Side, other: Side): void {
    const [own, opposite] = other.key === undefined && first.key !== undefined ? [first, other] : [other, first];
    const shown = ({ value }: Side) => value ?? 'not set';
    const reason = `${about}${port === undefined ? '' : ` of port ${port}`} ${shown(own)} conflicts with ${shown(opposite)} of ${opposite.member.id}, `
      + 'which shares the load balancer';
    const sideOf = ({ member, value }: Side) => ({ member: member.id, value });
    this.refusals.report(new Refusal(own.member.manifest, own.key === undefined ? '' : annotationPointer(own.key), reason, {
      is: 'conflict', about, port, first: sideOf(first), other: sideOf(other),
    }));
  }
}

/** A setting that members must agree on. */
interface Agreed<T, O> {
  /** The setting; not set for an annotation that the table does not have. */
  readonly prop?: keyof AlbSettings;
  /** The key of the annotation, without prefix. @default - that of the setting */
  readonly key?: string;
  /** How the setting is called. @default - its key */
  readonly about?: string;
  readonly port?: number;
  /** The value in the class params, which hides the annotation. */
  readonly ofClass?: (member: Member) => O | undefined;
  /** The value of the annotation. @default - that of the setting */
  readonly own?: (member: Member) => T | undefined;
  /** How values are compared and shown. */
  readonly show?: (value: T | O) => string;
  /** @default - all members of the group */
  readonly members?: readonly Member[];
}

/** A map on each key of which members must agree. */
interface AgreedMap {
  readonly prop: keyof AlbSettings;
  readonly of: (member: Member) => Tags | undefined;
  readonly members?: readonly Member[];
  /** Whether the value is that of the member's class. */
  readonly isOfClass?: (member: Member, key: string) => boolean;
  /** Whether members need not agree on a key. */
  readonly isIgnored?: (key: string) => boolean;
  readonly port?: number;
  /** The name in the key of the annotation, if it is one of a family. */
  readonly name?: string;
}

/** The value of a member. */
export interface Side {
  readonly member: Member;
  /** Absent if the member does not set it, where that makes a difference. */
  readonly value?: string;
  /** Key of the annotation with the value, without prefix; absent if it is not in an annotation. */
  readonly key?: string;
}

/** The key of a setting, without prefix. */
export function keyOf(prop: keyof AlbSettings | undefined): string {
  return prop === undefined ? '' : ALB_ANNOTATIONS[prop].key;
}

/** The value of a field of the class params: a text or a list of texts that is not empty. */
export function classField(member: Member, field: string): string | undefined {
  return asText(member.params?.spec[field]) || undefined;
}

/** The texts of a list in the class params; absent if it is empty. */
export function classList(member: Member, field: string): readonly string[] | undefined {
  const texts = asList(member.params?.spec[field]).filter((one): one is string => typeof one === 'string');
  return texts.length > 0 ? texts : undefined;
}
