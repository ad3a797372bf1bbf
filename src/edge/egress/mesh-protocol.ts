// What is spoken on a port of a service in the mesh's registry, as far as Istio tells protocols apart.

/**
 * Protocols of ports (Istio 1.30, pkg/config/protocol). The filters of Mongo, MySQL and Redis are off unless istiod is told otherwise;
 * without them Istio takes these ports as TCP.
 */
export enum MeshProtocol {
  HTTP = 'HTTP',
  HTTP2 = 'HTTP2',
  GRPC = 'GRPC',
  GRPC_WEB = 'GRPC-WEB',
  /** TLS that the application opens itself, with HTTP inside that Istio cannot see. */
  HTTPS = 'HTTPS',
  /** TLS that the application opens itself, with anything inside; routed by its server name. */
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

/** Whether Istio sees the server name of the protocol, and no more. */
export function isTlsFamily(protocol: MeshProtocol): boolean {
  return TLS_FAMILY.has(protocol);
}
