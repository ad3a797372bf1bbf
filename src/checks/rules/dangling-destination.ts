// A route destination is a host or port that does not exist in the mesh.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { destinationFaults } from '../destination-resolution';

/** Istio 1.30: pilot/pkg/model/config.go ResolveShortnameToFQDN, pilot/pkg/networking/core/route/route.go GetDestinationCluster. */
export const danglingDestination: Check = {
  id: 'dangling-destination',
  severity: 'error',
  title: 'A route destination is a host or port that does not exist',
  why: 'The proxy has no cluster for the destination, so it responds to every request for it with 503 and the response flag NC. Istio completes '
    + 'only host names without a dot, with the namespace of the VirtualService: reviews.prod is not the Service reviews in namespace prod.',
  fix: 'Use the full host name, <service>.<namespace>.svc.cluster.local, and a port number of the Service.',
  related: ['E033', 'E034', 'IST0101', 'IST0112', 'KIA1101'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.GATEWAY, Kind.NAMESPACE, Kind.SERVICE, Kind.SERVICE_ENTRY],

  run: subject => destinationFaults(subject, ({ isMirror }) => !isMirror),
};
