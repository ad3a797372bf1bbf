// The Istio gateway: its servers, TLS and certificate, and the pods and Service that run it.
export { type GatewayDeploymentOptions } from '../edge/gateway-workload/deployment';
export { GatewayDisruptionBudget, type GatewayDisruptionBudgetOptions, UnhealthyPodEvictionPolicy } from '../edge/gateway-workload/disruption-budget';
export { type GatewayWorkloadAttributes, InstalledGateway } from '../edge/gateway-workload/gateway-workload';
export { InjectedGateway, type InjectedGatewayOptions, type InjectedGatewayProps } from '../edge/gateway-workload/injected-gateway';
export { GatewayInstaller, type InstalledGatewayOptions } from '../edge/gateway-workload/installed-gateway';
export { AlpnPolicy, type NetworkLoadBalancerOptions } from '../edge/gateway-workload/network-load-balancer';
export { type GatewayPodOptions } from '../edge/gateway-workload/pod-options';
export { type GatewayResources } from '../edge/gateway-workload/resources';
export { type GatewayScalingOptions, GatewayWorkloadKind } from '../edge/gateway-workload/scaling';
export { GatewayEntry, type GatewayNodePorts, type IGatewayWorkload } from '../edge/gateway-workload/service';
export { type IssuedCertificateOptions, IssuerKind, type SelfSignedCertificateOptions } from '../edge/gateway/certificate';
export { type EdgeGatewayOptions, type EdgeGatewayProps } from '../edge/gateway/gateway';
export { type GatewayAttributes } from '../edge/gateway/reference';
export { type GatewayClientCertificates, type GatewayTlsOptions, GatewayTlsVersion } from '../edge/gateway/tls';
