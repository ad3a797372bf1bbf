// The choices about a Network Load Balancer in front of a gateway.
import type { AlbScheme, IpAddressType, TargetType } from '../../base/alb-annotations/words';

/** The choices about a Network Load Balancer. */
export interface NetworkLoadBalancerOptions {
  /**
   * Whether the load balancer has public addresses. It is always written, because the controller's own default is `internal`.
   * A change replaces the load balancer and its DNS name.
   *
   * @default AlbScheme.INTERNET_FACING
   */
  readonly scheme?: AlbScheme;

  /**
   * Subnet ids or Name tags, each in another availability zone. A zone cannot be taken away later.
   *
   * @default - the controller finds the subnets by their role tags
   */
  readonly subnets?: string[];

  /**
   * Security group ids or Name tags of the load balancer. Groups can only be added to a load balancer that was made with one. The
   * controller still keeps the rules from the load balancer to the pods or nodes.
   *
   * @default - the controller makes one group, open to everybody on the ports of the Service
   */
  readonly securityGroups?: string[];

  /**
   * Name of the load balancer in AWS: 1 to 32 letters, digits and hyphens. It is used at creation only.
   *
   * @default - the controller derives one
   */
  readonly loadBalancerName?: string;

  /**
   * Address families: IPv4, or both.
   *
   * @default IpAddressType.IPV4
   */
  readonly ipAddressType?: IpAddressType;

  /**
   * Allocations of Elastic IP addresses, one per subnet and in the order of `subnets`. For public addresses only.
   *
   * @default - AWS chooses the addresses
   */
  readonly eipAllocations?: string[];

  /**
   * Whether every zone of the load balancer sends to the gateway pods of all zones. Without it, a zone that has no ready pod drops
   * out of DNS. Traffic between zones costs extra.
   *
   * @default true
   */
  readonly crossZone?: boolean;

  /**
   * Whether the load balancer listens on 443. Without it the gateway can only speak plain HTTP.
   *
   * @default true
   */
  readonly https?: boolean;

  /**
   * Further ports that the load balancer listens on, for TCP routes: 1 to 65535, without 80, 443 and those of the proxy, 15000 to 15090.
   *
   * @default - none
   */
  readonly tcpPorts?: number[];

  /**
   * What is registered as targets. With nodes, the Service gets a listener for the status port too, because the health check needs
   * its node port.
   *
   * @default TargetType.IP
   */
  readonly targetType?: TargetType;

  /**
   * Whether connections begin with a header of PROXY protocol version 2, which carries the client's address. The gateway is told, and
   * then refuses connections without that header. Health checks turn to plain TCP: AWS puts the header there too, and the status port
   * would answer it with 400 (istio/istio#39868).
   *
   * @default false
   */
  readonly proxyProtocol?: boolean;

  /**
   * Whether the gateway sees the client's address as its peer. Clients that run on a node or pod which is also the target cannot
   * connect then: for an internal load balancer that is called from its own cluster, take `false`, or `proxyProtocol`. With nodes as
   * targets the Service's traffic policy becomes `Local`, because any other policy hides the address.
   *
   * @default true, unless `proxyProtocol` carries the address
   */
  readonly preserveClientIp?: boolean;

  /**
   * Whether AWS refuses to delete the load balancer.
   *
   * @default false
   */
  readonly deletionProtection?: boolean;

  /**
   * Further attributes of the load balancer, as AWS names them: `access_logs.s3.enabled`, `dns_record.client_routing_policy` …
   *
   * @default - none
   */
  readonly loadBalancerAttributes?: { readonly [key: string]: string };

  /**
   * Further attributes of the target groups, as AWS names them: `stickiness.enabled`, `target_health_state.unhealthy…` …
   *
   * @default - none
   */
  readonly targetGroupAttributes?: { readonly [key: string]: string };

  /**
   * Further tags of the load balancer, its listeners and target groups.
   *
   * @default - the controller's own tags
   */
  readonly tags?: { readonly [key: string]: string };
}
