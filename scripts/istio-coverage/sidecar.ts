// Sidecar: which services a sidecar is configured for, and its listeners.
import type { Coverage } from './row';

const TARGET_PORT = 'none: deprecated, and rejected by Istio';
const FILES_ALONE = 'none: rejected by Istio, because a sidecar\'s certificates are files';
const NOT_OFFERED = 'none: not supported; `SidecarTls` only has the certificates. Use a JSON patch';

export const SIDECAR: Coverage = {
  kind: 'networking.istio.io/v1 Sidecar',
  words: 'Rendered by `MeshSidecar`. `ConnectionPool` is the same as for a DestinationRule.',
  rows: [
    ['workloadSelector.labels{}', '`MeshSidecarProps.scope`: `PolicyScope.workload`, `PolicyScope.pods(labels)`'],
    ['egress[].hosts[]', '`MeshSidecarProps.reaches`, `MeshSidecarProps.hosts`, `SidecarEgressListener.hosts`'],
    ['egress[].bind', '`SidecarEgressListener.bind`'],
    ['egress[].captureMode', '`SidecarEgressListener.captureMode`'],
    ['egress[].port.(name|number|protocol)', '`SidecarEgressListener.portName`, `SidecarEgressListener.port`, `SidecarEgressListener.protocol`'],
    ['egress[].port.targetPort', TARGET_PORT],
    ['ingress[].bind', '`SidecarIngressListener.bind`'],
    ['ingress[].captureMode', '`SidecarIngressListener.captureMode`'],
    ['ingress[].defaultEndpoint', '`SidecarIngressListener.defaultEndpoint`'],
    ['ingress[].port.(name|number|protocol)', '`SidecarIngressListener.portName`, `SidecarIngressListener.port`, `SidecarIngressListener.protocol`'],
    ['ingress[].port.targetPort', TARGET_PORT],
    ['ingress[].tls.mode', '`SidecarIngressListener.tls`: `SidecarTls.simple`, `SidecarTls.mutual`. Not supported: ISTIO_MUTUAL and AUTO_PASSTHROUGH, '
      + 'which Istio rejects, PASSTHROUGH and OPTIONAL_MUTUAL'],
    ['ingress[].tls.(serverCertificate|privateKey)', '`SidecarTls.simple(serverCertificate, privateKey)`, `SidecarTls.mutual(serverCertificate, privateKey)`'],
    ['ingress[].tls.caCertificates', '`SidecarTls.mutual(caCertificates)`'],
    ['ingress[].tls.(credentialName|credentialNames[])', FILES_ALONE],
    ['ingress[].tls.tlsCertificates[].(caCertificates|privateKey|serverCertificate)', 'none: rejected by Istio in a Sidecar'],
    ['ingress[].tls.(httpsRedirect|subjectAltNames[])', 'none: rejected by Istio in a Sidecar'],
    ['ingress[].tls.(caCertCredentialName|caCrl)', NOT_OFFERED],
    ['ingress[].tls.(cipherSuites[]|maxProtocolVersion|minProtocolVersion)', NOT_OFFERED],
    ['ingress[].tls.(verifyCertificateHash[]|verifyCertificateSpki[])', NOT_OFFERED],
    ['inboundConnectionPool.*', '`MeshSidecarProps.inboundConnectionPool.*`'],
    ['ingress[].connectionPool.*', '`SidecarIngressListener.connectionPool`', 'inboundConnectionPool'],
    ['outboundTrafficPolicy.mode', '`MeshSidecarProps.outbound`: `OutboundTraffic.registryOnly`, `OutboundTraffic.allowAny`'],
    ['outboundTrafficPolicy.egressProxy.(host|port.number)', '`OutboundTraffic.allowAnyThrough(workload)`, `OutboundTraffic.allowAnyThroughSubset(subset)`'],
    ['outboundTrafficPolicy.egressProxy.subset', '`OutboundTraffic.allowAnyThroughSubset(subset)`'],
  ],
};
