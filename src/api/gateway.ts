// The Istio gateway: its servers, TLS and certificate, and the pods and Service that run it.
export { type GatewayDeploymentOptions, type GatewayResources } from '../edge/gateway-workload/deployment';
export { type GatewayWorkloadAttributes, InstalledGateway } from '../edge/gateway-workload/gateway-workload';
export { InjectedGateway, type InjectedGatewayOptions, type InjectedGatewayProps } from '../edge/gateway-workload/injected-gateway';
export { type InstalledGatewayOptions } from '../edge/gateway-workload/installed-gateway';
export { type NetworkLoadBalancerOptions } from '../edge/gateway-workload/network-load-balancer';
export { GatewayEntry, type GatewayNodePorts, type IGatewayWorkload } from '../edge/gateway-workload/service';
export { type IssuedCertificateOptions, IssuerKind, type SelfSignedCertificateOptions } from '../edge/gateway/certificate';
export { type EdgeGatewayOptions, type EdgeGatewayProps } from '../edge/gateway/gateway';
export { type GatewayAttributes } from '../edge/gateway/reference';
export { type GatewayClientCertificates, type GatewayTlsOptions, GatewayTlsVersion } from '../edge/gateway/tls';
