// Tags of what is built in AWS, within the bounds of AWS and of the controller.
import { InvalidProps } from '../../base/errors';
import { OBJECT, requireProps } from '../../base/prop-types';
import { filled } from '../wire/bounds';

/** AWS allows 50 tags on a resource, and the controller adds three to each. */
const MAX_TAGS = 47;

/** The tags that the controller finds its own by; it overwrites what a user writes there (3.5.0, pkg/deploy/tracking/provider.go:125). */
const TRACKING = ['elbv2.k8s.aws/cluster', 'ingress.k8s.aws/stack', 'ingress.k8s.aws/resource'];

/** Letters, digits, blanks and some marks; an equals sign would end the key in the annotation. */
const KEY = /^(?! )[\p{L}\p{N} +\-._:/@]{1,128}(?<! )$/u;
const VALUE = /^(?! )[\p{L}\p{N} +\-=._:/@]{0,256}(?<! )$/u;

/** Returns the tags, or throws for the first that AWS would refuse or the controller would overwrite. Without any, there is nothing to write. */
export function requireTags(prop: string, tags: { readonly [key: string]: string }, path = ''): { readonly [key: string]: string } | undefined {
  const entries = Object.entries(requireProps(OBJECT, tags, path, prop));
  if (entries.length > MAX_TAGS) {
    throw InvalidProps.value(prop, entries.length, `must be at most ${MAX_TAGS} tags: AWS allows 50, and the controller adds 3`, path);
  }
  for (const [key, value] of entries) {
    if (!KEY.test(key) || /^aws:/i.test(key)) {
      throw InvalidProps.value(prop, key, 'must be keys of 1 to 128 letters, digits, blanks inside and + - . _ : / @, not starting with aws:', path);
    }
    if (TRACKING.includes(key)) {
      throw InvalidProps.conflict(`${prop}.${key}`, value, 'cannot be set: the controller writes this tag itself', path);
    }
    if (typeof value !== 'string' || !VALUE.test(value)) {
      throw InvalidProps.value(`${prop}.${key}`, value, 'must be at most 256 letters, digits, blanks inside and + - = . _ : / @', path);
    }
  }
  return filled(tags);
}
