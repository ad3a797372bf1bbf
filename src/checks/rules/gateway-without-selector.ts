// A Gateway without selector opens its ports at all gateways of the mesh.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { specOf } from '../../manifests/manifest';
import { readLabels } from '../../mesh/objects/config';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/model/push_context.go mergeGateways: "no selector. Applies to all workloads asking for the gateway". */
export const gatewayWithoutSelector: Check = {
  id: 'gateway-without-selector',
  severity: 'warning',
  title: 'A Gateway without a selector is for all gateways of the mesh',
  why: 'Its servers open their ports and serve their hosts at every gateway, internal and public ones alike, in all namespaces, unless istiod has '
    + 'PILOT_SCOPE_GATEWAY_TO_NAMESPACE.',
  fix: 'Set selector to the labels of the pods of one gateway.',
  related: ['E085'],
  about: [Kind.GATEWAY],
  reads: [Kind.DEPLOYMENT],

  *run(subject) {
    const routers = subject.models.mesh.workloads.all.filter(({ proxy }) => proxy === 'router');
    // With one gateway there is nothing to choose.
    for (const manifest of routers.length < 2 ? [] : subject.of(Kind.GATEWAY).filter(own => readLabels(specOf(own).selector).size === 0)) {
      yield { manifest, pointer: '/spec', message: `has no selector, so it is for ${routers.map(namespacedName).join(', ')}` };
    }
  },
};
