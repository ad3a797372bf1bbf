// Failure modes that open a door.
import type { FailureMode } from './row';

export const SECURITY: readonly FailureMode[] = [
  {
    id: 'E083', how: 'impossible', fault: 'A gateway Service of type LoadBalancer beside the ALB',
    symptom: 'A second address without WAF, login and address limits', by: '`ServiceExposure.networkLoadBalancer` and an ALB exclude each other',
    source: 'istio: manifests/charts/gateway/values.yaml:42',
    proof: [['security', 'a gateway with an ALB has no load balancer of its own, and the other way round (E083)']],
  },
  {
    id: 'E086', how: 'impossible', fault: 'A Gateway with the bare host `*`', symptom: 'Every namespace can claim every host',
    by: '`EdgeGateway` lists namespaces: those of routes made here, and `admittedNamespaces`',
    source: 'istio: pilot/pkg/networking/core/gateway.go:449', proof: [['security', 'a Gateway lists namespaces, never all of them (E086)']],
  },
  {
    id: 'E087', how: 'default', fault: 'A group name that anybody may use', symptom: 'Ingresses of strangers take hosts and paths',
    by: 'A load balancer of its own unless `group` is given; `AlbIngressClass` has `groupName` with `namespaceLabels`',
    source: 'lbc: pkg/ingress/group_loader.go:232', proof: [['security', 'nobody can join the load balancer unless group says so (E087)']],
  },
  {
    id: 'E088', how: 'impossible', fault: 'The class as an annotation, which skips its parameters',
    symptom: 'An ALB without the guard rails of the platform',
    by: '`ingressClass` is always the field. Open: Ingresses of others; start the controller with `--disable-ingress-class-annotation`',
    source: 'lbc: pkg/ingress/group_loader.go:195', proof: [['security', 'an Ingress never escapes its class by the old annotation (E088)']],
  },
  {
    id: 'E089', how: 'impossible', fault: 'A redirect port of a class that is no number', symptom: 'Plain HTTP is served, and nothing says so',
    by: '`AlbIngressClass.sslRedirectPort` is a number', source: 'lbc: pkg/ingress/model_builder.go:516',
    proof: [['security', 'the redirect port of a class is a number (E089)']],
  },
  {
    id: 'E090', how: 'default', fault: 'More trusted proxies than there are, or an ALB that hands X-Forwarded-For on',
    symptom: 'Clients choose their own address',
    by: 'One proxy and an ALB that appends, unless `trustedProxies` or `xffHeaderProcessing` says otherwise',
    source: 'istio: pilot/pkg/networking/core/gateway.go:729',
    proof: [['security', 'one proxy is trusted, and the ALB appends, unless trustedProxies or xffHeaderProcessing says otherwise (E090)']],
  },
  {
    id: 'E092', how: 'impossible', fault: 'A gateway that believes X-Forwarded-Client-Cert', symptom: 'A forged header names any client',
    by: 'SANITIZE_SET is written, and `podAnnotations` does not take its annotation. Open: `GatewayWorkload.existing`',
    source: 'istio: pilot/pkg/networking/core/gateway.go:729',
    proof: [['security', 'a gateway takes no client certificate from a header, and no option changes that (E092)']],
  },
  {
    id: 'E094', how: 'impossible', fault: 'Mutual TLS for a port without an HTTPS listener',
    symptom: 'Nobody is asked for a certificate, and nothing says so', by: '`clientCertificates` is an option of `Listener.https`',
    source: 'lbc: pkg/ingress/model_build_listener.go:335',
    proof: [['security', 'client certificates are asked for on an HTTPS listener, which has the same port (E094)']],
  },
  {
    id: 'E095', how: 'default', fault: 'Passthrough taken for verification', symptom: 'Any certificate passes',
    by: '`ClientCertificates.verify` needs a trust store; `passthrough` and `off` have to be named',
    source: 'lbc: pkg/ingress/model_build_listener.go:380',
    proof: [['security', 'verification has a trust store, and unverified certificates are asked for by name (E095)']],
  },
  {
    id: 'E096', how: 'impossible', fault: 'Address limits beside security groups, which win',
    symptom: 'The ALB is open to the groups\' addresses instead',
    by: '`inboundCidrs` and `inboundPrefixLists`, of the class too, are refused beside `securityGroups`. Open: without any of them all may come',
    source: 'lbc: pkg/ingress/model_builder.go:387', proof: [['security', '%s are refused beside security groups, which would win (E096)']],
  },
  {
    id: 'E097', how: 'default', fault: 'The TLS policy left to the controller', symptom: 'TLS 1.0 is accepted',
    by: 'TLS 1.2 and 1.3 unless `sslPolicy` says otherwise', source: 'lbc: pkg/config/controller_config.go:49',
    proof: [['security', 'HTTPS speaks TLS 1.2 or later unless sslPolicy says otherwise (E097)']],
  },
  {
    id: 'E099', how: 'impossible', fault: 'A web ACL of WAF Classic, of CloudFront, or two at once',
    symptom: 'No protection, or another one than meant', by: '`wafv2AclArn` takes regional ones, and `wafv2AclName` not beside it',
    source: 'lbc: pkg/ingress/model_build_load_balancer_addons.go:35', proof: [['security', 'a web ACL is one of WAFv2, named once (E099)']],
  },
  {
    id: 'E100', how: 'impossible', fault: 'A policy for a namespace in the root namespace', symptom: 'It holds for the whole mesh',
    by: '`MeshTls` refuses `rootNamespace`; the whole mesh is meant only by `wholeMesh`, `protectMesh` and `PolicyScope.mesh()`',
    source: 'istio: pilot/pkg/model/authentication.go:109',
    proof: [['mesh', 'a policy for a whole namespace is not written into the root namespace (E100)']],
  },
  {
    id: 'E102', how: 'impossible', fault: 'Mutual TLS by port, with the port of the Service', symptom: 'The wrong port is open or closed',
    by: '`MeshTls` has one mode; `protectWorkload` takes ports of the pods, and says so. Open: a Service port written there',
    source: 'istio: pkg/config/validation/validation.go:1710',
    proof: [['mesh', 'a policy about mutual TLS has one mode and no ports (E102)']],
  },
  {
    id: 'E107', how: 'default', fault: 'Headers that two servers can read in two ways', symptom: 'Request smuggling',
    by: 'Invalid headers are dropped unless `dropInvalidHeaderFields` is false',
    proof: [['security', 'invalid headers are dropped unless dropInvalidHeaderFields is false (E107)']],
  },
  {
    id: 'E108', how: 'impossible', fault: 'Login at the ALB beside a plain HTTP listener', symptom: 'No login on port 80',
    by: '`auth` needs an HTTPS listener, and HTTP ones beside it redirect', source: 'lbc: pkg/ingress/model_build_actions.go:17',
    proof: [['ingress', 'login stands on HTTPS, and HTTP redirects there (E108)']],
  },
  {
    id: 'E043', how: 'impossible', fault: 'A policy on the gateway that denies everything', symptom: '403, RBAC: access denied',
    by: 'identities of the mesh and policies without a rule are refused at a gateway behind an ALB. Open: `Operation.ports` are ports of the pods',


    source: 'istio: pilot/pkg/security/authz/model/model.go:91',
    proof: [['security', 'a rule of a gateway behind an ALB asks for no identity of the mesh (E043)']],
  },
  {
    id: 'E044', how: 'impossible', fault: 'A policy that names another gateway identity', symptom: '403 at the workload',
    by: '`zeroTrust` takes the account that the Deployment has. Open: `gatewayServiceAccount` of a gateway that others install',
    proof: [['security', 'the gateway is let in by the account that its pods run as (E044)']],
  },
  {
    id: 'E045', how: 'impossible', fault: 'The token that the ALB signs, validated in the mesh', symptom: '401 from Envoy',
    by: '`RequestAuthentication` refuses `x-amzn-oidc-data`', source: 'istio/istio#36067',
    proof: [['security', 'a token that the ALB signs is not validated in the mesh, which cannot (E045)']],
  },
  {
    id: 'E091', how: 'impossible', fault: '`ipBlocks` where the address of the client is meant', symptom: 'All or nobody is let in',
    by: 'behind an ALB `Caller.ipBlocks` is refused at the gateway, and `remoteIpBlocks` at workloads and without trusted proxies',

    source: 'istio: pilot/pkg/security/authz/model/model.go:127',
    proof: [['security', 'a rule about client addresses is one of the gateway, about the address behind the ALB (E091)']],
  },
  {
    id: 'E103', how: 'impossible', fault: 'A rule about a host that a port gets around', symptom: 'A DENY that does not deny',
    by: '`Operation.hosts` writes the name with any port, too. Open: encoded paths; prefer ALLOW, and normalize paths in the mesh',
    source: 'istio: pilot/pkg/security/authz/matcher/header.go:58', proof: [['security', 'a rule about a host holds with a port behind the name, too (E103)']],
  },
];
