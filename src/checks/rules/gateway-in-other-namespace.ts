// A VirtualService refers to a Gateway without the namespace in which it is.
import { Kind } from '../../manifests/kind';
import { absentGateways } from '../absent-gateways';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/model/virtualservice.go resolveVirtualServiceShortnames, pkg/config/resource names. */
export const gatewayInOtherNamespace: Check = {
  id: 'gateway-in-other-namespace',
  severity: 'error',
  title: 'A VirtualService refers to a Gateway without its namespace',
  why: 'Istio completes the name of a Gateway with the namespace of the VirtualService. No Gateway has that name, so no gateway gets the routes, and requests '
    + 'get 404.',
  fix: 'Write namespace/name.',
  related: ['E028', 'IST0101', 'KIA1102'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.GATEWAY, Kind.NAMESPACE, Kind.SERVICE],

  *run(subject) {
    const { elsewhere, namespaces } = subject;
    for (const { manifest, pointer, written, namespace, onlyIn } of absentGateways(subject)) {
      if (onlyIn !== undefined && (namespaces.describe(namespace) || !elsewhere.mayHave(namespace))) {
        yield {
          manifest, pointer, fix: `Use ${onlyIn}/${written}.`,
          message: `"${written}" means Gateway ${namespace}/${written}, and the only Gateway with this name is in namespace ${onlyIn}`,
        };
      }
    }
  },
};
