// Annotation table rows for the Network Load Balancer itself: which controller builds it, and its name, addresses, security groups and attributes.
import { boolean, list, stringMap, text, word } from '../alb-annotations/codecs';
import { AlbScheme, IpAddressType } from '../alb-annotations/words';
import { EIP_ALLOCATION, PREFIX_LIST, SECURITY_GROUP, SUBNET } from '../aws-ids';
import { AWS_CIDR, isIpAddress } from '../ip';
import { aws, type NlbRows } from './row';

/** Settings of the load balancer. */
export interface NlbLoadBalancerSettings {
  readonly type?: string;
  readonly loadBalancerName?: string;
  readonly scheme?: AlbScheme;
  readonly internal?: boolean;
  readonly ipAddressType?: IpAddressType;
  readonly subnets?: readonly string[];
  readonly eipAllocations?: readonly string[];
  readonly privateIpv4Addresses?: readonly string[];
  readonly ipv6Addresses?: readonly string[];
  readonly enablePrefixForIpv6SourceNat?: string;
  readonly sourceNatIpv6Prefixes?: readonly string[];
  readonly disableNlbSecurityGroup?: boolean;
  readonly securityGroups?: readonly string[];
  readonly manageBackendSecurityGroupRules?: boolean;
  readonly sourceRanges?: readonly string[];
  readonly securityGroupPrefixLists?: readonly string[];
  readonly icmpForPathMtuDiscovery?: string;
  readonly inboundRulesOnPrivateLinkTraffic?: string;
  readonly loadBalancerAttributes?: { readonly [key: string]: string };
  readonly accessLogEnabled?: boolean;
  readonly accessLogBucketName?: string;
  readonly accessLogBucketPrefix?: string;
  readonly crossZone?: boolean;
  readonly minimumLoadBalancerCapacity?: { readonly [key: string]: string };
  readonly tags?: { readonly [key: string]: string };
}

const NAME = /^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/;
const ON_OFF = { ON: 'on', OFF: 'off' };
const FAMILIES = { IPV4: IpAddressType.IPV4, DUALSTACK: IpAddressType.DUALSTACK };
const ANY = text('a text', /^/);

/** The key of an attribute. */
export const ATTRIBUTE = text('the name of an attribute: lower case letters, digits, dots and underscores', /^[a-z0-9]+([._][a-z0-9]+)*$/);
const TAG = text('the key of a tag: at most 128 letters, digits, blanks inside and + - . _ : / @, not one of AWS or of the controller',
  /^(?!aws:|elbv2\.k8s\.aws\/cluster$|service\.k8s\.aws\/(stack|resource)$)[\p{L}\p{N} +\-._:/@]{1,128}$/iu);
const TAG_VALUE = text('at most 256 letters, digits, blanks inside and + - = . _ : / @', /^[\p{L}\p{N} +\-=._:/@]{0,256}$/u);
const IP_ADDRESS = { test: isIpAddress };
const ADDRESSES = list(text('an IP address', IP_ADDRESS, IP_ADDRESS));

const USE_ATTRIBUTES = 'use aws-load-balancer-attributes';

/** Rows for the load balancer. */
export const LOAD_BALANCER_ROWS: NlbRows<NlbLoadBalancerSettings> = {
  type: aws('type', word({ EXTERNAL: 'external', NLB_IP: 'nlb-ip', NLB: 'nlb' }, true), 'a Classic Load Balancer of the in-tree controller',
    'Without `loadBalancerClass`: `external` with a target type, or `nlb-ip`, leaves the Service to the AWS Load Balancer Controller.',
    'use spec.loadBalancerClass'),
  loadBalancerName: aws('name', text('1 to 32 letters, digits and hyphens, no hyphen at either end, not starting with internal-', NAME), 'generated',
    'Name of the load balancer. Only used at creation.'),
  scheme: aws('scheme', word(AlbScheme), '`internal`', 'Whether the load balancer has public addresses.'),
  internal: aws('internal', boolean(), 'unset', 'The old form of `scheme`, which is ignored if `scheme` is set. `false` is internet-facing.',
    'use aws-load-balancer-scheme'),
  ipAddressType: aws('ip-address-type', word(FAMILIES), '`ipv4`', 'Address families: IPv4 or dual-stack.'),
  subnets: aws('subnets', list(text('a subnet id or Name tag', SUBNET)), 'discovery by scheme', 'Subnets, each in a different availability zone.'),
  eipAllocations: aws('eip-allocations', list(text('the allocation of an Elastic IP address, eipalloc-…', EIP_ALLOCATION)), 'assigned by AWS',
    'Elastic IP addresses, one per subnet. Only for internet-facing load balancers.'),
  privateIpv4Addresses: aws('private-ipv4-addresses', ADDRESSES, 'assigned by AWS',
    'Private IPv4 addresses, one per subnet. Only for internal load balancers.'),
  ipv6Addresses: aws('ipv6-addresses', ADDRESSES, 'assigned by AWS', 'IPv6 addresses, one per subnet. Only for dual-stack load balancers.'),
  enablePrefixForIpv6SourceNat: aws('enable-prefix-for-ipv6-source-nat', word(ON_OFF), '`off`',
    'Whether the load balancer uses a prefix of each subnet as IPv6 source address, which UDP over IPv6 needs.'),
  sourceNatIpv6Prefixes: aws('source-nat-ipv6-prefixes', list(ANY), '`auto_assigned`', 'IPv6 prefixes with 80 bits, one per subnet, or `auto_assigned`.'),
  disableNlbSecurityGroup: aws('disable-nlb-sg', boolean(), '`false`', 'Creates the load balancer without security groups. It can never get any.',
    'its Network Load Balancers always have security groups'),
  securityGroups: aws('security-groups', list(text('a security group id or Name tag', SECURITY_GROUP)), 'one that the controller creates',
    'Security groups of the load balancer.'),
  manageBackendSecurityGroupRules: aws('manage-backend-security-group-rules', boolean(), '`false`',
    'Whether the controller opens the targets to load balancers with `security-groups`.'),
  sourceRanges: {
    key: 'load-balancer-source-ranges',
    codec: list(text('a CIDR block', AWS_CIDR)),
    default: 'all addresses',
    ignoredByAutoMode: { why: 'use spec.loadBalancerSourceRanges' },
    doc: 'Clients that the created security group admits. `spec.loadBalancerSourceRanges` replaces it.',
  },
  securityGroupPrefixLists: aws('security-group-prefix-lists', list(text('the id of a prefix list', PREFIX_LIST)), 'none',
    'Managed prefix lists that the created security group admits. Without source ranges, only those.'),
  icmpForPathMtuDiscovery: aws('enable-icmp-for-path-mtu-discovery', word(ON_OFF, true), '`off`', 'Admits the ICMP messages that path MTU discovery needs.'),
  inboundRulesOnPrivateLinkTraffic: aws('inbound-sg-rules-on-private-link-traffic', word(ON_OFF), 'the default of AWS, `on`',
    'Whether the security groups apply to clients that come through AWS PrivateLink.'),
  loadBalancerAttributes: aws('attributes', stringMap(ATTRIBUTE), 'the AWS defaults', 'Attributes of the load balancer.'),
  accessLogEnabled: aws('access-log-enabled', boolean(), '`false`', 'The attribute `access_logs.s3.enabled`, if true. It wins over `attributes`.',
    USE_ATTRIBUTES),
  accessLogBucketName: aws('access-log-s3-bucket-name', ANY, 'unset', 'The attribute `access_logs.s3.bucket`, if access logs are enabled.', USE_ATTRIBUTES),
  accessLogBucketPrefix: aws('access-log-s3-bucket-prefix', ANY, 'unset',
    'The attribute `access_logs.s3.prefix`, if access logs are enabled.', USE_ATTRIBUTES),
  crossZone: aws('cross-zone-load-balancing-enabled', boolean(), 'unset', 'The attribute `load_balancing.cross_zone.enabled`. It wins over `attributes`.',
    USE_ATTRIBUTES),
  minimumLoadBalancerCapacity: aws('minimum-load-balancer-capacity',
    stringMap(text('CapacityUnits', /^CapacityUnits$/, /^CapacityUnits$/), text('a non-negative integer', /^\d{1,9}$/, /^[+-]?\d{1,10}$/)), 'no reservation',
    'Reserved capacity, `CapacityUnits=<number>`.'),
  tags: aws('additional-resource-tags', stringMap(TAG, TAG_VALUE), 'only the controller\'s own tags', 'AWS tags on all resources that the controller creates.'),
};
