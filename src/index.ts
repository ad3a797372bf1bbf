// The door to build: edge, samples and charts, and the raw constructs of both CRD sets as namespaces.
export { type AlbProps, Alb, AlbScheme, BackendProtocol, BackendProtocolVersion, IpAddressType, TargetType } from './edge/alb';
export {
  AlbAuth, type AlbCognitoOptions, type AlbJwtOptions, type AlbLoginOptions, type AlbOidcOptions, type JwtClaim,
  JwtClaimFormat, UnauthenticatedRequest,
} from './edge/alb-auth';
export { type IAlbBackend } from './edge/alb-backend';
export { type AlbHealthCheck } from './edge/alb-health-check';
export { type AlbOptions, type IngressGroup } from './edge/alb-options';
export { ClientCertificates, type VerifyClientCertificatesOptions } from './edge/client-certificates';
export {
  type FrontendNlbHealthCheck, type FrontendNlbOptions, type FrontendNlbPort,
} from './edge/frontend-nlb';
export { DnsClientRoutingPolicy, type FrontendNlbAttributes } from './edge/frontend-nlb-attributes';
export {
  EdgeGateway, type EdgeGatewayOptions, type EdgeGatewayProps, type GatewayAttributes, type IGateway,
} from './edge/gateway';
export { GatewayCertificate, type IssuedCertificateOptions, IssuerKind, type SelfSignedCertificateOptions } from './edge/gateway-certificate';
export { type GatewayDeploymentOptions, type GatewayResources } from './edge/gateway-deployment';
export { GatewayEntry, type GatewayNodePorts, type IGatewayWorkload, ServiceExposure } from './edge/gateway-service';
export { type ExistingGatewayOptions, GatewayWorkload, InstalledGateway } from './edge/gateway-workload';
export { AlbIngressClass, type AlbIngressClassProps, type IAlbIngressClass } from './edge/ingress-class';
export { InjectedGateway, type InjectedGatewayOptions, type InjectedGatewayProps } from './edge/injected-gateway';
export { type InstalledGatewayOptions } from './edge/installed-gateway';
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
export { HeaderMatch, PathMatch } from './edge/match';
export { MeshTls, type MeshTlsOptions, type MeshTlsProps, MtlsMode } from './edge/mtls';
export { type NetworkLoadBalancerOptions } from './edge/network-load-balancer';
export { Route, type RouteOptions, type RouteProps } from './edge/route';
export { RetryOn, type RetryPolicy } from './edge/route-policy';
export { type RedirectOptions, RouteTarget, type WeightedSubset } from './edge/route-target';
export { Subsets, type SubsetsProps } from './edge/subsets';
export {
  CrossZone, LoadBalancingAlgorithm, MinimumHealthyTargets, Stickiness, type TargetGroupAttributes,
} from './edge/target-group-attributes';
export { TargetGroupBinding, type TargetGroupBindingProps, TargetGroupSource } from './edge/target-group-binding';
export { type IWorkload, Subset, Workload, type WorkloadProps } from './edge/workload';

export { Bookinfo, type BookinfoProps } from './samples/bookinfo';
export { CurlClient, type CurlClientProps } from './samples/curl-client';
export { Echoserver, type EchoserverProps } from './samples/echoserver';

export { AlbIstioEdge, type AlbIstioEdgeProps, type EdgeRouteOptions } from './chart/alb-istio-edge';
export { GitOpsApp, type GitOpsAppProps } from './chart/gitops-app';

export * as elbv2 from '../imports/elbv2';
export * as istio from '../imports/istio';
