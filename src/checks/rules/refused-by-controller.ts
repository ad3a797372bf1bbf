// The controller, or one of its webhooks, refuses an object.
import { once } from '../../base/once';
import { Kind, kindOf } from '../../manifests/kind';
import type { Manifest } from '../../manifests/manifest';
import { annotationAt } from '../../manifests/pointer';
import { isRefused } from '../../plan/plan';
import type { Check } from '../check';
import type { Spot } from '../finding';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_builder.go, pkg/service/model_builder.go and webhooks/. */
export const refusedByController: Check = {
  id: 'refused-by-controller',
  severity: 'error',
  title: 'The AWS Load Balancer Controller refuses an object',
  why: 'The API server may accept the object, but the controller cannot build a load balancer from it. Until the fault is corrected, no change to the load '
    + 'balancer reaches AWS. For an Ingress of an IngressGroup, that includes the changes of all other members.',
  fix: 'Correct the field. The event FailedBuildModel of the Ingress or Service, or the output of kubectl apply, shows the same fault in a cluster.',
  related: ['E007', 'E053', 'E054', 'E061', 'E064', 'E066', 'E067', 'E073'],
  about: [Kind.INGRESS, Kind.INGRESS_CLASS_PARAMS, Kind.SERVICE, Kind.TARGET_GROUP_BINDING],
  reads: [Kind.INGRESS_CLASS, Kind.NAMESPACE, Kind.SECRET],

  *run({ survey, models: { plan } }) {
    const surveyed = new Map<Manifest, Set<string>>();
    for (const { manifest, pointer, reason, cause } of survey.faults) {
      once(surveyed, manifest, () => new Set<string>()).add(pointer);
      if (cause.is === 'refused') {
        yield spot(manifest, pointer, reason);
      }
    }
    for (const { manifest, pointer, reason, webhook, severity } of plan.events) {
      // The survey knows whether the class of an Ingress is at fault.
      const isSurveyed = pointer === '/spec/ingressClassName' || surveyed.get(manifest)?.has(pointer) === true;
      if (severity === 'refused' && webhook !== undefined && !isSurveyed) {
        yield spot(manifest, pointer, reason);
      }
    }
    for (const { refused } of plan.loadBalancers.filter(isRefused).filter(({ members }) => kindOf(members[0]) === Kind.SERVICE)) {
      if (refused.reach === 'group') {
        yield spot(refused.manifest, refused.pointer, refused.reason);
      }
    }
  },
};

/** The message names the annotation, if it is one. */
function spot(manifest: Manifest, pointer: string, reason: string): Spot {
  const key = annotationAt(pointer);
  return { manifest, pointer, message: key === undefined ? reason : `${key.slice(key.indexOf('/') + 1)}: ${reason}` };
}
