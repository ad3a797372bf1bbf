// A VirtualService names a Gateway of the input, and the gateway has no route of it.
import { Kind } from '../../manifests/kind';
import { unusedVirtualServices } from '../../mesh/unused-virtual-services';
import type { Check } from '../check';
import { isRestricted } from '../routes/dropped-entries';
import { RouteUse } from '../route-use';
import { whyUnused } from '../routes/why-unused';

/** Istio 1.30: pilot/pkg/networking/core/gateway.go:398-571. */
export const unusedVirtualService: Check = {
  id: 'unused-virtual-service',
  severity: 'error',
  title: 'A gateway uses no route of a VirtualService that names it',
  why: 'Hosts, namespaces and protocols of the Gateway and of the VirtualService do not fit, and Istio says nothing about it. The gateway responds to requests '
    + 'for the host with 404, or closes the connection.',
  fix: 'Use hosts that a server of the Gateway has, export the VirtualService to the namespace of the gateway\'s pods, write http routes for a server that '
    + 'terminates TLS, and let their matches hold at the gateway.',
  related: ['E029', 'E030', 'E031', 'E032', 'IST0132', 'KIA1104'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.SERVICE],

  *run(subject) {
    const { models: { mesh }, gateways } = subject;
    const use = RouteUse.of(subject);
    // The routes of all gateways are made only where one VirtualService looks unused.
    const suspects = new Set(subject.virtualServices.filter(own => !use.mayBeUsedByGateway(own) || isRestricted(own.manifest)).map(({ manifest }) => manifest));
    const podsOf = (gateway: string) => mesh.gatewayWorkloads().filter(own => !own.isAssumed
      && mesh.gateway(own).merged.ports.some(({ servers }) => servers.some(server => server.gateway === gateway))).map(({ namespace }) => namespace);
    for (const unused of suspects.size === 0 ? [] : unusedVirtualServices(mesh).filter(own => suspects.has(own.virtualService.config.manifest))) {
      const { virtualService: { config: { manifest, spec } }, gateway } = unused;
      const [named, ...others] = gateways.named(gateway);
      const fault = named === undefined || others.length > 0 ? undefined
        : whyUnused(unused, named, [...new Set(podsOf(gateway))], subject.of(Kind.VIRTUAL_SERVICE));
      if (fault !== undefined) {
        const [field, message] = fault;
        yield { manifest, pointer: spec[field] === undefined ? '/spec' : `/spec/${field}`, message };
      }
    }
  },
};
