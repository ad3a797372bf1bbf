// Annotation table rows for the load balancer: name, network, attributes, protection.
import type { Rows } from './annotation';
import { boolean, integer, list, stringMap, text, word } from './codecs';
import { AlbScheme, IpAddressType } from './words';
import { PREFIX_LIST, SECURITY_GROUP, SUBNET, WAFV2_ACL_ARN } from '../aws-ids';
import { AWS_CIDR } from '../ip';

/** Settings of the load balancer. */
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

/** Rows for the load balancer. */
export const LOAD_BALANCER_ANNOTATIONS: Rows<LoadBalancerSettings> = {
  groupName: {
    key: 'group.name',
    codec: text('1 to 63 lowercase letters, digits, hyphens and dots, with a letter or digit at both ends', GROUP_NAME, GROUP_NAME),
    default: 'a group of its own',
    on: ['Ingress'],
    merge: 'none',
    classField: 'group.name',
    autoModeField: 'group.name',
    ignoredByAutoMode: { why: 'Ingresses are grouped by spec.group of the IngressClassParams' },
    doc: 'IngressGroup that the Ingress belongs to; all members, in any namespace, share one load balancer.',
  },
  groupOrder: {
    key: 'group.order',
    codec: integer(-1000, 1000, [-1000, 1000]),
    default: '`0`',
    on: ['Ingress'],
    merge: 'none',
    doc: 'Position in the group. Rules of members with lower numbers come first; ties are broken by namespace/name.',
  },
  loadBalancerName: {
    key: 'load-balancer-name',
    codec: text('1 to 32 letters, digits and hyphens, without a leading or trailing hyphen, and not starting with internal-', /^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/, /^[^]{0,32}$/),
    default: 'a name derived from cluster, group and scheme',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'loadBalancerName',
    doc: 'Name of the load balancer. Only used at creation; later changes have no effect.',
  },
  scheme: {
    key: 'scheme',
    codec: word(AlbScheme),
    default: '`internal`',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'scheme',
    autoModeField: 'scheme',
    doc: 'Whether the load balancer has public addresses. Changing it replaces the load balancer and its DNS name.',
  },
  ipAddressType: {
    key: 'ip-address-type',
    codec: word(IpAddressType),
    default: '`ipv4`',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'ipAddressType',
    autoModeField: 'ipAddressType',
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
    autoModeField: 'subnets',
    doc: 'Subnets of the load balancer, one per availability zone, at least two.',
  },
  customerOwnedIpv4Pool: {
    key: 'customer-owned-ipv4-pool',
    codec: text('ipv4pool-coip- followed by letters and digits, at most 256 characters', /^(?=.{1,256}$)ipv4pool-coip-[a-zA-Z0-9]+$/, /[^]/),
    default: 'none',
    on: ['Ingress'],
    merge: 'exclusive',
    doc: 'Customer-owned address pool of a load balancer on an Outpost. Only used at creation.',
  },
  ipamIpv4PoolId: {
    key: 'ipam-ipv4-pool-id',
    codec: text('ipam-pool- followed by letters and digits, at most 1,000 characters', /^(?=.{1,1000}$)ipam-pool-[a-zA-Z0-9]+$/),
    default: 'none',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'ipamConfiguration.ipv4IPAMPoolId',
    emptyIsAbsent: true,
    doc: 'IPAM pool from which public IPv4 addresses are allocated first.',
  },
  loadBalancerAttributes: {
    key: 'load-balancer-attributes',
    codec: stringMap(),
    default: 'the AWS defaults',
    on: ['Ingress'],
    merge: 'merge',
    classField: 'loadBalancerAttributes',
    autoModeField: 'loadBalancerAttributes',
    doc: 'Attributes of the load balancer. Removing a key later leaves its value in AWS unchanged.',
  },
  minimumLoadBalancerCapacity: {
    key: 'minimum-load-balancer-capacity',
    codec: stringMap(text('CapacityUnits', /^CapacityUnits$/, /^CapacityUnits$/), text('a non-negative integer', /^\d{1,9}$/, /^[+-]?\d{1,10}$/)),
    default: 'no reservation',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'minimumLoadBalancerCapacity.capacityUnits',
    doc: 'Reserved capacity, `CapacityUnits=<number>`. 0 clears the reservation; removing the annotation does not.',
  },
  tags: {
    key: 'tags',
    codec: stringMap(),
    default: 'only the controller\'s own tags',
    on: ['Ingress', 'Service'],
    merge: 'merge',
    classField: 'tags',
    autoModeField: 'tags',
    doc: 'AWS tags on all resources that the controller creates. Different values for one key in a group are an error.',
  },
  wafv2AclArn: {
    key: 'wafv2-acl-arn',
    codec: text('the ARN of a regional WAFv2 web ACL, or none', WAFV2_ACL_ARN),
    default: 'unchanged in AWS',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'wafv2AclArn',
    doc: 'Web ACL of the load balancer; `none` removes it.',
  },
  wafv2AclName: {
    key: 'wafv2-acl-name',
    codec: text('the name of a regional WAFv2 web ACL: 1 to 128 letters, digits, hyphens and underscores, or none', /^[\w-]{1,128}$/),
    default: 'unchanged in AWS',
    on: ['Ingress'],
    merge: 'exclusive',
    classField: 'wafv2AclName',
    emptyIsAbsent: true,
    doc: 'Web ACL by name; it overrides every ARN in the group.',
  },
  shieldAdvancedProtection: {
    key: 'shield-advanced-protection',
    codec: boolean(),
    default: 'unchanged in AWS',
    on: ['Ingress'],
    merge: 'exclusive',
    ignoredByAutoMode: { why: 'it does not set up Shield' },
    doc: 'Shield Advanced protection. Requires a subscription.',
  },
  securityGroups: {
    key: 'security-groups',
    codec: list(text('a security group id (sg- and 8 or 17 hexadecimal digits) or the Name tag of a security group', SECURITY_GROUP)),
    default: 'one that the controller manages',
    emptyIsAbsent: true,
    on: ['Ingress'],
    merge: 'exclusive',
    doc: 'Security groups instead of the managed one. Inbound CIDRs and prefix lists then have no effect.',
  },
  manageBackendSecurityGroupRules: {
    key: 'manage-backend-security-group-rules',
    codec: boolean(),
    default: '`false`',
    on: ['Ingress'],
    merge: 'exclusive',
    doc: 'With custom security groups: whether the controller opens nodes and pods to the load balancer.',
  },
  inboundCidrs: {
    key: 'inbound-cidrs',
    codec: list(text('a CIDR block such as 203.0.113.0/24 or 2001:db8::/32', AWS_CIDR, /^[0-9A-Fa-f.:]+\/\d{1,3}$/)),
    default: '`0.0.0.0/0`, and `::/0` with IPv6',
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
    codec: list(text('the id of a managed prefix list: pl- and hexadecimal digits', PREFIX_LIST)),
    default: 'none',
    on: ['Ingress'],
    merge: 'exclusive',
    scope: 'port',
    classField: 'prefixListsIDs',
    unordered: true,
    emptyIsAbsent: true,
    doc: 'Managed prefix lists that may reach the listeners. As soon as one is set, all other sources are blocked.',
  },
};
