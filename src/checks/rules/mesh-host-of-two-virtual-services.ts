// Two VirtualServices are for the sidecars and have one host.
import { groupBy } from '../../base/multimap';
import { namespacedName } from '../../base/kubernetes-name';
import { MESH } from '../../base/istio/names';
import { Kind } from '../../manifests/kind';
import { isPublic } from '../../mesh/objects/service-index';
import { isPrecedenceKnown } from '../../mesh/objects/creation-order';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/networking/core/route/route.go BuildSidecarVirtualHostWrapper; sidecars do not merge VirtualServices, gateways do. */
export const meshHostOfTwoVirtualServices: Check = {
  id: 'mesh-host-of-two-virtual-services',
  severity: 'warning',
  title: 'Two VirtualServices of the mesh have the same host',
  why: 'A sidecar uses the oldest VirtualService of a host and ignores all others. The routes of the others never apply inside of the mesh.',
  fix: 'Put the routes into one VirtualService, or split it with delegates.',
  related: ['E125', 'IST0109', 'KIA1106'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [],

  *run({ models: { mesh } }) {
    const { defaultVirtualServiceExportTo: exportedTo } = mesh.settings;
    const own = mesh.virtualServices.all.filter(({ gateways, exportTo }) => gateways.includes(MESH) && isPublic(exportTo, exportedTo));
    const claims = groupBy(own.flatMap(one => one.hosts.map(host => ({ one, host: host.toLowerCase() }))), ({ host }) => host);
    for (const [host, [{ one: first }, ...others]] of claims) {
      for (const { one } of others.filter(other => namespacedName(other.one.config) !== namespacedName(first.config))) {
        const { config: { manifest } } = one;
        const order = isPrecedenceKnown(first.config, one.config) ? 'is older, and sidecars use only it'
          : 'also has routes, and sidecars use only those of the older one';
        const message = `for host ${host}, VirtualService ${namespacedName(first.config)} ${order}`;
        yield { manifest, pointer: '/spec/hosts', message };
      }
    }
  },
};
