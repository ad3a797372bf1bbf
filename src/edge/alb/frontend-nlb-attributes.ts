// Attributes of the Network Load Balancer in front of the Application Load Balancer.
import { boolean, integer, word } from '../../base/alb-annotations/codecs';
import { attribute, type AttributeRows, renderAttributes } from './aws-attributes';
import { type LogDestination, logs } from './load-balancer-attributes';

/** Which zones the name of the Network Load Balancer resolves to for a client inside AWS. */
export enum DnsClientRoutingPolicy {
  ANY_AVAILABILITY_ZONE = 'any_availability_zone',
  /** 85 % of the queries get the client's own zone. */
  PARTIAL_AVAILABILITY_ZONE_AFFINITY = 'partial_availability_zone_affinity',
  AVAILABILITY_ZONE_AFFINITY = 'availability_zone_affinity',
}

/** Attributes of the Network Load Balancer (ELBv2 API 2015-12-01). Only what is written is changed. */
export interface FrontendNlbAttributes {
  /**
   * Whether a node also sends to other zones.
   *
   * @default - false, the default of AWS
   */
  readonly crossZone?: boolean;

  /**
   * Which zones its name resolves to for a client inside AWS.
   *
   * @default - DnsClientRoutingPolicy.ANY_AVAILABILITY_ZONE, the default of AWS
   */
  readonly dnsClientRoutingPolicy?: DnsClientRoutingPolicy;

  /**
   * More private addresses per subnet, 0 to 7. The number cannot be lowered.
   *
   * @default - 0, the default of AWS
   */
  readonly secondaryIpsPerSubnet?: number;

  /**
   * Whether it cannot be deleted.
   *
   * @default - false, the default of AWS
   */
  readonly deletionProtection?: boolean;

  /**
   * Where a line for every TLS connection goes; its listeners are TCP ones, so there is little to log.
   *
   * @default - left as it is; off on a new load balancer
   */
  readonly accessLogs?: LogDestination;

  /**
   * Whether traffic can be shifted away from a zone.
   *
   * @default - false, the default of AWS
   */
  readonly zonalShift?: boolean;

  /**
   * Whether IPv6 traffic from internet gateways is blocked.
   *
   * @default - false for internet-facing load balancers, true for internal ones, as in AWS
   */
  readonly denyAllInternetGatewayIpv6Traffic?: boolean;

  /**
   * Attributes that no prop covers yet, by key.
   *
   * @default - none
   */
  readonly other?: { readonly [key: string]: string };
}

const ROWS: AttributeRows<FrontendNlbAttributes> = {
  crossZone: attribute('load_balancing.cross_zone.enabled', boolean()),
  dnsClientRoutingPolicy: attribute('dns_record.client_routing_policy', word(DnsClientRoutingPolicy)),
  secondaryIpsPerSubnet: attribute('secondary_ips.auto_assigned.per_subnet', integer(0, 7)),
  deletionProtection: attribute('deletion_protection.enabled', boolean()),
  accessLogs: logs('access_logs'),
  zonalShift: attribute('zonal_shift.config.enabled', boolean()),
  denyAllInternetGatewayIpv6Traffic: attribute('ipv6.deny_all_igw_traffic', boolean()),
};

/** The setting `frontendNlbAttributes`. @throws InvalidProps for a value out of bounds, named below `prop` */
export function renderFrontendNlbAttributes(attributes: FrontendNlbAttributes, prop = 'attributes'): { readonly [key: string]: string } {
  return renderAttributes(prop, attributes, ROWS);
}
