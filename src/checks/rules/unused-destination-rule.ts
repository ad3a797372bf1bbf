// The host of a DestinationRule does not exist in the mesh.
import { completeHost } from '../../base/istio/names';
import { Kind } from '../../manifests/kind';
import { namespaceOf, specOf } from '../../manifests/manifest';
import { asText } from '../../manifests/plain-json';
import type { Check } from '../check';
import { hostFault } from '../host-fault';

/** Istio 1.30: pkg/config/analysis/analyzers/destinationrule/subset.go. */
export const unusedDestinationRule: Check = {
  id: 'unused-destination-rule',
  severity: 'warning',
  title: 'The host of a DestinationRule does not exist',
  why: 'No proxy uses the rule. Its TLS settings, subsets and limits have no effect on the Service that is probably meant, and Istio says nothing about it. '
    + 'Istio completes only host names without a dot, with the namespace of the DestinationRule: reviews.prod is not the Service reviews in namespace prod.',
  fix: 'Use the full host name, <service>.<namespace>.svc.cluster.local, or remove the rule.',
  related: ['IST0174'],
  about: [Kind.DESTINATION_RULE],
  reads: [Kind.SERVICE, Kind.SERVICE_ENTRY],

  *run(subject) {
    for (const manifest of subject.of(Kind.DESTINATION_RULE)) {
      const written = asText(specOf(manifest).host) ?? '';
      const host = completeHost(written, namespaceOf(manifest), subject.settings.clusterDomain);
      const fault = subject.services.at(host).length > 0 ? undefined : hostFault(subject.absentHosts.of(host, false), written, host);
      if (fault !== undefined) {
        yield { manifest, pointer: '/spec/host', ...fault };
      }
    }
  },
};
