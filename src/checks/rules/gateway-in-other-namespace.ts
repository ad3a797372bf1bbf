// A VirtualService refers to a Gateway without the namespace in which it is.
import { MESH, completeGateway } from '../../base/istio-names';
import { Kind } from '../../manifests/kind';
import { nameOf, namespaceOf, specOf } from '../../manifests/manifest';
import { asTexts } from '../../manifests/plain-json';
import { groupBy } from '../../base/multimap';
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
    const { gateways, namespaces, virtualServices } = subject;
    const namespacesOf = new Map([...groupBy(subject.of(Kind.GATEWAY), nameOf)].map(([name, some]) => [name, [...new Set(some.map(namespaceOf))]]));
    for (const { manifest, namespace } of virtualServices) {
      for (const [index, name] of asTexts(specOf(manifest).gateways).entries()) {
        const isShort = name !== MESH && !name.includes('/') && !name.includes('.');
        const others = namespacesOf.get(name) ?? [];
        if (isShort && others.length === 1 && gateways.named(completeGateway(name, namespace)).length === 0 && namespaces.describe(namespace)) {
          const [other] = others;
          yield {
            manifest, pointer: `/spec/gateways/${index}`, fix: `Use ${other}/${name}.`,
            message: `"${name}" means Gateway ${namespace}/${name}, and the only Gateway with this name is in namespace ${other}`,
          };
        }
      }
    }
  },
};
