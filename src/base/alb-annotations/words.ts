// The closed sets of words that ALB annotations accept; the enum values are the words on the wire.

/** Where the load balancer's addresses are. A change replaces the load balancer and its DNS name. */
export enum AlbScheme {
  /** Private addresses: reachable from the VPC and what is connected to it. */
  INTERNAL = 'internal',
  /** Public addresses. */
  INTERNET_FACING = 'internet-facing',
}

/** What the load balancer registers as targets. A change replaces the target group. */
export enum TargetType {
  /** Nodes, on the node port of the Service. The Service needs node ports. */
  INSTANCE = 'instance',
  /** Pods, on the target port of the Service. The pods need addresses that the VPC routes (Amazon VPC CNI). */
  IP = 'ip',
}

/** Protocol of a listener. */
export enum ListenerProtocol {
  HTTP = 'HTTP',
  HTTPS = 'HTTPS',
}

/** Protocol from the load balancer to its targets, and of its health checks. A change replaces the target group. */
export enum BackendProtocol {
  HTTP = 'HTTP',
  HTTPS = 'HTTPS',
}

/** HTTP version towards the targets. A change replaces the target group. */
export enum BackendProtocolVersion {
  /** HTTP/1.1: any client, WebSocket included, but no gRPC. */
  HTTP1 = 'HTTP1',
  /** HTTP/2 clients only, gRPC included; HTTP/1.1 clients get 464. */
  HTTP2 = 'HTTP2',
  /** gRPC clients only. Health checks are gRPC calls to the traffic port. */
  GRPC = 'GRPC',
}

/** Address families of a load balancer. The dualstack ones need subnets with IPv6. */
export enum IpAddressType {
  IPV4 = 'ipv4',
  DUALSTACK = 'dualstack',
  /** IPv6 for the public, IPv4 inside the VPC. */
  DUALSTACK_WITHOUT_PUBLIC_IPV4 = 'dualstack-without-public-ipv4',
}

/** What a listener does with client certificates. */
export enum MutualAuthenticationMode {
  /** Asks for none. */
  OFF = 'off',
  /** Asks for one and hands it on in a header, unverified. */
  PASSTHROUGH = 'passthrough',
  /** Refuses clients whose certificate the trust store does not vouch for. */
  VERIFY = 'verify',
}

/** Whether a listener tells clients the names of the authorities that it trusts. */
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
  /** The client is sent to log in. */
  AUTHENTICATE = 'authenticate',
  /** The request goes through. */
  ALLOW = 'allow',
  /** The client gets 401. */
  DENY = 'deny',
}
