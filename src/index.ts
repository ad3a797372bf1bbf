// The door to build: edge, samples and charts, and the raw constructs of both CRD sets as namespaces.
export * from './edge/alb';
export * from './edge/alb-backend';
export * from './edge/gateway';
export { type GatewayNodePorts, type IGatewayWorkload, ServiceExposure } from './edge/gateway-service';
export * from './edge/gateway-workload';
export * from './edge/injected-gateway';
export * from './edge/listener';
export { HeaderMatch, PathMatch } from './edge/match';
export * from './edge/mtls';
export * from './edge/route';
export { RetryOn, type RetryPolicy } from './edge/route-policy';
export * from './edge/route-target';
export * from './edge/subsets';
export * from './edge/workload';

export * from './samples/bookinfo';
export * from './samples/curl-client';
export * from './samples/echoserver';

export * from './chart/alb-istio-edge';
export * from './chart/gitops-app';

export * as elbv2 from '../imports/elbv2';
export * as istio from '../imports/istio';
