// A VirtualService refers to a Gateway that does not exist.
import { Kind } from '../../manifests/kind';
import { absentGateways } from '../absent-gateways';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/model/push_context.go initVirtualServices. */
export const missingGateway: Check = {
  id: 'missing-gateway',
  severity: 'error',
  title: 'A VirtualService refers to a Gateway that does not exist',
  why: 'Istio accepts the name and says nothing about it. No gateway gets the routes, so requests for the hosts get 404.',
  fix: 'Correct the name, as namespace/name of a Gateway, or create the Gateway.',
  related: ['IST0101', 'KIA1102'],
  needsComplete: true,
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.GATEWAY],

  *run(subject) {
    for (const { manifest, pointer, written, namespace, name, onlyIn } of absentGateways(subject)) {
      // The check gateway-in-other-namespace knows better which Gateway is meant.
      if (onlyIn === undefined && !subject.elsewhere.mayHave(namespace)) {
        const full = `${namespace}/${name}`;
        yield { manifest, pointer, message: written === full ? `Gateway ${full} does not exist` : `"${written}" means Gateway ${full}, which does not exist` };
      }
    }
  },
};
