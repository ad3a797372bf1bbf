// Enums of ALB annotations; their values are the strings on the wire.

/** Whether the load balancer has public addresses. Changing it replaces the load balancer and its DNS name. */
export enum AlbScheme {
  /** Private addresses, reachable from the VPC and connected networks. */
  INTERNAL = 'internal',
  /** Public addresses. */
  INTERNET_FACING = 'internet-facing',
}

/** What the load balancer registers as targets. Changing it replaces the target group. */
export enum TargetType {
  /** Nodes, on the node port of the Service. The Service needs node ports. */
  INSTANCE = 'instance',
  /** Pods, on the target port of the Service. The pods need VPC addresses (Amazon VPC CNI). */
  IP = 'ip',
}

/** Protocol of a listener. */
export enum ListenerProtocol {
  HTTP = 'HTTP',
  HTTPS = 'HTTPS',
}

/** Protocol from the load balancer to its targets, and of its health checks. Changing it replaces the target group. */
export enum BackendProtocol {
  HTTP = 'HTTP',
  HTTPS = 'HTTPS',
}

/** HTTP version to the targets. Changing it replaces the target group. */
export enum BackendProtocolVersion {
  /** HTTP/1.1: any client, including WebSocket, but no gRPC. */
  HTTP1 = 'HTTP1',
  /** HTTP/2 clients only, including gRPC; HTTP/1.1 clients receive 464. */
  HTTP2 = 'HTTP2',
  /** gRPC clients only. Health checks are gRPC calls to the traffic port. */
  GRPC = 'GRPC',
}

/** Address families of a load balancer. The dualstack types need subnets with IPv6. */
export enum IpAddressType {
  IPV4 = 'ipv4',
  DUALSTACK = 'dualstack',
  /** Public IPv6 and private IPv4. */
  DUALSTACK_WITHOUT_PUBLIC_IPV4 = 'dualstack-without-public-ipv4',
}

/** What a listener does with client certificates. */
export enum MutualAuthenticationMode {
  /** Does not request a certificate. */
  OFF = 'off',
  /** Requests a certificate and forwards it in a header, unverified. */
  PASSTHROUGH = 'passthrough',
  /** Rejects clients whose certificate the trust store does not validate. */
  VERIFY = 'verify',
}

/** Whether a listener sends the names of its trusted CAs to clients. */
export enum AdvertiseTrustStoreCaNames {
  ON = 'on',
  OFF = 'off',
}

/** How clients log in at the load balancer. */
export enum AuthType {
  NONE = 'none',
  COGNITO = 'cognito',
  OIDC = 'oidc',
}

/** What happens to a request without a session. */
export enum UnauthenticatedRequest {
  /** The client is redirected to log in. */
  AUTHENTICATE = 'authenticate',
  /** The request is forwarded. */
  ALLOW = 'allow',
  /** The client receives a 401. */
  DENY = 'deny',
}

/** Which HTTP versions a TLS listener of a Network Load Balancer negotiates with clients. */
export enum AlpnPolicy {
  /** None. Clients then use HTTP/1.1. */
  NONE = 'None',
  /** HTTP/1.1 and 1.0. */
  HTTP1_ONLY = 'HTTP1Only',
  /** HTTP/2. */
  HTTP2_ONLY = 'HTTP2Only',
  /** HTTP/1.1 or 1.0 if the client has them, otherwise HTTP/2. */
  HTTP2_OPTIONAL = 'HTTP2Optional',
  /** HTTP/2 if the client has it, otherwise HTTP/1.1 or 1.0. */
  HTTP2_PREFERRED = 'HTTP2Preferred',
}
