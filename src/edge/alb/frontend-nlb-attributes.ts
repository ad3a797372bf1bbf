// Attributes of the Network Load Balancer in front of the Application Load Balancer.
import { boolean, integer, word } from '../../base/alb-annotations/codecs';
import { attribute, type AttributeRows, renderAttributes } from '../wire/aws-attributes';
import { type LogDestination, logs } from './load-balancer-attributes';

/** Which availability zones the DNS name of the Network Load Balancer resolves to for a client inside AWS. */
export enum DnsClientRoutingPolicy {
  ANY_AVAILABILITY_ZONE = 'any_availability_zone',
  /** 85 % of the queries resolve to the client's own zone. */
  PARTIAL_AVAILABILITY_ZONE_AFFINITY = 'partial_availability_zone_affinity',
  AVAILABILITY_ZONE_AFFINITY = 'availability_zone_affinity',
}

/** Attributes of the Network Load Balancer (ELBv2 API 2015-12-01). Only attributes that are set are changed. */
export interface FrontendNlbAttributes {
  /**
   * Whether a load balancer node also sends to targets in other zones.
   *
   * @default - false, the default of AWS
   */
  readonly crossZone?: boolean;

  /**
   * Which zones its DNS name resolves to for a client inside AWS.
   *
   * @default - DnsClientRoutingPolicy.ANY_AVAILABILITY_ZONE, the default of AWS
   */
  readonly dnsClientRoutingPolicy?: DnsClientRoutingPolicy;

  /**
   * Additional private addresses per subnet, 0 to 7. The number cannot be reduced.
   *
   * @default - 0, the default of AWS
   */
  readonly secondaryIpsPerSubnet?: number;

  /**
   * Whether it is protected from deletion.
   *
   * @default - false, the default of AWS
   */
  readonly deletionProtection?: boolean;

  /**
   * Where to log TLS connections. Its listeners are TCP, so there is little to log.
   *
   * @default - unchanged in AWS; off on a new load balancer
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
   * Attributes without a prop of their own, by key.
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

/** The setting `frontendNlbAttributes`. @throws InvalidProps for a value out of bounds, reported under `prop` */
export function renderFrontendNlbAttributes(attributes: FrontendNlbAttributes, prop = 'attributes'): { readonly [key: string]: string } {
  return renderAttributes(prop, attributes, ROWS);
}
