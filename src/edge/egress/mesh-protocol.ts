// Protocols of ports in the mesh's service registry, as Istio distinguishes them.

/**
 * Protocols of ports (Istio 1.30, pkg/config/protocol). The filters for Mongo, MySQL and Redis are off unless you enable them in istiod;
 * without them Istio treats these ports as TCP.
 */
export enum MeshProtocol {
  HTTP = 'HTTP',
  HTTP2 = 'HTTP2',
  GRPC = 'GRPC',
  GRPC_WEB = 'GRPC-WEB',
  /** TLS originated by the application, with HTTP inside that Istio cannot see. */
  HTTPS = 'HTTPS',
  /** TLS originated by the application, with any protocol inside; routed by SNI. */
  TLS = 'TLS',
  TCP = 'TCP',
  MONGO = 'MONGO',
  MYSQL = 'MYSQL',
  REDIS = 'REDIS',
}

const HTTP_FAMILY: ReadonlySet<string> = new Set([MeshProtocol.HTTP, MeshProtocol.HTTP2, MeshProtocol.GRPC, MeshProtocol.GRPC_WEB]);
const TLS_FAMILY: ReadonlySet<string> = new Set([MeshProtocol.HTTPS, MeshProtocol.TLS]);

/** Whether Istio sees the requests of the protocol. */
export function isHttpFamily(protocol: MeshProtocol): boolean {
  return HTTP_FAMILY.has(protocol);
}

/** Whether Istio sees only the server name (SNI) of the protocol. */
export function isTlsFamily(protocol: MeshProtocol): boolean {
  return TLS_FAMILY.has(protocol);
}
