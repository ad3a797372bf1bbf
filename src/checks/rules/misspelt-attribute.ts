// The key of an attribute of a load balancer or target group is misspelt.
import { attributeMeantBy, LOAD_BALANCER_ATTRIBUTE_KEYS, TARGET_GROUP_ATTRIBUTE_KEYS } from '../../base/alb-annotations/attribute-keys';
import { ALB_ANNOTATIONS } from '../../base/alb-annotations/annotations';
import { Kind } from '../../manifests/kind';
import { Settings } from '../../plan/settings';
import type { Check } from '../check';

const SETTINGS = [
  ['loadBalancerAttributes', LOAD_BALANCER_ATTRIBUTE_KEYS], ['frontendNlbAttributes', LOAD_BALANCER_ATTRIBUTE_KEYS],
  ['targetGroupAttributes', TARGET_GROUP_ATTRIBUTE_KEYS],
] as const;

/** ELBv2 API 2015-12-01: ModifyTargetGroupAttributes and ModifyLoadBalancerAttributes refuse unknown keys. */
export const misspeltAttribute: Check = {
  id: 'misspelt-attribute',
  severity: 'error',
  title: 'The key of an attribute is misspelt',
  why: 'The controller passes attributes on without checking their keys. AWS refuses the whole list, so none of its attributes is set, and the controller '
    + 'keeps trying (FailedDeployModel).',
  fix: 'Use the key that the message names.',
  related: ['E052', 'E128'],
  about: [Kind.INGRESS],
  reads: [Kind.SERVICE],
  reach: 'object',

  *run(subject) {
    const services = subject.of(Kind.SERVICE).map(own => new Settings(own));
    for (const settings of [...subject.members.map(own => own.settings), ...services]) {
      for (const [prop, known] of SETTINGS) {
        const written = settings.readable(prop) ?? {};
        const meant = (key: string) => attributeMeantBy(key, known);
        // All keys are corrected together, because they are in one annotation.
        const text = Object.entries(written).map(([key, value]) => `${meant(key) ?? key}=${value}`).join(',');
        for (const key of Object.keys(written).filter(own => meant(own) !== undefined)) {
          const place = { manifest: settings.manifest, pointer: settings.pointer(prop) };
          const message = `${ALB_ANNOTATIONS[prop].key} has the unknown key ${key}; did you mean ${meant(key)}?`;
          yield { ...place, message, patches: [{ ...place, op: 'set', text }] };
        }
      }
    }
  },
};
