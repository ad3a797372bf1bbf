// Requests are mirrored to a host or port that does not exist in the mesh.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { destinationFaults } from '../destination-resolution';

/** Istio 1.30: pilot/pkg/networking/core/route/route.go; Envoy 1.40: source/common/router/router.cc maybeDoShadowing. */
export const danglingMirror: Check = {
  id: 'dangling-mirror',
  severity: 'warning',
  title: 'Requests are mirrored to a host or port that does not exist',
  why: 'The proxy has no cluster for the mirror, so it drops all copies, without an error or a line in the access log. The requests themselves are not '
    + 'affected.',
  fix: 'Use the full host name, <service>.<namespace>.svc.cluster.local, and a port number of the Service, or remove the mirror.',
  related: ['IST0101'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.GATEWAY, Kind.NAMESPACE, Kind.SERVICE, Kind.SERVICE_ENTRY],

  run: subject => destinationFaults(subject, ({ isMirror }) => isMirror),
};
