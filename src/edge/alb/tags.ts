// Tags of what is built in AWS, within the bounds of AWS and of the controller.
import { InvalidProps } from '../../base/errors';
import { OBJECT, requireProps } from '../../base/prop-types';
import { filled } from '../wire/bounds';

/** AWS allows 50 tags on a resource, and the controller adds three to each. */
const MAX_TAGS = 47;

/** The tags by which the controller tracks its resources; it overwrites user values (3.5.0, pkg/deploy/tracking/provider.go:125). */
const TRACKING = ['elbv2.k8s.aws/cluster', 'ingress.k8s.aws/stack', 'ingress.k8s.aws/resource'];

/** Letters, digits, spaces and some punctuation; an equals sign would end the key in the annotation. */
const KEY = /^(?! )[\p{L}\p{N} +\-._:/@]{1,128}(?<! )$/u;
const VALUE = /^(?! )[\p{L}\p{N} +\-=._:/@]{0,256}(?<! )$/u;

/** Returns the tags, or `undefined` if there are none. Throws for the first tag that AWS would refuse or the controller would overwrite. */
export function requireTags(prop: string, tags: { readonly [key: string]: string }, path = ''): { readonly [key: string]: string } | undefined {
  const entries = Object.entries(requireProps(OBJECT, tags, path, prop));
  if (entries.length > MAX_TAGS) {
    throw InvalidProps.value(prop, entries.length, `must have at most ${MAX_TAGS} entries: AWS allows 50 tags, and the controller adds 3`, path);
  }
  for (const [key, value] of entries) {
    if (!KEY.test(key) || /^aws:/i.test(key)) {
      throw InvalidProps.value(prop, key, 'must have keys of 1 to 128 letters, digits, inner spaces and + - . _ : / @ that do not start with aws:', path);
    }
    if (TRACKING.includes(key)) {
      throw InvalidProps.conflict(`${prop}.${key}`, value, 'cannot be set: the controller writes this tag itself', path);
    }
    if (typeof value !== 'string' || !VALUE.test(value)) {
      throw InvalidProps.value(`${prop}.${key}`, value, 'must be at most 256 letters, digits, inner spaces and + - = . _ : / @', path);
    }
  }
  return filled(tags);
}
