// Tags of AWS resources.
import type { Member } from './groups';
import { classPairs } from './ingress-classes';
import type { LoadBalancerBuild, Tags } from '../load-balancer-build';
import { Refusal } from '../refusal';
import type { Settings } from '../settings';

/**
 * The tags of one Ingress, and of the Service behind it, whose value wins; class params win over both (3.5.0 pkg/ingress/model_build_tags.go:55).
 *
 * @throws Refusal for a tag, of the class too, that `--external-managed-tags` reserves
 */
export function readTags({ settings, params }: Member, build: LoadBalancerBuild, service?: Settings): Tags {
  const own = { ...settings.get('tags'), ...service?.get('tags') };
  const [ofObjects, byClass] = [build.faultOfTags(own), build.faultOfTags(classPairs(params?.spec.tags))];
  if (ofObjects !== undefined) {
    throw settings.refusal('tags', ofObjects);
  }
  if (params && byClass !== undefined) {
    throw new Refusal(params.manifest, '/spec/tags', byClass);
  }
  return { ...own, ...classPairs(params?.spec.tags) };
}
