// A VirtualService has the host of a Gateway, and no gateways: it is for sidecars only.
import { isHostName } from '../../base/host';
import { HostIndex } from '../../base/host-index';
import { MESH } from '../../base/istio/names';
import { Kind } from '../../manifests/kind';
import { splitServerHost } from '../../mesh/objects/gateways';
import type { VirtualService } from '../../mesh/virtual-services';
import type { Check } from '../check';
import { forgottenGateway } from '../forgotten-gateways';

/** Istio 1.30: pilot/pkg/networking/core/route/route.go:447-464; the reference of VirtualService. */
export const virtualServiceWithoutGateway: Check = {
  id: 'virtual-service-without-gateway',
  severity: 'error',
  title: 'A VirtualService has the host of a Gateway, but no gateways',
  why: 'Without gateways a VirtualService is for the sidecars of the mesh only. The gateway has no route for the host and responds with 404.',
  fix: 'List the Gateway in spec.gateways, and also mesh if sidecars need the routes.',
  related: ['E029'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.GATEWAY, Kind.INGRESS, Kind.SERVICE, Kind.SERVICE_ENTRY],

  *run(subject) {
    const { models: { mesh }, gateways, services } = subject;
    const { all } = mesh.virtualServices;
    const unbound = all.filter(({ config }) => config.spec.gateways === undefined);
    const served = new Map(unbound.length === 0 ? [] : gateways.all.flatMap(({ servers }) => servers).flatMap(({ hosts, gateway }) => (
      hosts.map(host => [splitServerHost(host)[1], gateway] as const))));
    const bound = new HostIndex<VirtualService>();
    all.filter(own => own.gateways.some(gateway => gateway !== MESH)).forEach(own => own.hosts.forEach(host => bound.add(host, own)));
    for (const virtualService of unbound) {
      const { config: { manifest }, hosts } = virtualService;
      // A host that sidecars call by a Service is theirs.
      for (const host of hosts.filter(own => isHostName(own) && services.at(own).length === 0 && bound.overlapping(own).length === 0)) {
        const wildcard = served.has(host) ? undefined : forgottenGateway(virtualService, host, subject);
        const where = served.has(host) ? `one of Gateway ${served.get(host)!}` : wildcard && `covered by ${wildcard.pattern} of Gateway ${wildcard.gateway}`;
        if (where !== undefined) {
          yield { manifest, pointer: '/spec', message: `host ${host} is ${where}, which gets no route of it: spec.gateways is missing` };
        }
      }
    }
  },
};
