// A route destination is a host or port that does not exist in the mesh.
import { Kind } from '../../manifests/kind';
import type { Destination } from '../../manifests/virtual-service';
import type { Check } from '../check';
import { DestinationResolver, Resolution } from '../destination-resolution';
import type { Spot } from '../finding';
import { RouteUse } from '../route-use';

/** Istio 1.30: pilot/pkg/model/config.go ResolveShortnameToFQDN, pilot/pkg/networking/core/route/route.go GetDestinationCluster. */
export const danglingDestination: Check = {
  id: 'dangling-destination',
  severity: 'error',
  title: 'A route destination is a host or port that does not exist',
  why: 'The proxy has no cluster for the destination, so it responds to every request for it with 503 and the response flag NC. Istio completes '
    + 'only host names without a dot, with the namespace of the VirtualService: reviews.prod is not the Service reviews in namespace prod.',
  fix: 'Use the full host name, <service>.<namespace>.svc.cluster.local, and a port number of the Service.',
  related: ['E033', 'IST0101', 'IST0112', 'KIA1101'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.GATEWAY, Kind.NAMESPACE, Kind.SERVICE, Kind.SERVICE_ENTRY],

  *run(subject) {
    const resolver = new DestinationResolver(subject);
    const use = new RouteUse(subject);
    for (const virtualService of subject.virtualServices) {
      for (const route of virtualService.routes) {
        for (const destination of route.destinations) {
          const fault = destination.idle || destination.isMirror ? undefined : describe(resolver.resolve(route, destination), destination);
          if (fault && use.mayBeBuilt(virtualService, route)) {
            yield { manifest: virtualService.manifest, ...fault, pointer: destination.pointer + fault.pointer };
          }
        }
      }
    }
  },
};

const NOT_COMPLETED = 'contains a dot, so Istio treats it as a full name, and no Service or ServiceEntry has it';

function describe(resolution: Resolution, { completeHost: host, port }: Destination): Omit<Spot, 'manifest'> | undefined {
  switch (resolution.is) {
    case 'cut-short':
      return { pointer: '/host', message: `host "${host}" ${NOT_COMPLETED}`, fix: `Use ${resolution.meant}.` };
    case 'in-other-namespace': {
      const { name, namespace, meant } = resolution;
      const message = `Istio completes host "${name}" to ${host}, but the only Service with this name is in namespace ${namespace}`;
      return { pointer: '/host', message, fix: `Use ${meant}.` };
    }
    case 'no-port': {
      const message = `${host} has no port ${port}; its ports: ${resolution.ports}`;
      return { pointer: '/port', ...resolution.meant === undefined ? { message }
        : { message: `${message}; ${port} is the targetPort of ${resolution.meant}`, fix: `Use port ${resolution.meant}.` } };
    }
    case 'no-default-port':
      return { pointer: '', message: `${host} has several ports (${resolution.ports}), and the destination does not set one, so Istio uses the port `
        + `of the Gateway's server: ${resolution.gatewayPorts.join(', ')}` };
    default:
      return undefined;
  }
}
