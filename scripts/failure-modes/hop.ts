// Failure modes that break traffic between the ALB and the gateway.
import type { FailureMode } from './row';

export const HOP: readonly FailureMode[] = [
  {
    id: 'E001', how: 'impossible', fault: 'Concrete hosts on the TLS server of the gateway, while an ALB sends no server name',
    symptom: '502 from the ALB for every request; health checks stay green',
    by: '`EdgeGateway` behind an ALB writes `<namespace>/*`; host names go to the routes',
    source: 'istio: pilot/pkg/networking/core/listener.go:1239',
    proof: [['hop', 'every server that an ALB reaches takes connections without a server name (E001)']],
  },
  {
    id: 'E002', how: 'impossible', fault: 'A gateway that asks the ALB for a client certificate, or passes TLS through',
    symptom: '502 for every request', by: 'behind an ALB `gateway.tls` and `TlsRoute` are refused; client certificates are a matter of `Listener.https`',
    proof: [['hop', 'a server with TLS has the mode SIMPLE and nothing but its Secret besides (E002)']],
  },
  {
    id: 'E003', how: 'impossible', fault: 'The ALB speaks plain HTTP to a port with TLS', symptom: '502 for every request',
    by: 'One prop, `gateway.protocol`, sets both ends', source: 'lbc: pkg/ingress/model_build_target_group.go:318',
    proof: [['hop', 'an ALB speaks TLS to a server with TLS (E003)']],
  },
  {
    id: 'E004', how: 'impossible', fault: 'The ALB speaks TLS to a port without it', symptom: '502 for every request',
    by: '`gateway.protocol`, as for E003', proof: [['hop', 'an ALB speaks plain HTTP to a server without TLS (E004)']],
  },
  {
    id: 'E005', how: 'impossible', fault: 'The health check follows the backend to HTTPS, which the status port does not speak',
    symptom: 'All targets unhealthy, while traffic passes because the ALB fails open',
    by: '`Alb` takes the protocol of the health check from the gateway, always HTTP; no prop changes it',
    source: 'lbc: pkg/ingress/model_build_target_group.go:411',
    proof: [['hop', 'a health check of the status port speaks plain HTTP, whatever the traffic speaks (E005)']],
  },
  {
    id: 'E006', how: 'impossible', fault: 'A health check on the number 15021 with nodes as targets, where nothing listens on it',
    symptom: 'All targets unhealthy', by: '`Alb` names the Service port; `statusPortName` takes no number',
    source: 'lbc: pkg/ingress/model_build_target_group.go:385',
    proof: [['hop', 'a health check names its port, on nodes too, and a number is no name (E006)']],
  },
  {
    id: 'E007', how: 'impossible', fault: 'A health check on a port name that the Service lacks, or that leads to a port name',
    symptom: 'FailedBuildModel; the group no longer changes',
    by: 'The gateway\'s Service has `status-port` with the number 15021. Open: Services behind `ForwardTarget.service` need that port too',
    source: 'lbc: pkg/ingress/model_build_target_group.go:398',
    proof: [['hop', 'the port of the health check is on the gateway\'s Service, with a number as target port (E007)']],
  },
  {
    id: 'E008', how: 'impossible', fault: 'A health check on the traffic port with the path /', symptom: 'Targets unhealthy with 404',
    by: '`Alb` asks the status port; only gRPC, which any answer satisfies, asks the traffic port',
    proof: [['hop', 'a health check goes to the traffic port for gRPC alone (E008)']],
  },
  {
    id: 'E009', how: 'impossible', fault: 'A health check that the gateway redirects to HTTPS', symptom: 'Targets unhealthy with 301',
    by: '`EdgeGateway` behind an ALB has no redirect',
    proof: [['hop', 'no server that an ALB reaches answers a health check with a redirect (E009)']],
  },
  {
    id: 'E010', how: 'impossible', fault: 'A gRPC health check on the status port, which speaks no gRPC', symptom: 'All targets unhealthy',
    by: '`protocolVersion: GRPC` moves the check to the traffic port and takes codes 0-99',
    source: 'lbc: pkg/ingress/model_build_target_group.go:424',
    proof: [['hop', 'a gRPC health check asks the traffic port, and any gRPC answer will do (E010)']],
  },
  {
    id: 'E011', how: 'default', fault: 'A target group of HTTP/2 or gRPC for clients that speak HTTP/1.1', symptom: '464; WebSockets fail',
    by: 'HTTP/1.1 unless `protocolVersion` says otherwise',
    proof: [['hop', 'a target group speaks HTTP/1.1 unless protocolVersion says otherwise (E011)']],
  },
  {
    id: 'E012', how: 'impossible', fault: 'A target group of HTTP/2 or gRPC behind a plain HTTP listener',
    symptom: 'AWS refuses the rule; nothing is updated', by: '`protocolVersion` needs an HTTPS listener, and HTTP ones beside it redirect',
    source: 'lbc: pkg/ingress/model_build_listener.go:72', proof: [['hop', '%s stands behind HTTPS listeners alone, HTTP ones redirect (E012)']],
  },
  {
    id: 'E013', how: 'impossible', fault: 'A gateway that demands a TLS version, cipher or key type that the ALB does not offer',
    symptom: '502 for every request', by: 'behind an ALB `gateway.tls` is refused; `GatewayCertificate` makes keys of ECDSA P-256',
    proof: [['hop', 'the gateway asks for no TLS version or cipher, and its key is one that an ALB takes (E013)']],
  },
  {
    id: 'E014', how: 'impossible', fault: 'A gateway that waits for the PROXY protocol, which an ALB does not speak',
    symptom: '502 or resets; health checks may pass', by: 'Only `ServiceExposure.networkLoadBalancer` has it, and no ALB may stand in front of that',
    source: 'istio: pilot/pkg/xds/filters/filters.go:162', proof: [['hop', 'a gateway behind an ALB never waits for the PROXY protocol (E014)']],
  },
  {
    id: 'E015', how: 'impossible', fault: 'The gateway redirects to HTTPS behind an ALB that has ended TLS', symptom: 'Too many redirects',
    by: 'HTTP redirects at the `Alb`; `EdgeGateway` redirects behind a Network Load Balancer alone',
    source: 'istio: pilot/pkg/networking/core/gateway.go:497', proof: [['hop', 'a gateway behind an ALB never redirects to HTTPS (E015)']],
  },
  {
    id: 'E016', how: 'impossible', fault: 'Plain HTTP to a gateway that overwrites X-Forwarded-Proto',
    symptom: 'Links and logins with http://; redirect loops in applications',
    by: '`gateway.protocol: HTTP` needs `trustedProxies` of 1 or more. Open: `GatewayWorkload.existing`, whose pods cannot be seen',
    source: 'istio: pilot/pkg/networking/core/gateway.go:729',
    proof: [['hop', 'plain HTTP needs a gateway that believes the ALB about HTTPS (E016)']],
  },
  {
    id: 'E017', how: 'impossible', fault: 'A Gateway whose selector is not on the pods', symptom: '502; health checks stay green',
    by: 'Selector and pod labels come from one object. Open: `GatewayWorkload.existing` takes your word for `labels`',
    source: 'istio: manifests/charts/gateway/templates/_helpers.tpl:18', proof: [['hop', 'a Gateway selects by labels that its pods have (E017)']],
  },
  {
    id: 'E018', how: 'impossible', fault: 'An Ingress to a gateway port without a server',
    symptom: '502; health checks stay green, because they ask the proxy alone',
    by: '`EdgeGateway` is the backend of `Alb`, and makes the server for the port', source: 'istio: pilot/pkg/networking/core/gateway.go:238',
    proof: [['hop', 'an Ingress forwards to no port without a server of the Gateway (E018)']],
  },
  {
    id: 'E019', how: 'impossible', fault: 'A Gateway that names the port of the pods or of the nodes', symptom: '502, 504 or refused connections',
    by: '`EdgeGateway` takes the Service port from the workload', source: 'istio: pilot/pkg/model/gateway.go:505',
    proof: [['hop', 'a Gateway names the ports of its Service, not of the pods (E019)']],
  },
  {
    id: 'E020', how: 'impossible', fault: 'A gateway without root on ports below 1024', symptom: 'Refused connections on 80 and 443',
    by: '`InjectedGateway` sets the sysctl, as Istio\'s chart does; the overlay for istioctl uses 8080 and 8443',
    source: 'istio: manifests/charts/gateway/templates/deployment.yaml:59',
    proof: [['hop', 'a gateway without root may bind the ports it is sent to (E020)']],
  },
  {
    id: 'E023', how: 'impossible', fault: 'HTTP and HTTPS on one port of the pods', symptom: 'One of the servers is missing: 502 or 404',
    by: 'Every Service port has a target port of its own', source: 'istio: pilot/pkg/model/gateway.go:309',
    proof: [['hop', 'two ports of a gateway\'s Service never lead to one port of its pods (E023)']],
  },
  {
    id: 'E024', how: 'impossible', fault: 'A Gateway that Istio refuses: TLS missing, TLS on HTTP, no hosts, a name twice',
    symptom: 'The apply fails, or the old one stays in force',
    by: '`EdgeGateway` writes the servers; `credentialName` or `certificate` is needed for HTTPS and refused for HTTP',
    source: 'istio: pkg/config/validation/validation.go:384',
    proof: [['hop', 'a Gateway has server names that differ, hosts, and TLS where and only where it says HTTPS (E024)']],
  },
  {
    id: 'E021', how: 'impossible', fault: 'Two Gateways with an HTTPS server for any name on one port of the same pods',
    symptom: 'One team\'s routes answer 404: the second server is dropped without an error',
    by: '`EdgeGateway` refuses a workload that another one of the app serves any name on',
    source: 'istio: pilot/pkg/model/gateway.go:298',
    proof: [['hop', 'one workload takes one HTTPS server for any name (E021)']],
  },
  {
    id: 'E022', how: 'impossible', fault: 'The same, with the namespaces of the hosts spelled differently',
    symptom: 'Envoy refuses the listener; new routes never appear',
    by: 'as for E021', source: 'istio: pilot/pkg/model/gateway.go:564',
    proof: [['hop', 'one workload takes no second HTTPS server for the names of another namespace (E022)']],
  },
  {
    id: 'E025', how: 'impossible', fault: 'A TLS Secret outside the namespace of the gateway\'s pods', symptom: '502; the gateway has no certificate',
    by: '`credentialName` takes no namespace; `certificate` makes the Secret beside the pods. Open: a Secret that is not there',
    source: 'istio: pilot/pkg/model/credentials/resource.go:96',
    proof: [['hop', 'a Secret is named without a namespace, and a certificate is made where the pods are (E025)']],
  },
  {
    id: 'E026', how: 'impossible', fault: 'A gateway Deployment without the labels of injection', symptom: 'Pods cannot pull the image `auto`; 503',
    by: '`InjectedGateway` writes them, and `podAnnotations` takes none of theirs',
    source: 'istio: manifests/charts/gateway/templates/_helpers.tpl:27',
    proof: [['hop', 'the pods of a gateway ask for injection, and no option takes that away (E026)']],
  },
];
