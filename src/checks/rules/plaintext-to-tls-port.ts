// A route for HTTP leads to a port of a ServiceEntry that declares TLS, and no DestinationRule originates it.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { plaintextToTls } from '../plaintext-to-tls';

/** Istio 1.30: pilot/pkg/networking/core/cluster_tls.go; https://istio.io/latest/docs/tasks/traffic-management/egress/egress-tls-origination/ */
export const plaintextToTlsPort: Check = {
  id: 'plaintext-to-tls-port',
  severity: 'error',
  title: 'A route for HTTP leads to a TLS port of a ServiceEntry without TLS origination',
  why: 'The protocol of a port in a ServiceEntry does not make Istio send TLS. The proxy sends plain HTTP to a server that expects TLS, which responds with '
    + '400 or closes the connection.',
  fix: 'Add a DestinationRule for the host with tls.mode SIMPLE for the port, in the namespace of the client or of the ServiceEntry.',
  related: [],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.DEPLOYMENT, Kind.DESTINATION_RULE, Kind.ENVOY_FILTER, Kind.GATEWAY, Kind.SERVICE, Kind.SERVICE_ENTRY],

  *run(subject) {
    for (const { proxy, cluster: { service, port }, destination: { manifest, pointer, ...written } } of plaintextToTls(subject)) {
      const who = proxy.kind === 'router' ? `gateway ${namespacedName(proxy.workload)} sends` : `sidecars in namespace ${proxy.namespace} send`;
      const what = `${service.hostname}:${port.port}, which ServiceEntry ${namespacedName(service)} declares as ${port.protocol.toUpperCase()}`;
      yield { manifest, pointer: `${pointer}/${written.port === undefined ? 'host' : 'port'}`, message: `${who} plain HTTP to ${what}` };
    }
  },
};
