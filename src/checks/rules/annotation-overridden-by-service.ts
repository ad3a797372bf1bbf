// The annotation of an Ingress has no effect, because the Services behind it have it, too.
import { ALB_ANNOTATIONS } from '../../base/alb-annotations/annotations';
import { Kind } from '../../manifests/kind';
import { namespaceOf, qualifiedNameOf } from '../../manifests/manifest';
import { USE_ANNOTATION } from '../../plan/ingress/written-backends';
import type { Check } from '../check';

/** The settings of target groups. */
const SETTINGS = [
  'backendProtocol', 'backendProtocolVersion', 'healthcheckIntervalSeconds', 'healthcheckPath', 'healthcheckPort', 'healthcheckProtocol',
  'healthcheckTimeoutSeconds', 'healthyThresholdCount', 'successCodes', 'targetGroupAttributes', 'targetType', 'unhealthyThresholdCount',
] as const;

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_target_group.go merges the annotations of Ingress and Service; those of the Service win. */
export const annotationOverriddenByService: Check = {
  id: 'annotation-overridden-by-service',
  severity: 'warning',
  title: 'The annotation of a Service replaces that of the Ingress',
  why: 'A target group is built for one Service, and the annotations of that Service win. A change of the annotation on the Ingress has no effect.',
  fix: 'Remove one of the two annotations.',
  related: ['E075'],
  about: [Kind.INGRESS],
  reads: [Kind.SERVICE],

  *run({ members, serviceSettings: services }) {
    for (const { manifest, settings, backends } of members) {
      // An action may forward to several Services, or to one that is not in the input.
      const behind = backends.map(({ name, port }) => (port === USE_ANNOTATION ? undefined : services.get(`${namespaceOf(manifest)}/${name}`)));
      for (const prop of SETTINGS.filter(own => behind.length > 0 && settings.has(own))) {
        const { key } = ALB_ANNOTATIONS[prop];
        const own = settings.text(key);
        const replaced = behind.map(service => service?.text(key));
        if (replaced.every(value => value !== undefined && value !== own)) {
          yield {
            manifest, pointer: settings.pointer(prop),
            message: `${key} ${own} has no effect: it is ${replaced[0]} in Service ${qualifiedNameOf(behind[0]!.manifest)}`,
          };
        }
      }
    }
  },
};
