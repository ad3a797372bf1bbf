// Gateway: the servers of gateways for requests that come in, and of those that requests leave by.
import type { Coverage } from './row';

const BEHIND_NLB = 'Behind a Network Load Balancer not offered; write it by a JSON patch';
const FILES = 'none: not offered; these are files in the gateway\'s container, and `EdgeGatewayOptions.credentialName` names a Secret instead';

export const GATEWAY: Coverage = {
  kind: 'networking.istio.io/v1 Gateway',
  words: 'Made by `EdgeGateway`, which is `gateway` of an `AlbIstioEdge`, and by `EgressGateway`.',
  rows: [
    ['selector{}', '`EdgeGatewayProps.workload`, `EgressGatewayProps.workload`: the labels of its pods, such as `ExistingGatewayOptions.labels`'],
    ['servers[].bind', 'none: not offered; it is for servers that only the gateway\'s own pods reach'],
    ['servers[].defaultEndpoint', 'none: not implemented in Istio'],
    ['servers[].hosts[]', '`EdgeGatewayProps.hosts`, `EdgeGatewayOptions.admittedHosts`, `EdgeGatewayOptions.admittedNamespaces`, and hosts of routes: '
      + '`RouteProps.hosts`, `TlsRouteProps.hosts`'],
    ['servers[].name', 'none: not offered; it names statistics and changes nothing else'],
    ['servers[].port.name', '`EdgeGatewayOptions.protocol`: `http` or `https`; `TcpRouteProps.port`: `tcp-` and the number'],
    ['servers[].port.number', '`EdgeGatewayOptions.protocol` chooses the port of the Service, `ExistingGatewayOptions.httpPort` or '
      + '`ExistingGatewayOptions.httpsPort` where it is not ours; `TcpRouteProps.port`'],
    ['servers[].port.protocol', '`EdgeGatewayOptions.protocol`: HTTP or HTTPS; TLS by a `TlsRoute`, TCP by a `TcpRoute`. '
      + 'HTTP servers take gRPC and HTTP/2 too'],
    ['servers[].port.targetPort', 'none: deprecated, and refused by Istio'],
    ['servers[].tls.mode', '`EdgeGatewayOptions.protocol`: SIMPLE; `GatewayTlsOptions.clientCertificates`: MUTUAL and OPTIONAL_MUTUAL; PASSTHROUGH by a '
      + '`TlsRoute`; ISTIO_MUTUAL by an `EgressGateway`. Not AUTO_PASSTHROUGH, which is for connections between clusters'],
    ['servers[].tls.httpsRedirect', '`EdgeGatewayOptions.protocol` HTTPS with `ServiceExposure.networkLoadBalancer`; behind an ALB the ALB redirects'],
    ['servers[].tls.credentialName', '`EdgeGatewayOptions.credentialName`, `EdgeGatewayOptions.certificate`'],
    ['servers[].tls.credentialNames[]', 'none: two certificates, RSA and ECDSA; an ALB takes either and verifies neither. ' + BEHIND_NLB],
    ['servers[].tls.caCertCredentialName', '`GatewayClientCertificates.caCertCredentialName`, behind a Network Load Balancer'],
    ['servers[].tls.subjectAltNames[]', '`GatewayClientCertificates.subjectAltNames`, behind a Network Load Balancer'],
    ['servers[].tls.(caCrl|verifyCertificateHash[]|verifyCertificateSpki[])', 'none: single certificates of clients. ' + BEHIND_NLB],
    ['servers[].tls.minProtocolVersion', '`GatewayTlsOptions.minProtocolVersion`, behind a Network Load Balancer; `AlbOptions.sslPolicy` behind an ALB'],
    ['servers[].tls.maxProtocolVersion', '`GatewayTlsOptions.maxProtocolVersion`, behind a Network Load Balancer'],
    ['servers[].tls.cipherSuites[]', '`GatewayTlsOptions.cipherSuites`, behind a Network Load Balancer'],
    ['servers[].tls.caCertificates', FILES],
    ['servers[].tls.(privateKey|serverCertificate)', FILES],
    ['servers[].tls.tlsCertificates[].(caCertificates|privateKey|serverCertificate)', FILES],
  ],
};
