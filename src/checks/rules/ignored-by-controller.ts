// The controller ignores a setting.
import { Kind } from '../../manifests/kind';
import { annotationAt } from '../../manifests/pointer';
import type { Check } from '../check';

/** The EKS user guide (auto-configure-alb, 2025-08); AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_frontend_nlb.go, pkg/service. */
export const ignoredByController: Check = {
  id: 'ignored-by-controller',
  severity: 'warning',
  title: 'A setting has no effect',
  why: 'The controller accepts the object and ignores the setting without an error or an event. The load balancer is built as if the setting were not there.',
  fix: 'Remove the setting, or replace it as the message says.',
  related: ['E080'],
  about: [Kind.INGRESS, Kind.INGRESS_CLASS_PARAMS_OF_AUTO_MODE, Kind.SERVICE],
  reads: [Kind.INGRESS_CLASS],

  *run({ models: { plan } }) {
    for (const { severity, topic, manifest, pointer, reason } of plan.events) {
      if (severity === 'ignored' && topic === undefined) {
        const key = annotationAt(pointer);
        yield { manifest, pointer, message: key === undefined ? reason : `${key.slice(key.indexOf('/') + 1)}: ${reason}` };
      }
    }
  },
};
