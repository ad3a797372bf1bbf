// Gateway: the servers of ingress and egress gateways.
import type { Coverage } from './row';

const BEHIND_NLB = 'Not supported behind a Network Load Balancer; use a JSON patch';
const FILES = 'none: not supported; these are files in the gateway container. Use `EdgeGatewayOptions.credentialName`, which refers to a Secret';

export const GATEWAY: Coverage = {
  kind: 'networking.istio.io/v1 Gateway',
  words: 'Rendered by `EdgeGateway`, the field `gateway` of an `AlbIstioEdge`, and by `EgressGateway`.',
  rows: [
    ['selector{}', '`EdgeGatewayProps.workload`, `EgressGatewayProps.workload`: the labels of its pods, such as `GatewayWorkloadAttributes.labels`'],
    ['servers[].bind', 'none: not supported; only for servers that the gateway\'s own pods reach'],
    ['servers[].defaultEndpoint', 'none: not implemented in Istio'],
    ['servers[].hosts[]', '`EdgeGatewayProps.hosts`, `EdgeGatewayOptions.admittedHosts`, `EdgeGatewayOptions.admittedNamespaces`, and the hosts of routes: '
      + '`RouteProps.hosts`, `TlsRouteProps.hosts`'],
    ['servers[].name', 'none: not supported; only affects the names of statistics'],
    ['servers[].port.name', '`EdgeGatewayOptions.protocol`: `http` or `https`; `TcpRouteProps.port`: `tcp-` and the number'],
    ['servers[].port.number', '`EdgeGatewayOptions.protocol` selects the Service port: `GatewayWorkloadAttributes.httpPort` or '
      + '`GatewayWorkloadAttributes.httpsPort` for an existing gateway; `TcpRouteProps.port`'],
    ['servers[].port.protocol', '`EdgeGatewayOptions.protocol`: HTTP or HTTPS; TLS with a `TlsRoute`, TCP with a `TcpRoute`. '
      + 'HTTP servers also accept gRPC and HTTP/2'],
    ['servers[].port.targetPort', 'none: deprecated, and rejected by Istio'],
    ['servers[].tls.mode', '`EdgeGatewayOptions.protocol`: SIMPLE; `GatewayTlsOptions.clientCertificates`: MUTUAL and OPTIONAL_MUTUAL; PASSTHROUGH with a '
      + '`TlsRoute`; ISTIO_MUTUAL with an `EgressGateway`. Not supported: AUTO_PASSTHROUGH, for connections between clusters'],
    ['servers[].tls.httpsRedirect', '`EdgeGatewayOptions.protocol` HTTPS with `ServiceExposure.networkLoadBalancer`; behind an ALB the ALB redirects'],
    ['servers[].tls.credentialName', '`EdgeGatewayOptions.credentialName`, `EdgeGatewayOptions.certificate`'],
    ['servers[].tls.credentialNames[]', 'none: for an RSA and an ECDSA certificate; an ALB accepts either and verifies neither. ' + BEHIND_NLB],
    ['servers[].tls.caCertCredentialName', '`GatewayClientCertificates.caCertCredentialName`, behind a Network Load Balancer'],
    ['servers[].tls.subjectAltNames[]', '`GatewayClientCertificates.subjectAltNames`, behind a Network Load Balancer'],
    ['servers[].tls.(caCrl|verifyCertificateHash[]|verifyCertificateSpki[])', 'none: for individual client certificates. ' + BEHIND_NLB],
    ['servers[].tls.minProtocolVersion', '`GatewayTlsOptions.minProtocolVersion`, behind a Network Load Balancer; `AlbOptions.sslPolicy` behind an ALB'],
    ['servers[].tls.maxProtocolVersion', '`GatewayTlsOptions.maxProtocolVersion`, behind a Network Load Balancer'],
    ['servers[].tls.cipherSuites[]', '`GatewayTlsOptions.cipherSuites`, behind a Network Load Balancer'],
    ['servers[].tls.caCertificates', FILES],
    ['servers[].tls.(privateKey|serverCertificate)', FILES],
    ['servers[].tls.tlsCertificates[].(caCertificates|privateKey|serverCertificate)', FILES],
  ],
};
