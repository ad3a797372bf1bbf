// ServiceEntry: services outside Kubernetes.
import type { Coverage } from './row';

export const SERVICE_ENTRY: Coverage = {
  kind: 'networking.istio.io/v1 ServiceEntry',
  words: 'Rendered by `ExternalService`.',
  rows: [
    ['hosts[]', '`ExternalServiceProps.hosts`'],
    ['addresses[]', '`ExternalServiceProps.addresses`'],
    ['exportTo[]', '`ExternalServiceProps.exportTo`'],
    ['location', '`ExternalServiceProps.location`'],
    ['subjectAltNames[]', '`ExternalServiceProps.subjectAltNames`'],
    ['ports[].*', '`ExternalPort.*`'],
    ['resolution', '`ExternalServiceProps.resolution`: `HostResolution.dns`, `HostResolution.dnsRoundRobin`, `HostResolution.dynamicDns`, '
      + '`HostResolution.fixed`, `HostResolution.pods`, `HostResolution.none`'],
    ['endpoints[].*', '`ServiceEndpoint.*`'],
    ['workloadSelector.labels{}', '`HostResolution.pods(labels)`'],
  ],
};
