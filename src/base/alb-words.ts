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
