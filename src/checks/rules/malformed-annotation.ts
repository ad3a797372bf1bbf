// An ALB annotation has a value that the controller rejects.
import { rejectedAnnotations } from '../../model/annotation-use';
import { Kind } from '../../manifests/kind';
import { Manifest } from '../../manifests/manifest';
import { pointer } from '../../manifests/pointer';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/annotations/parser.go:86, pkg/ingress/group_loader.go:156 and :271. */
export const malformedAnnotation: Check = {
  id: 'malformed-annotation',
  severity: 'error',
  title: 'The controller rejects the value of an annotation',
  why: 'The API server accepts the object, but then the controller cannot build the load balancer: no change to the IngressGroup reaches '
    + 'AWS until the value is fixed. An Ingress with an invalid group name leaves its group, and its rules are removed.',
  fix: 'Use a value that the controller accepts; docs/alb-annotations.md lists them.',
  related: [],
  about: [Kind.INGRESS],
  reads: [Kind.INGRESS_CLASS, Kind.INGRESS_CLASS_PARAMS, Kind.SERVICE],

  *run(model) {
    // A Service that several groups use is reported once.
    const reported = new Map<Manifest, Set<string>>();
    const { services } = model;
    for (const group of model.albGroups) {
      for (const { manifest, key, value, part, reason } of rejectedAnnotations(group, services)) {
        const keys = reported.get(manifest) ?? new Set();
        reported.set(manifest, keys);
        if (keys.size < keys.add(key).size) {
          const shown = value.length > 120 ? `${value.slice(0, 120)}…` : value;
          const message = `${key.slice(key.indexOf('/') + 1)}${part} ${reason}; got ${JSON.stringify(shown)}`;
          yield { manifest, pointer: pointer('metadata', 'annotations', key), message };
        }
      }
    }
  },
};
