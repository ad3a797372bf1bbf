// A route leads to a host or port that the mesh does not have.
import { Kind } from '../../model/kind';
import { Fate, Fates } from '../../model/fate';
import { hostOf } from '../../model/service';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/model/config.go ResolveShortnameToFQDN, pilot/pkg/networking/core/route/route.go GetDestinationCluster. */
export const danglingDestination: Check = {
  id: 'dangling-destination',
  severity: 'error',
  title: 'A route leads to a host or port that does not exist',
  why: 'The proxy has no cluster for the destination, so every request that the route sends there is answered with 503 and the '
    + 'response flag NC. Istio completes a name without a dot with the namespace of the VirtualService, and nothing else: '
    + 'reviews.prod is not the Service reviews in namespace prod.',
  fix: 'Write the full name, <service>.<namespace>.svc.cluster.local, and a port number of the Service.',
  related: ['IST0101', 'IST0112', 'KIA1101'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.GATEWAY, Kind.NAMESPACE, Kind.SERVICE, Kind.SERVICE_ENTRY],

  *run(model) {
    const fates = new Fates(model);
    for (const { manifest, routes } of model.virtualServices) {
      for (const route of routes) {
        for (const destination of route.destinations.filter(own => !own.idle)) {
          const told = tell(fates.of(route, destination), destination.completeHost, destination.port);
          if (told) {
            yield { manifest, pointer: destination.pointer + told.field, message: told.message, fix: told.fix };
          }
        }
      }
    }
  },
};

interface Told {
  readonly field: string;
  readonly message: string;
  readonly fix?: string;
}

function tell(fate: Fate, host: string, port: number | undefined): Told | undefined {
  switch (fate.is) {
    case 'cut-short':
      return { field: '/host', message: `host "${host}" is taken as complete and names no Service`, fix: `Write ${fate.meant}.` };
    case 'in-other-namespace': {
      const { name, namespace } = fate.meant;
      const message = `host "${name}" is read as ${host}, but the only Service of that name is in namespace ${namespace}`;
      return { field: '/host', message, fix: `Write ${hostOf(fate.meant)}.` };
    }
    case 'no-port':
      return { field: '/port', message: `${host} has no port ${port}; its ports: ${fate.ports}` };
    case 'no-default-port':
      return { field: '', message: `no port is given for ${host}, which has several: ${fate.ports}; the gateway's own port is taken instead, `
        + `and it has: ${fate.gatewayPorts.join(', ')}` };
    default:
      return undefined;
  }
}
