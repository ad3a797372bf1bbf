// What the builders of one load balancer share: its group, the objects that it refers to, and the questions that only AWS answers.
import { asList, asObject, asText } from '../../manifests/plain-json';
import type { AwsAnswers } from '../aws-answers';
import type { ControllerSettings } from '../controller-options';
import type { Group, Member } from './groups';
import { Inquiry } from '../inquiry';
import type { References } from '../references';
import { Refusal } from '../refusal';
import { readTags, type Tags } from './tags';

/** The state of building one load balancer. */
export class Build extends Inquiry {
  public constructor(public readonly group: Group, public readonly options: ControllerSettings, public readonly references: References, answers: AwsAnswers) {
    super(answers);
  }

  public isOn(gate: string): boolean {
    return this.options.featureGates[gate] === true;
  }

  /** The tags of a resource that several members share: they must agree on every key (3.5.0 pkg/ingress/model_build_tags.go:12). */
  public sharedTags(members: readonly Member[] = this.group.members): Tags {
    const merged: Record<string, string> = {};
    for (const member of members) {
      for (const [key, value] of Object.entries(readTags(member, this.options))) {
        if (Object.hasOwn(merged, key) && merged[key] !== value) {
          throw member.settings.refusal('tags', `conflicts with another Ingress of the group on tag ${key}: ${merged[key]} or ${value}`);
        }
        merged[key] = value;
      }
    }
    return this.withDefaultTags(merged);
  }

  /** The tags, and those of `--default-tags`, which win unless the gate says otherwise. */
  public withDefaultTags(tags: Tags): Tags {
    const { defaultTags } = this.options;
    return this.isOn('EnableDefaultTagsLowPriority') ? { ...defaultTags, ...tags } : { ...tags, ...defaultTags };
  }

  /**
   * The one value that members set, each in its class or its annotation.
   *
   * @param show how values are compared, and shown in the refusal
   * @throws Refusal if two members set different values
   */
  public agreed<T>(what: string, valueOf: (member: Member) => T | undefined, show: (value: T) => string = String, members = this.group.members): T | undefined {
    let found: { readonly value: T; readonly member: Member } | undefined;
    for (const member of members) {
      const value = valueOf(member);
      if (value !== undefined && found !== undefined && show(found.value) !== show(value)) {
        throw new Refusal(member.manifest, '/metadata/annotations',
          `${what} ${show(value)} conflicts with ${show(found.value)} of ${found.member.id}, which shares the load balancer`);
      }
      found ??= value === undefined ? undefined : { value, member };
    }
    return found?.value;
  }
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

/** Pairs of key and value in the class params, as a map. */
export function classPairs(list: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(asList(list).map(asObject).map(({ key, value }) => [asText(key) ?? '', asText(value) ?? '']));
}
