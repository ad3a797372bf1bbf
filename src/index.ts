// The door to build: edge, samples and charts, and the raw constructs of both CRD sets as namespaces.
export { type AlbProps, Alb, AlbScheme, BackendProtocol, BackendProtocolVersion, IpAddressType, TargetType } from './edge/alb/alb';
export {
  AlbAuth, type AlbCognitoOptions, type AlbJwtOptions, type AlbLoginOptions, type AlbOidcOptions, type JwtClaim,
  JwtClaimFormat, UnauthenticatedRequest,
} from './edge/alb/auth';
export { type IAlbBackend } from './edge/alb/backend';
export { type AlbHealthCheck } from './edge/alb/health-check';
export { type AlbOptions, type IngressGroup } from './edge/alb/options';
export { AllowNothing, type AllowNothingProps } from './edge/security/allow-nothing';
export { AuthorityMatch } from './edge/match/authority';
export { AuthorizationAction, AuthorizationPolicy, type AuthorizationPolicyProps } from './edge/security/authorization-policy';
export { AuthorizationRule, type AuthorizationRuleOptions } from './edge/security/authorization-rule';
export { BlueGreen, type BlueGreenOptions, type BlueGreenProps } from './edge/release/blue-green';
export { Caller, type CallerOptions } from './edge/security/caller';
export { Canary, type CanaryOptions, type CanaryProps, WeightOwner } from './edge/release/canary';
export { ClaimMatch } from './edge/match/claim-match';
export { ClientCertificates, type VerifyClientCertificatesOptions } from './edge/alb/client-certificates';
export { type ClientPolicy } from './edge/traffic-policy/client-policy';
export { ClientTls, type MutualTlsOptions, type ServerNameOptions, type SimpleTlsOptions } from './edge/traffic-policy/client-tls';
export { Attribute, Condition } from './edge/security/condition';
export {
  type ConnectionPool, H2UpgradePolicy, type HttpConnectionPool, type TcpConnectionPool, type TcpKeepalive,
} from './edge/traffic-policy/connection-pool';
export { CorsOrigin, type CorsPolicy, UnmatchedPreflights } from './edge/routing/cors';
export { Delegate, type DelegateAttributes, type DelegateProps } from './edge/routing/delegate';
export { EgressGateway, type EgressGatewayProps } from './edge/egress/egress-gateway';
export { type ExternalPort } from './edge/egress/external-port';
export { ExternalService, type ExternalServiceProps, ServiceLocation } from './edge/egress/external-service';
export { FaultAbort, type FaultDelay, type FaultInjection, GrpcStatus } from './edge/routing/fault';
export {
  type FrontendNlbHealthCheck, type FrontendNlbOptions, type FrontendNlbPort,
} from './edge/alb/frontend-nlb';
export { DnsClientRoutingPolicy, type FrontendNlbAttributes } from './edge/alb/frontend-nlb-attributes';
export {
  EdgeGateway, type EdgeGatewayOptions, type EdgeGatewayProps,
} from './edge/gateway/gateway';
export { GatewayCertificate, type IssuedCertificateOptions, IssuerKind, type SelfSignedCertificateOptions } from './edge/gateway/certificate';
export { type GatewayDeploymentOptions, type GatewayResources } from './edge/gateway-workload/deployment';
export { type GatewayAttributes, type IGateway } from './edge/gateway/reference';
export { GatewayEntry, type GatewayNodePorts, type IGatewayWorkload, ServiceExposure } from './edge/gateway-workload/service';
export { type GatewayClientCertificates, type GatewayTlsOptions, GatewayTlsVersion } from './edge/gateway/tls';
export { type ExistingGatewayOptions, GatewayWorkload, InstalledGateway } from './edge/gateway-workload/gateway-workload';
export { HashTable } from './edge/traffic-policy/hash-table';
export { HeaderMatch } from './edge/match/header-match';
export { type HeaderOperations } from './edge/routing/header-operations';
export { HostResolution } from './edge/egress/host-resolution';
export { HttpScheme } from './edge/match/http-scheme';
export { AlbIngressClass, type AlbIngressClassProps, type IAlbIngressClass } from './edge/alb/ingress-class';
export { InjectedGateway, type InjectedGatewayOptions, type InjectedGatewayProps } from './edge/gateway-workload/injected-gateway';
export { type InstalledGatewayOptions } from './edge/gateway-workload/installed-gateway';
export { type JwtClaimToHeader, type JwtHeader, type JwtRule } from './edge/security/jwt-rule';
export { type HttpListenerOptions, type HttpsListenerOptions, Listener, ListenerProtocol } from './edge/alb/listener';
export {
  ForwardTarget, ListenerAction, type ListenerForwardOptions, type ListenerRedirectOptions, type ListenerResponseOptions, ResponseContentType,
} from './edge/alb/listener-action';
export {
  ContentTypeOptions, type CorsHeaders, FrameOptions, type ListenerAttributes, type StrictTransportSecurity, type TlsRequestHeaderNames,
} from './edge/alb/listener-attributes';
export { ListenerCondition, type QueryPair } from './edge/alb/listener-condition';
export { type ListenerRuleOptions, RulePath } from './edge/alb/listener-rule';
export { ListenerTransform } from './edge/alb/listener-transform';
export { DesyncMitigationMode, type LoadBalancerAttributes, LogDestination, XffHeaderProcessing } from './edge/alb/load-balancer-attributes';
export {
  type ConsistentHashOptions, type CookieAttribute, type CookieHashOptions, LoadBalancing, type LocalityOptions, type Warmup, type WarmupOptions,
} from './edge/traffic-policy/load-balancing';
export { Locality, type LocalityShare, type RegionFailover } from './edge/traffic-policy/locality';
export { type RouteConditions } from './edge/match/match';
export { type MeshCaller } from './edge/match/mesh-caller';
export { MeshProtocol } from './edge/egress/mesh-protocol';
export { MeshRoute, type MeshRouteProps } from './edge/routing/mesh-route';
export { Mirror } from './edge/routing/mirror';
export { MeshTls, type MeshTlsOptions, type MeshTlsProps, MtlsMode, type WorkloadTlsOptions } from './edge/security/mtls';
export { type NetworkLoadBalancerOptions } from './edge/gateway-workload/network-load-balancer-options';
export { type IObservabilityGateway, type ObservabilityOptions, ObservabilityUis, type ObservabilityUisProps } from './edge/observability/observability';
export { ObservabilityUi, type ObservabilityUiOptions } from './edge/observability/ui';
export { Operation, type OperationOptions } from './edge/security/operation';
export { type OutlierDetection } from './edge/traffic-policy/outlier-detection';
export { PathMatch, type PathMatchOptions } from './edge/match/path-match';
export { type GatewayScopeOptions, PolicyScope } from './edge/security/policy-scope';
export { QueryMatch } from './edge/match/query-match';
export { DerivePort, type RedirectOptions } from './edge/routing/redirect';
export { type ReleaseProps } from './edge/release/release';
export { RequestAuthentication, type RequestAuthenticationProps } from './edge/security/request-authentication';
export { type RetryBudget } from './edge/traffic-policy/retry-budget';
export { Rewrite, type RewriteOptions } from './edge/routing/rewrite';
export { Route, type RouteProps } from './edge/routing/route';
export { type RouteOptions, type RouteSettings } from './edge/routing/route-options';
export { RetryOn, type RetryPolicy } from './edge/routing/route-policy';
export { type IDelegate, RouteTarget, type WeightedShare, type WeightedSubset, type WeightedWorkload } from './edge/routing/route-target';
export { type ServiceEndpoint } from './edge/egress/service-endpoint';
export { MeshSidecar, type MeshSidecarProps, OutboundTraffic } from './edge/egress/sidecar';
export { CaptureMode, type SidecarEgressListener, type SidecarIngressListener, SidecarTls } from './edge/egress/sidecar-listener';
export { Subsets, type SubsetsProps, type VersionOptions } from './edge/traffic-policy/subsets';
export {
  CrossZone, LoadBalancingAlgorithm, MinimumHealthyTargets, Stickiness, type TargetGroupAttributes,
} from './edge/alb/target-group-attributes';
export { TargetGroupBinding, type TargetGroupBindingProps, TargetGroupSource } from './edge/alb/target-group-binding';
export { TcpRoute, type TcpRouteProps } from './edge/routing/tcp-route';
export { MeshTelemetry, type MeshTelemetryProps } from './edge/telemetry/telemetry';
export { type AccessLog, TrafficMode } from './edge/telemetry/access-log';
export { IstioMetric, type MetricOverride, type Metrics, MetricTag } from './edge/telemetry/metrics';
export { TraceTag, type Tracing } from './edge/telemetry/tracing';
export { TlsRoute, type TlsRouteProps } from './edge/routing/tls-route';
export { type PortTrafficPolicy, ProxyProtocolVersion, type TrafficPolicy, type TrafficSettings } from './edge/traffic-policy/traffic-policy';
export { type Tunnel, TunnelProtocol } from './edge/traffic-policy/tunnel';
export { type IWorkload, Subset, Workload, type WorkloadProps } from './edge/workload/workload';
export { ZeroTrust, type ZeroTrustOptions, type ZeroTrustProps } from './edge/security/zero-trust';

export { Bookinfo, type BookinfoProps } from './samples/bookinfo';
export { CurlClient, type CurlClientProps } from './samples/curl-client';
export { Echoserver, type EchoserverProps } from './samples/echoserver';
export { Ecommerce, type EcommerceImages, type EcommerceProps } from './samples/ecommerce';

export { AlbIstioEdge } from './chart/alb-istio-edge';
export { DeliveryApp, type DeliveryAppProps } from './gitops/delivery-app';
export { type AlbIstioEdgeProps, type EdgeBlueGreenOptions, type EdgeCanaryOptions, type EdgeRouteOptions } from './chart/edge-props';
export { GitOpsApp, type GitOpsAppProps } from './gitops/gitops-app';
export { AlbIstioValidation } from './chart/validation-plugin';

export { ArgoApplication, type ArgoApplicationProps } from './gitops/delivery/argo-application';
export { ArgoApplicationSet, type ArgoApplicationSetProps, type ArgoMember } from './gitops/delivery/argo-application-set';
export { ArgoDestination } from './gitops/delivery/argo-destination';
export { type ArgoOptions } from './gitops/delivery/argo-options';
export { FluxDeletionPolicy, FluxDelivery, type FluxDeliveryProps } from './gitops/delivery/flux-delivery';
export { type FluxGitRepositoryOptions, FluxSource, FluxSourceKind } from './gitops/delivery/flux-source';

export * as elbv2 from '../imports/elbv2';
export * as istio from '../imports/istio';
