// Tags of AWS resources.
import type { ControllerSettings } from '../controller-options';
import type { Member } from './groups';
import { classPairs } from './ingress-classes';
import { Refusal } from '../refusal';
import type { Settings } from '../settings';

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/**
 * The tags of one Ingress, and of the Service behind it, whose value wins; class params win over both (3.5.0 pkg/ingress/model_build_tags.go:55).
 *
 * @throws Refusal for a tag, of the class too, that `--external-managed-tags` reserves
 */
export function readTags({ settings, params }: Member, { externalManagedTags }: ControllerSettings, service?: Settings): Tags {
  const own = { ...settings.get('tags'), ...service?.get('tags') };
  const reserved = (tags: Tags) => Object.keys(tags).find(key => externalManagedTags.includes(key));
  const reason = (key: string) => `sets tag ${key}, which is managed outside of the controller (--external-managed-tags)`;
  const [ofObjects, byClass] = [reserved(own), reserved(classPairs(params?.spec.tags))];
  if (ofObjects !== undefined) {
    throw settings.refusal('tags', reason(ofObjects));
  }
  if (params && byClass !== undefined) {
    throw new Refusal(params.manifest, '/spec/tags', reason(byClass));
  }
  return { ...own, ...classPairs(params?.spec.tags) };
}
