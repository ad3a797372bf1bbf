// Rows of the annotation table about the load balancer itself: name, network, attributes, protection.
import type { Rows } from './annotation';
import { boolean, integer, list, stringMap, text, word } from './codecs';
import { AlbScheme, IpAddressType } from './words';
import { PREFIX_LIST, SECURITY_GROUP, SUBNET, WAFV2_ACL_ARN } from '../aws-ids';
import { AWS_CIDR } from '../ip';

/** What annotations say about the load balancer itself. */
export interface LoadBalancerSettings {
  readonly groupName?: string;
  readonly groupOrder?: number;
  readonly loadBalancerName?: string;
  readonly scheme?: AlbScheme;
  readonly ipAddressType?: IpAddressType;
  readonly subnets?: readonly string[];
  readonly customerOwnedIpv4Pool?: string;
  readonly ipamIpv4PoolId?: string;
  readonly loadBalancerAttributes?: { readonly [key: string]: string };
  readonly minimumLoadBalancerCapacity?: { readonly [key: string]: string };
  readonly tags?: { readonly [key: string]: string };
  readonly wafv2AclArn?: string;
  readonly wafv2AclName?: string;
  readonly shieldAdvancedProtection?: boolean;
  readonly securityGroups?: readonly string[];
  readonly manageBackendSecurityGroupRules?: boolean;
  readonly inboundCidrs?: readonly string[];
  readonly securityGroupPrefixLists?: readonly string[];
}

const GROUP_NAME = /^(?=.{1,63}$)([a-z0-9][-a-z0-9.]*)?[a-z0-9]$/;

/** Rows about the load balancer itself. */
export const LOAD_BALANCER_ANNOTATIONS: Rows<LoadBalancerSettings> = {
  groupName: {
    key: 'group.name',
    codec: text('1 to 63 lower case letters, digits, hyphens and dots, a letter or digit at both ends', GROUP_NAME, GROUP_NAME),
    default: 'a group of its own',
    on: ['Ingress'],
    merge: 'none',
    classField: 'group.name',
    doc: 'IngressGroup that the Ingress belongs to; all members, in any namespace, share one load balancer.',
  },
  groupOrder: {
    key: 'group.order',
    codec: integer(-1000, 1000, [-1000, 1000]),
    default: '`0`',
    on: ['Ingress'],
    merge: 'none',
    doc: 'Position in the group; rules of lower numbers come first, ties are broken by namespace/name.',
  },
  loadBalancerName: {
    key: 'load-balancer-name',
    codec: text('1 to 32 letters, digits and hyphens, no hyphen at either end, not starting with internal-', /^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/, /^[^]{0,32}$/),
    default: 'a name derived from cluster, group and scheme',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'loadBalancerName',
    doc: 'Name of the load balancer; it is used at creation only, a later change has no effect.',
  },
  scheme: {
    key: 'scheme',
    codec: word(AlbScheme),
    default: '`internal`',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'scheme',
    doc: 'Whether the load balancer has public addresses; a change replaces it and its DNS name.',
  },
  ipAddressType: {
    key: 'ip-address-type',
    codec: word(IpAddressType),
    default: '`ipv4`',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'ipAddressType',
    doc: 'Address families of the load balancer.',
  },
  subnets: {
    key: 'subnets',
    codec: list(text('a subnet id (subnet- and 8 or 17 hexadecimal digits) or the Name tag of a subnet', SUBNET), 2, 1),
    default: 'discovery by the role tags of the subnets',
    unordered: true,
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'subnets',
    doc: 'Subnets of the load balancer, one per availability zone, at least two.',
  },
  customerOwnedIpv4Pool: {
    key: 'customer-owned-ipv4-pool',
    codec: text('ipv4pool-coip- and letters and digits, 256 characters at most', /^(?=.{1,256}$)ipv4pool-coip-[a-zA-Z0-9]+$/, /[^]/),
    default: 'none',
    on: ['Ingress'],
    merge: 'exclusive',
    doc: 'Customer-owned address pool of a load balancer on an Outpost; it is used at creation only.',
  },
  ipamIpv4PoolId: {
    key: 'ipam-ipv4-pool-id',
    codec: text('ipam-pool- and letters and digits, 1,000 characters at most', /^(?=.{1,1000}$)ipam-pool-[a-zA-Z0-9]+$/),
    default: 'none',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'ipamConfiguration.ipv4IPAMPoolId',
    emptyIsAbsent: true,
    doc: 'IPAM pool that public IPv4 addresses are taken from first.',
  },
  loadBalancerAttributes: {
    key: 'load-balancer-attributes',
    codec: stringMap(),
    default: 'the defaults of AWS',
    on: ['Ingress'],
    merge: 'merge',
    classField: 'loadBalancerAttributes',
    doc: 'Attributes of the load balancer; dropping a key later leaves the value in AWS as it was.',
  },
  minimumLoadBalancerCapacity: {
    key: 'minimum-load-balancer-capacity',
    codec: stringMap(text('CapacityUnits', /^CapacityUnits$/, /^CapacityUnits$/), text('a whole number, 0 or more', /^\d{1,9}$/, /^[+-]?\d{1,10}$/)),
    default: 'no reservation',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'minimumLoadBalancerCapacity.capacityUnits',
    doc: 'Reserved capacity, `CapacityUnits=<number>`; 0 clears it, removing the annotation does not.',
  },
  tags: {
    key: 'tags',
    codec: stringMap(),
    default: 'only the tags of the controller',
    on: ['Ingress', 'Service'],
    merge: 'merge',
    classField: 'tags',
    doc: 'AWS tags of everything that is built; one key with two values in a group is an error.',
  },
  wafv2AclArn: {
    key: 'wafv2-acl-arn',
    codec: text('the ARN of a regional WAFv2 web ACL, or none', WAFV2_ACL_ARN),
    default: 'left as it is',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'wafv2AclArn',
    doc: 'Web ACL of the load balancer; `none` takes it off.',
  },
  wafv2AclName: {
    key: 'wafv2-acl-name',
    codec: text('the name of a regional WAFv2 web ACL: 1 to 128 letters, digits, hyphens and underscores, or none', /^[\w-]{1,128}$/),
    default: 'left as it is',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'wafv2AclName',
    emptyIsAbsent: true,
    doc: 'Web ACL by name; it wins over every ARN in the group.',
  },
  shieldAdvancedProtection: {
    key: 'shield-advanced-protection',
    codec: boolean(),
    default: 'left as it is',
    on: ['Ingress'],
    merge: 'exclusive',
    doc: 'Shield Advanced protection; it needs a subscription.',
  },
  securityGroups: {
    key: 'security-groups',
    codec: list(text('a security group id (sg- and 8 or 17 hexadecimal digits) or the Name tag of a security group', SECURITY_GROUP)),
    default: 'one that the controller manages',
    emptyIsAbsent: true,
    on: ['Ingress'],
    merge: 'exclusive',
    doc: 'Security groups instead of the managed one; inbound CIDRs and prefix lists have no effect then.',
  },
  manageBackendSecurityGroupRules: {
    key: 'manage-backend-security-group-rules',
    codec: boolean(),
    default: '`false`',
    on: ['Ingress'],
    merge: 'exclusive',
    doc: 'With security groups of your own: whether the controller opens nodes and pods to the load balancer.',
  },
  inboundCidrs: {
    key: 'inbound-cidrs',
    codec: list(text('a CIDR block such as 203.0.113.0/24 or 2001:db8::/32', AWS_CIDR, /^[0-9A-Fa-f.:]+\/\d{1,3}$/)),
    default: '`0.0.0.0/0`, and `::/0` where there is IPv6',
    on: ['Ingress'],
    merge: 'exclusive',
    scope: 'port',
    classField: 'inboundCIDRs',
    unordered: true,
    emptyIsAbsent: true,
    doc: 'Source addresses that may reach the listeners.',
  },
  securityGroupPrefixLists: {
    key: 'security-group-prefix-lists',
    codec: list(text('the id of a managed prefix list, pl- and hexadecimal digits', PREFIX_LIST)),
    default: 'none',
    on: ['Ingress'],
    merge: 'exclusive',
    scope: 'port',
    classField: 'prefixListsIDs',
    unordered: true,
    emptyIsAbsent: true,
    doc: 'Managed prefix lists that may reach the listeners; giving one closes the listeners to all others.',
  },
};
