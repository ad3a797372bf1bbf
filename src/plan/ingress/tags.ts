// Tags of AWS resources.
import { asList, asObject, asText } from '../../manifests/plain-json';
import type { ControllerSettings } from '../controller-options';
import type { Member } from './groups';
import type { Settings } from '../settings';

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/**
 * The tags of one Ingress, and of the Service behind it, whose value wins; class params win over both (3.5.0 pkg/ingress/model_build_tags.go:55).
 *
 * @throws Refusal for a tag that `--external-managed-tags` reserves
 */
export function readTags({ settings, params }: Member, { externalManagedTags }: ControllerSettings, service?: Settings): Tags {
  const own = { ...settings.get('tags'), ...service?.get('tags') };
  const reserved = Object.keys(own).find(key => externalManagedTags.includes(key));
  if (reserved !== undefined) {
    throw settings.refusal('tags', `sets tag ${reserved}, which is managed outside of the controller (--external-managed-tags)`);
  }
  const ofClass = asList(params?.spec.tags).map(asObject).map(({ key, value }): [string, string] => [asText(key) ?? '', asText(value) ?? '']);
  return { ...own, ...Object.fromEntries(ofClass) };
}
