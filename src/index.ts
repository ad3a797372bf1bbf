// The door to build: edge, samples and charts, and the raw constructs of both CRD sets as namespaces.
export { type AlbProps, Alb, AlbScheme, BackendProtocol, BackendProtocolVersion, IpAddressType, TargetType } from './edge/alb';
export {
  AlbAuth, type AlbCognitoOptions, type AlbJwtOptions, type AlbLoginOptions, type AlbOidcOptions, type JwtClaim,
  JwtClaimFormat, UnauthenticatedRequest,
} from './edge/alb-auth';
export { type IAlbBackend } from './edge/alb-backend';
export { type AlbHealthCheck } from './edge/alb-health-check';
export { type AlbOptions, type IngressGroup } from './edge/alb-options';
export { AllowNothing, type AllowNothingProps } from './edge/allow-nothing';
export { AuthorityMatch } from './edge/authority';
export { AuthorizationAction, AuthorizationPolicy, type AuthorizationPolicyProps } from './edge/authorization-policy';
export { AuthorizationRule, type AuthorizationRuleOptions } from './edge/authorization-rule';
export { BlueGreen, type BlueGreenOptions, type BlueGreenProps } from './edge/blue-green';
export { Caller, type CallerOptions } from './edge/caller';
export { Canary, type CanaryOptions, type CanaryProps, WeightOwner } from './edge/canary';
export { ClaimMatch } from './edge/claim-match';
export { ClientCertificates, type VerifyClientCertificatesOptions } from './edge/client-certificates';
export { type ClientPolicy } from './edge/client-policy';
export { ClientTls, type MutualTlsOptions, type ServerNameOptions, type SimpleTlsOptions } from './edge/client-tls';
export { Attribute, Condition } from './edge/condition';
export { type ConnectionPool, H2UpgradePolicy, type HttpConnectionPool, type TcpConnectionPool, type TcpKeepalive } from './edge/connection-pool';
export { CorsOrigin, type CorsPolicy, UnmatchedPreflights } from './edge/cors';
export { Delegate, type DelegateAttributes, type DelegateProps } from './edge/delegate';
export { EgressGateway, type EgressGatewayProps } from './edge/egress-gateway';
export { type ExternalPort } from './edge/external-port';
export { ExternalService, type ExternalServiceProps, ServiceLocation } from './edge/external-service';
export { FaultAbort, type FaultDelay, type FaultInjection, GrpcStatus } from './edge/fault';
export {
  type FrontendNlbHealthCheck, type FrontendNlbOptions, type FrontendNlbPort,
} from './edge/frontend-nlb';
export { DnsClientRoutingPolicy, type FrontendNlbAttributes } from './edge/frontend-nlb-attributes';
export {
  EdgeGateway, type EdgeGatewayOptions, type EdgeGatewayProps,
} from './edge/gateway';
export { GatewayCertificate, type IssuedCertificateOptions, IssuerKind, type SelfSignedCertificateOptions } from './edge/gateway-certificate';
export { type GatewayDeploymentOptions, type GatewayResources } from './edge/gateway-deployment';
export { type GatewayAttributes, type IGateway } from './edge/gateway-reference';
export { GatewayEntry, type GatewayNodePorts, type IGatewayWorkload, ServiceExposure } from './edge/gateway-service';
export { type GatewayClientCertificates, type GatewayTlsOptions, GatewayTlsVersion } from './edge/gateway-tls';
export { type ExistingGatewayOptions, GatewayWorkload, InstalledGateway } from './edge/gateway-workload';
export { HashTable } from './edge/hash-table';
export { HeaderMatch } from './edge/header-match';
export { type HeaderOperations } from './edge/header-operations';
export { HostResolution } from './edge/host-resolution';
export { HttpScheme } from './edge/http-scheme';
export { AlbIngressClass, type AlbIngressClassProps, type IAlbIngressClass } from './edge/ingress-class';
export { InjectedGateway, type InjectedGatewayOptions, type InjectedGatewayProps } from './edge/injected-gateway';
export { type InstalledGatewayOptions } from './edge/installed-gateway';
export { type JwtClaimToHeader, type JwtHeader, type JwtRule } from './edge/jwt-rule';
export { type HttpListenerOptions, type HttpsListenerOptions, Listener, ListenerProtocol } from './edge/listener';
export {
  ForwardTarget, ListenerAction, type ListenerForwardOptions, type ListenerRedirectOptions, type ListenerResponseOptions, ResponseContentType,
} from './edge/listener-action';
export {
  ContentTypeOptions, type CorsHeaders, FrameOptions, type ListenerAttributes, type StrictTransportSecurity, type TlsRequestHeaderNames,
} from './edge/listener-attributes';
export { ListenerCondition, type QueryPair } from './edge/listener-condition';
export { type ListenerRuleOptions, RulePath } from './edge/listener-rule';
export { ListenerTransform } from './edge/listener-transform';
export { DesyncMitigationMode, type LoadBalancerAttributes, LogDestination, XffHeaderProcessing } from './edge/load-balancer-attributes';
export {
  type ConsistentHashOptions, type CookieAttribute, type CookieHashOptions, LoadBalancing, type LocalityOptions, type Warmup, type WarmupOptions,
} from './edge/load-balancing';
export { Locality, type LocalityShare, type RegionFailover } from './edge/locality';
export { type RouteConditions } from './edge/match';
export { type MeshCaller } from './edge/mesh-caller';
export { MeshProtocol } from './edge/mesh-protocol';
export { MeshRoute, type MeshRouteProps } from './edge/mesh-route';
export { Mirror } from './edge/mirror';
export { MeshTls, type MeshTlsOptions, type MeshTlsProps, MtlsMode, type WorkloadTlsOptions } from './edge/mtls';
export { type NetworkLoadBalancerOptions } from './edge/network-load-balancer-options';
export { type IObservabilityGateway, type ObservabilityOptions, ObservabilityUis, type ObservabilityUisProps } from './edge/observability';
export { ObservabilityUi, type ObservabilityUiOptions } from './edge/observability-ui';
export { Operation, type OperationOptions } from './edge/operation';
export { type OutlierDetection } from './edge/outlier-detection';
export { PathMatch, type PathMatchOptions } from './edge/path-match';
export { type GatewayScopeOptions, PolicyScope } from './edge/policy-scope';
export { QueryMatch } from './edge/query-match';
export { DerivePort, type RedirectOptions } from './edge/redirect';
export { type ReleaseProps } from './edge/release';
export { RequestAuthentication, type RequestAuthenticationProps } from './edge/request-authentication';
export { type RetryBudget } from './edge/retry-budget';
export { Rewrite, type RewriteOptions } from './edge/rewrite';
export { Route, type RouteProps } from './edge/route';
export { type RouteOptions, type RouteSettings } from './edge/route-options';
export { RetryOn, type RetryPolicy } from './edge/route-policy';
export { type IDelegate, RouteTarget, type WeightedShare, type WeightedSubset, type WeightedWorkload } from './edge/route-target';
export { type ServiceEndpoint } from './edge/service-endpoint';
export { MeshSidecar, type MeshSidecarProps, OutboundTraffic } from './edge/sidecar';
export { CaptureMode, type SidecarEgressListener, type SidecarIngressListener, SidecarTls } from './edge/sidecar-listener';
export { Subsets, type SubsetsProps, type VersionOptions } from './edge/subsets';
export {
  CrossZone, LoadBalancingAlgorithm, MinimumHealthyTargets, Stickiness, type TargetGroupAttributes,
} from './edge/target-group-attributes';
export { TargetGroupBinding, type TargetGroupBindingProps, TargetGroupSource } from './edge/target-group-binding';
export { TcpRoute, type TcpRouteProps } from './edge/tcp-route';
export { MeshTelemetry, type MeshTelemetryProps } from './edge/telemetry';
export { type AccessLog, TrafficMode } from './edge/telemetry-access-log';
export { IstioMetric, type MetricOverride, type Metrics, MetricTag } from './edge/telemetry-metrics';
export { TraceTag, type Tracing } from './edge/telemetry-tracing';
export { TlsRoute, type TlsRouteProps } from './edge/tls-route';
export { type PortTrafficPolicy, ProxyProtocolVersion, type TrafficPolicy, type TrafficSettings } from './edge/traffic-policy';
export { type Tunnel, TunnelProtocol } from './edge/tunnel';
export { type IWorkload, Subset, Workload, type WorkloadProps } from './edge/workload';
export { ZeroTrust, type ZeroTrustOptions, type ZeroTrustProps } from './edge/zero-trust';

export { Bookinfo, type BookinfoProps } from './samples/bookinfo';
export { CurlClient, type CurlClientProps } from './samples/curl-client';
export { Echoserver, type EchoserverProps } from './samples/echoserver';
export { Ecommerce, type EcommerceImages, type EcommerceProps } from './samples/ecommerce';

export { AlbIstioEdge } from './chart/alb-istio-edge';
export { DeliveryApp, type DeliveryAppProps } from './chart/delivery-app';
export { type AlbIstioEdgeProps, type EdgeBlueGreenOptions, type EdgeCanaryOptions, type EdgeRouteOptions } from './chart/edge-props';
export { GitOpsApp, type GitOpsAppProps } from './chart/gitops-app';
export { AlbIstioValidation } from './chart/validation-plugin';

export { ArgoApplication, type ArgoApplicationProps } from './delivery/argo-application';
export { ArgoApplicationSet, type ArgoApplicationSetProps, type ArgoMember } from './delivery/argo-application-set';
export { ArgoDestination } from './delivery/argo-destination';
export { type ArgoOptions } from './delivery/argo-options';
export { FluxDeletionPolicy, FluxDelivery, type FluxDeliveryProps } from './delivery/flux-delivery';
export { type FluxGitRepositoryOptions, FluxSource, FluxSourceKind } from './delivery/flux-source';

export * as elbv2 from '../imports/elbv2';
export * as istio from '../imports/istio';
