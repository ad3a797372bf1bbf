// Traffic that leaves the mesh: external services, the egress gateway, sidecar scopes.
export { EgressGateway, type EgressGatewayProps } from '../edge/egress/egress-gateway';
export { type ExternalPort } from '../edge/egress/external-port';
export { ExternalService, type ExternalServiceProps, ServiceLocation } from '../edge/egress/external-service';
export { HostResolution } from '../edge/egress/host-resolution';
export { MeshProtocol } from '../edge/egress/mesh-protocol';
export { type ServiceEndpoint } from '../edge/egress/service-endpoint';
export { MeshSidecar, type MeshSidecarProps, OutboundTraffic } from '../edge/egress/sidecar';
export { CaptureMode, type SidecarEgressListener, type SidecarIngressListener, SidecarTls } from '../edge/egress/sidecar-listener';
