// The Application Load Balancer: listeners and their rules, attributes, target groups, the IngressClass.
export { Alb, type AlbProps, BackendProtocolVersion, IpAddressType } from '../edge/alb/alb';
export {
  AlbAuth, type AlbCognitoOptions, type AlbJwtOptions, type AlbLoginOptions, type AlbOidcOptions, type JwtClaim, JwtClaimFormat,
  UnauthenticatedRequest,
} from '../edge/alb/auth';
export { AlbBackend, type AlbServiceOptions, type IAlbBackend } from '../edge/listener/backend';
export { ClientCertificates, type VerifyClientCertificatesOptions } from '../edge/listener/client-certificates';
export { type AlbForwardOptions, type AlbHostOptions, type AlbPathOptions } from '../edge/alb/forward-options';
export { type FrontendNlbHealthCheck, type FrontendNlbOptions, type FrontendNlbPort } from '../edge/alb/frontend-nlb';
export { DnsClientRoutingPolicy, type FrontendNlbAttributes } from '../edge/alb/frontend-nlb-attributes';
export { type AlbHealthCheck } from '../edge/alb/health-check';
export { type AlbIngressClassProps, type IAlbIngressClass } from '../edge/alb/ingress-class';
export { type IngressGroupProps } from '../edge/alb/ingress-group';
export { type HttpListenerOptions, type HttpsListenerOptions, ListenerProtocol } from '../edge/listener/listener';
export {
  ForwardTarget, ListenerAction, type ListenerForwardOptions, type ListenerRedirectOptions, type ListenerResponseOptions,
  ResponseContentType,
} from '../edge/listener/action';
export {
  ContentTypeOptions, type CorsHeaders, FrameOptions, type ListenerAttributes, type StrictTransportSecurity, type TlsRequestHeaderNames,
} from '../edge/listener/attributes';
export { ListenerCondition, type QueryPair } from '../edge/listener/condition';
export { type ListenerRuleOptions, RulePath } from '../edge/listener/rule';
export { ListenerTransform } from '../edge/listener/transform';
export { DesyncMitigationMode, type LoadBalancerAttributes, LogDestination, XffHeaderProcessing } from '../edge/alb/load-balancer-attributes';
export { type AlbOptions, type IIngressGroup, type LoadBalancerOptions } from '../edge/alb/options';
export {
  CrossZone, LoadBalancingAlgorithm, MinimumHealthyTargets, Stickiness, type TargetGroupAttributes,
} from '../edge/alb/target-group-attributes';
export { TargetGroupBinding, type TargetGroupBindingProps, TargetGroupSource } from '../edge/alb/target-group-binding';
