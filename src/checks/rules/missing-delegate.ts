// A route of a VirtualService delegates to a VirtualService that does not exist.
import { Kind } from '../../manifests/kind';
import { namespaceOf, qualifiedNameOf, specOf } from '../../manifests/manifest';
import { asList, asObject, asText } from '../../manifests/plain-json';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/model/virtualservice_controller.go:283-290. */
export const missingDelegate: Check = {
  id: 'missing-delegate',
  severity: 'error',
  title: 'A route delegates to a VirtualService that does not exist',
  why: 'Istio leaves out the route and only writes a line to the log of istiod. Requests that the route matches get the next route that matches, or 404.',
  fix: 'Correct the name and the namespace of the delegate, or create the VirtualService. A delegate has no hosts.',
  related: [],
  needsComplete: true,
  about: [Kind.VIRTUAL_SERVICE],
  reads: [],

  *run({ virtualServices, elsewhere }) {
    const known = new Set(virtualServices.map(({ manifest }) => qualifiedNameOf(manifest)));
    for (const { manifest } of virtualServices) {
      for (const [index, route] of asList(specOf(manifest).http).entries()) {
        const delegate = asObject(asObject(route).delegate);
        const [name, namespace] = [asText(delegate.name), asText(delegate.namespace) || namespaceOf(manifest)];
        if (name && !known.has(`${namespace}/${name}`) && !elsewhere.mayHave(namespace)) {
          yield { manifest, pointer: `/spec/http/${index}/delegate/name`, message: `VirtualService ${namespace}/${name} does not exist` };
        }
      }
    }
  },
};
