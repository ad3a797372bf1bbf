// A VirtualService has the host of a Gateway, and no gateways: it is for sidecars only.
import { isHostName } from '../../base/host';
import { HostIndex } from '../../base/host-index';
import { MESH } from '../../base/istio/names';
import { Kind } from '../../manifests/kind';
import { splitServerHost } from '../../mesh/objects/gateways';
import type { VirtualService } from '../../mesh/virtual-services';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/networking/core/route/route.go:447-464; the reference of VirtualService. */
export const virtualServiceWithoutGateway: Check = {
  id: 'virtual-service-without-gateway',
  severity: 'error',
  title: 'A VirtualService has the host of a Gateway, but no gateways',
  why: 'Without gateways a VirtualService is for the sidecars of the mesh only. The gateway has no route for the host and responds with 404.',
  fix: 'List the Gateway in spec.gateways, and also mesh if sidecars need the routes.',
  related: ['E029'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.GATEWAY, Kind.SERVICE],

  *run({ models: { mesh }, gateways, services }) {
    const { all } = mesh.virtualServices;
    const unbound = all.filter(({ config }) => config.spec.gateways === undefined);
    const served = new Map(unbound.length === 0 ? [] : gateways.all.flatMap(({ servers }) => servers).flatMap(({ hosts, gateway }) => (
      hosts.map(host => [splitServerHost(host)[1], gateway] as const))));
    const bound = new HostIndex<VirtualService>();
    all.filter(own => own.gateways.some(gateway => gateway !== MESH)).forEach(own => own.hosts.forEach(host => bound.add(host, own)));
    for (const { config: { manifest }, hosts } of unbound) {
      // A host that sidecars call by a Service is theirs.
      for (const host of hosts.filter(own => served.has(own) && isHostName(own) && services.at(own).length === 0 && bound.overlapping(own).length === 0)) {
        const message = `host ${host} is one of Gateway ${served.get(host)!}, which gets no route of it: spec.gateways is missing`;
        yield { manifest, pointer: '/spec', message };
      }
    }
  },
};
