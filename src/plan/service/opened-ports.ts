// What the controller opens targets to, for the Network Load Balancer of a Service (AWS Load Balancer Controller 3.5.0
// pkg/service/model_build_target_group.go:613).
import { AlbScheme } from '../../base/alb-annotations/words';
import { type Manifest, specOf } from '../../manifests/manifest';
import { asTexts } from '../../manifests/plain-json';
import type { OpenedPort, SubnetMapping } from '../load-balancer';
import type { SecurityGroups } from '../security-groups';
import type { ServiceBuild } from './service-build';

/** What target groups need to know of their load balancer. */
export interface Front {
  readonly scheme: string;
  readonly ipAddressType: string;
  readonly subnets: readonly SubnetMapping[];
  readonly securityGroups: SecurityGroups;
}

/** A target group, as far as the firewall of its targets is concerned. */
export interface Opening {
  readonly service: Manifest;
  readonly protocol: string;
  readonly isIpv6: boolean;
  /** The port of the targets. */
  readonly port: number | string;
  readonly healthCheckPort: number | 'traffic-port';
  readonly preservesClientIp: boolean;
}

type Traffic = Pick<OpenedPort, 'protocol' | 'port'>;

/** The opened ports; none if the controller leaves the firewall to others. */
export function openedPorts(build: ServiceBuild, front: Front, opening: Opening): OpenedPort[] {
  const { ids, targetsAdmit: fromSecurityGroup } = front.securityGroups;
  if (ids.length === 0) {
    return openedToAddresses(build, front, opening);
  }
  const traffic = trafficOf(opening, build.options.disableRestrictedSecurityGroupRules);
  return fromSecurityGroup === undefined ? [] : traffic.map(own => ({ fromSecurityGroup, ...own }));
}

function trafficOf({ protocol, port, healthCheckPort }: Opening, isUnrestricted: boolean): Traffic[] {
  const usesUdp = protocol.endsWith('UDP') || protocol.endsWith('QUIC');
  if (isUnrestricted) {
    return usesUdp ? [{ protocol: 'TCP' }, { protocol: 'UDP' }] : [{ protocol: 'TCP' }];
  }
  const isOwn = isOwnPort(port, healthCheckPort);
  const tcp: Traffic = { protocol: 'TCP', port };
  // Nothing is opened for SCTP, which a Network Load Balancer does not have either.
  const plain = protocol === 'TCP' || protocol === 'TLS' ? [tcp] : [];
  const own: Traffic[] = usesUdp ? [{ protocol: 'UDP', port }, ...isOwn || protocol.startsWith('TCP_') ? [tcp] : []] : plain;
  return isOwn ? own : [...own, { protocol: 'TCP', port: healthCheckPort }];
}

/** Whether health checks go to the port of the targets. Go reads digits as a number, and any other name as 0. */
function isOwnPort(port: Opening['port'], healthCheckPort: Opening['healthCheckPort']): boolean {
  return healthCheckPort === 'traffic-port' || healthCheckPort === (typeof port === 'string' && !/^[+-]?\d+$/.test(port) ? 0 : Number(port));
}

/** A load balancer without security groups is known to targets by its addresses, or those of its clients (:708). */
function openedToAddresses(build: ServiceBuild, front: Front, opening: Opening): OpenedPort[] {
  const { settings } = build;
  if (settings.get('manageBackendSecurityGroupRules') === false) {
    return [];
  }
  const { protocol, port, healthCheckPort, preservesClientIp } = opening;
  const usesUdp = protocol.endsWith('UDP') || protocol.endsWith('QUIC');
  const ofSubnets = () => blocks(build, { ask: 'CIDR blocks of subnets', values: front.subnets.map(({ subnetID }) => subnetID), isIpv6: opening.isIpv6 });
  const seesClients = usesUdp || preservesClientIp;
  const ranges = seesClients ? rangesOf(build, opening.service) : [];
  const usesDefault = seesClients && ranges.length === 0;
  const sources = !seesClients ? ofSubnets() : ranges.length > 0 ? ranges : defaultRanges(build, front, opening);
  const protocols: ('TCP' | 'UDP')[] = protocol.startsWith('TCP_') ? ['TCP', 'UDP'] : usesUdp ? ['UDP'] : ['TCP'];
  const own = protocols.map((one): OpenedPort => ({ fromCIDRs: sources, protocol: one, port }));
  const isOwn = protocol !== 'UDP' && isOwnPort(port, healthCheckPort);
  const isCovered = isOwn && (!preservesClientIp || usesDefault || sources.some(source => source === '0.0.0.0/0' || source === '::/0'));
  return isCovered ? own : [...own, { fromCIDRs: ofSubnets(), protocol: 'TCP', port: healthCheckPort === 'traffic-port' ? port : healthCheckPort }];
}

function rangesOf({ settings }: ServiceBuild, service: Manifest): readonly string[] {
  const ofSpec = asTexts(specOf(service).loadBalancerSourceRanges);
  return ofSpec.length > 0 ? ofSpec : settings.get('sourceRanges') ?? [];
}

/** All clients; those of the VPC for an internal load balancer (:794). */
function defaultRanges(build: ServiceBuild, { scheme }: Front, { isIpv6 }: Opening): readonly string[] {
  return scheme === String(AlbScheme.INTERNAL) ? blocks(build, { ask: 'CIDR blocks of the VPC', isIpv6 }) : [isIpv6 ? '::/0' : '0.0.0.0/0'];
}

function blocks(build: ServiceBuild, question: { readonly ask: 'CIDR blocks of subnets'; readonly values: readonly string[]; readonly isIpv6: boolean }
  | { readonly ask: 'CIDR blocks of the VPC'; readonly isIpv6: boolean }): readonly string[] {
  return build.ask(question, `the ${question.ask}, which the targets admit`, build, '/spec') ?? [];
}
