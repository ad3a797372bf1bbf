// An Ingress registers instances for a Service that has no node port.
import { Kind } from '../../manifests/kind';
import { namespaceOf, nameOf, specOf } from '../../manifests/manifest';
import { asText } from '../../manifests/plain-json';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_target_group.go:205; the default of --default-target-type is instance. */
export const instanceTargetsWithoutNodePort: Check = {
  id: 'instance-targets-without-node-port',
  severity: 'error',
  title: 'Instances are to be registered for a Service that has no node port',
  why: 'With target type instance, which is the default, the load balancer sends requests to a port of the nodes. A Service of type ClusterIP has none, so the '
    + 'controller refuses to build the load balancer, and no change to any member of the IngressGroup reaches AWS.',
  fix: 'Set the annotation target-type to ip, or the type of the Service to NodePort.',
  related: ['E048'],
  about: [Kind.INGRESS],
  reads: [Kind.INGRESS_CLASS, Kind.INGRESS_CLASS_PARAMS, Kind.SERVICE],

  *run({ survey }) {
    for (const { manifest, cause } of survey.faults) {
      if (cause.is === 'no-node-port') {
        const { service, place } = cause;
        const isDefault = place.pointer === '/metadata/annotations';
        yield {
          ...place,
          message: `${isDefault ? 'target-type is not set, so it is instance' : 'the target type is instance'}, and Service ${nameOf(service)} in namespace `
            + `${namespaceOf(service)} is of type ${asText(specOf(service).type) ?? 'ClusterIP'}, which has no node ports`
            + (place.manifest === manifest ? '' : `; Ingress ${namespaceOf(manifest)}/${nameOf(manifest)} uses it`),
        };
      }
    }
  },
};
