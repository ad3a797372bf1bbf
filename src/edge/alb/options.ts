// The options of the load balancer. Everything else is derived from the backend.
import type { Duration } from 'cdk8s';
import type { AlbScheme, IpAddressType } from '../../base/alb-annotations/words';
import type { AlbController } from '../../base/alb-annotations/controller';
import type { AlbForwardOptions } from './forward-options';
import type { FrontendNlbOptions } from './frontend-nlb';
import type { IAlbIngressClass } from './ingress-class';
import type { Listener } from '../listener/listener';
import type { LoadBalancerAttributes } from './load-balancer-attributes';

/** A group of Ingresses, in any namespaces, that share one load balancer. */
export interface IIngressGroup {
  /** Name of the group. */
  readonly groupName: string;
}

/** Options of the load balancer itself, which all members of an IngressGroup share. */
export interface LoadBalancerOptions {
  /**
   * Whether the load balancer has public addresses. Always written, because the controller's own default is `internal`.
   * Changing it replaces the load balancer and its DNS name.
   *
   * @default AlbScheme.INTERNET_FACING
   */
  readonly scheme?: AlbScheme;

  /**
   * ARNs of the certificates of the HTTPS listeners. The first is the default certificate; the others are selected by SNI.
   *
   * @default - the controller discovers issued ACM certificates that cover the hosts
   */
  readonly certificateArns?: string[];

  /**
   * Security policy of the HTTPS listeners. The controller's own default, ELBSecurityPolicy-2016-08, accepts TLS 1.0.
   *
   * @default 'ELBSecurityPolicy-TLS13-1-2-2021-06', which accepts TLS 1.3 and 1.2
   */
  readonly sslPolicy?: string;

  /**
   * The listeners. If there are both HTTP and HTTPS listeners, HTTP redirects to the first HTTPS port.
   *
   * @default - HTTP on 80 and HTTPS on 443
   */
  readonly listeners?: Listener[];

  /**
   * Address families. The dualstack types need subnets with IPv6.
   *
   * @default IpAddressType.IPV4
   */
  readonly ipAddressType?: IpAddressType;

  /**
   * Subnet ids or Name tags, at least two, in different availability zones.
   *
   * @default - the controller finds the subnets by their role tags
   */
  readonly subnets?: string[];

  /**
   * Name of the load balancer in AWS: 1 to 32 letters, digits and hyphens. Only used when the load balancer is created.
   *
   * @default - the controller derives one
   */
  readonly loadBalancerName?: string;

  /**
   * Attributes of the load balancer.
   *
   * @default - invalid header fields are dropped; everything else has the AWS default
   */
  readonly attributes?: LoadBalancerAttributes;

  /**
   * Reserved capacity, in LCU per hour, up to 999,999,999; 0 ends a reservation.
   *
   * @default - none
   */
  readonly minimumCapacityUnits?: number;

  /**
   * IPAM pool from which public IPv4 addresses are allocated first.
   *
   * @default - none
   */
  readonly ipamIpv4PoolId?: string;

  /**
   * Customer-owned address pool, for a load balancer on an Outpost.
   *
   * @default - none
   */
  readonly customerOwnedIpv4Pool?: string;

  /**
   * AWS tags on all resources that the controller creates.
   *
   * @default - only the controller's own tags
   */
  readonly tags?: { readonly [key: string]: string };

  /**
   * ARN of a regional WAFv2 web ACL, or `none` to remove one.
   *
   * @default - unchanged in AWS
   */
  readonly wafv2AclArn?: string;

  /**
   * Name of a regional WAFv2 web ACL, instead of the ARN. The controller looks it up.
   *
   * @default - unchanged in AWS
   */
  readonly wafv2AclName?: string;

  /**
   * Shield Advanced protection. Requires a subscription.
   *
   * @default - unchanged in AWS
   */
  readonly shieldAdvancedProtection?: boolean;

  /**
   * Source addresses that may reach the listeners, as CIDR blocks. With `frontendNlb`, include the subnets of that load balancer: its health
   * checks come from there.
   *
   * @default - all
   */
  readonly inboundCidrs?: string[];

  /**
   * Managed prefix lists that may reach the listeners. As soon as one is set, all other sources are blocked.
   *
   * @default - none
   */
  readonly inboundPrefixLists?: string[];

  /**
   * Security group ids or Name tags, instead of the group that the controller manages. Inbound rules are then up to these groups.
   *
   * @default - one that the controller manages
   */
  readonly securityGroups?: string[];

  /**
   * With `securityGroups`: whether the controller opens nodes and pods to the load balancer. If not, open both the traffic port and the
   * health check port yourself.
   *
   * @default true
   */
  readonly manageBackendSecurityGroupRules?: boolean;

  /**
   * A Network Load Balancer in front, for fixed addresses or PrivateLink.
   *
   * @default - none
   */
  readonly frontendNlb?: FrontendNlbOptions;
}

/** Options of an `Alb`: those of the load balancer, and those of its own Ingress. */
export interface AlbOptions extends LoadBalancerOptions, AlbForwardOptions {
  /**
   * The controller that builds the load balancer. EKS Auto Mode groups Ingresses through their class, so set `groupName` of an `AlbIngressClass`
   * for that. Settings that it ignores are rejected.
   *
   * @default - that of `ingressClass`; AlbController.AWS_LOAD_BALANCER_CONTROLLER for a class whose controller is unknown
   */
  readonly controller?: AlbController;

  /**
   * Lets the controller create an ACM certificate for the hosts, validated in Route 53. Requires the controller's feature gate
   * EnableCertificateManagement.
   *
   * @default false
   */
  readonly createCertificate?: boolean;

  /**
   * ARN of the private certificate authority that signs the certificate of `createCertificate`.
   *
   * @default - a public certificate
   */
  readonly certificateAuthorityArn?: string;

  /**
   * The IngressGroup whose members share one load balancer: an `IngressGroup` if its members are in this app, and `IngressGroup.fromName(…)` if
   * some are elsewhere.
   *
   * @default - the group that the `ingressClass` sets; if it sets none, a load balancer of its own
   */
  readonly group?: IIngressGroup;

  /**
   * Position in the group, -1000 to 1000: rules of members with lower numbers come first. Ties are broken by namespace/name.
   *
   * @default - the next free multiple of 10 in an `IngressGroup`; required with `IngressGroup.fromName(…)`; 0 in the group of an `ingressClass`
   */
  readonly groupOrder?: number;

  /**
   * The IngressClass, with the guard rails of the platform. Settings that it makes are not written to the Ingress and cannot be set here.
   *
   * @default AlbIngressClass.fromName('alb'), or a class of its own, named after the Ingress, with EKS Auto Mode
   */
  readonly ingressClass?: IAlbIngressClass;

  /**
   * Time to live of the DNS records that ExternalDNS creates for the hosts, in whole seconds.
   *
   * @default - the default of ExternalDNS
   */
  readonly dnsTtl?: Duration;
}
